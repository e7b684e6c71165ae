#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace dbosc {

/// A member of the object that a text is.
struct JsonSlice {
  std::string_view key;  ///< As it is written, quotes and escapes and all.
  std::string_view value;
};

/// Checks a text by the same rules as JsonDocument::parse and builds nothing: for payloads that are
/// handed on as they are. The value without surrounding space, or nothing where the text is
/// refused. `members`, where given, receives those of a root object.
std::optional<std::string_view> scan_json(std::string_view text,
                                          std::vector<JsonSlice>* members = nullptr);

}  // namespace dbosc
