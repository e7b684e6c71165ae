#pragma once

#include <string_view>

#include "base/json.h"
#include "base/json_writer.h"

namespace dbosc::wire {

/// Writes `{"args": [...], "kwargs": {...}}` from the two members of an object, which may be absent
/// or null; writes nothing and returns false where it is no such object.
bool write_arguments_of(JsonWriter& out, const Json& root, std::string_view positional,
                        std::string_view named);

/// Writes `name`, `message`, `code` and `data` of an error into an open object. What has another
/// shape is the `data`, whole.
void write_error_of(JsonWriter& out, const Json& root);

}  // namespace dbosc::wire
