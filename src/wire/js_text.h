#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Values spelled as JavaScript does.
namespace dbosc::wire::js {

/// The number that JavaScript makes of a JSON number, as JSON.stringify writes it; a negative zero
/// is `-0`. Nothing if it is beyond a double.
std::optional<std::string> number(std::string_view digits);

/// Number.isSafeInteger, of the digits of an integer.
bool is_safe_integer(std::string_view digits);

/// Whether objects put that key before other ones, in the order of its number.
bool is_index(std::string_view key);

/// Date.toISOString.
std::string iso(std::int64_t at_ms);

}  // namespace dbosc::wire::js
