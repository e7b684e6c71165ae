#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"

/// Writes Python pickles of protocol 4. What is here writes values; `py_pickle` is the base64 of a
/// whole pickle.
namespace dbosc::wire::pickle {

/// Opcodes of a JSON value: None, bool, int of any size, float, str, list and dict.
void write_value(std::string& out, const Json& value);
void write_text(std::string& out, std::string_view text);
/// A moment in epoch microseconds with its `datetime.timezone.utc`.
void write_utc_datetime(std::string& out, std::int64_t epoch_us);
/// A local time in seconds (counted like epoch seconds) with its `zoneinfo.ZoneInfo`; `fold` is the
/// second of two equal local times.
void write_zoned_datetime(std::string& out, std::int64_t local, std::string_view zone, bool fold);

/// The whole pickle around these opcodes, as it is stored.
std::string stored(std::string_view opcodes);

}  // namespace dbosc::wire::pickle
