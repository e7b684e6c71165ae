#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dbosc {

/// The standard alphabet, padded, one line.
std::string base64_of(std::string_view bytes);
/// Nothing if the text is not of that form.
std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace dbosc
