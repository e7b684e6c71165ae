#pragma once

#include <optional>
#include <string_view>

#include "wire/stored_json.h"

/// The shapes of arguments and errors that formats of plain JSON share.
namespace dbosc::wire {

/// A member that is a text.
std::optional<std::string_view> text_of(const Json& object, std::string_view key);

/// Writes `{"args": [...], "kwargs": {...}}` from the two members of an object, which may be absent
/// or null; writes nothing and returns false where it is no such object.
bool write_arguments_of(const StoredJson& stored, std::string_view positional,
                        std::string_view named, ValueWriter& out);

/// Writes the members of an error into an open object. What has another shape is the `data`, whole.
void write_error_of(const StoredJson& stored, ValueWriter& out);

}  // namespace dbosc::wire
