#pragma once

#include <string>
#include <string_view>

namespace dbosc::wire {

enum class HexDigits { kSmall, kCapital };

/// A string literal with the shortest escapes, as most languages write it: of quotes, backslashes,
/// control characters and surrogates that stand alone (three bytes each).
std::string json_literal(std::string_view text, HexDigits digits = HexDigits::kSmall);

}  // namespace dbosc::wire
