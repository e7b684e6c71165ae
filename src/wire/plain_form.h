#pragma once

#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "wire/given.h"

namespace dbosc::wire {

/// Writes what is given as plain JSON, for formats that have no types beyond it: spliced as it is,
/// or with what its tags stand for in the nearest form: dates as ISO text, bytes as base64, sets
/// and tuples as arrays. Throws Error(kInvalidArgument) where a tag has no such form.
void write_plain_form(JsonWriter& out, const Given& given, std::string_view serialization);
std::string plain_form(const Given& given, std::string_view serialization);
/// The same for formats whose strings are UTF-8: also refuses surrogates that stand alone.
std::string whole_plain_form(const Given& given, std::string_view serialization);

/// The ISO 8601 text of Python's three numbers.
std::string iso_duration(std::int64_t days, std::int64_t seconds, std::int64_t microseconds);

}  // namespace dbosc::wire
