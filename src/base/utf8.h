#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/function_ref.h"

namespace dbosc {

/// Length of the valid UTF-8 character that starts with a byte beyond ASCII; 0 where there is none.
inline std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto is_tail = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const auto lead = byte(0);
  if (lead < 0xe0) return lead >= 0xc2 && text.size() >= 2 && is_tail(1) ? 2 : 0;
  if (lead < 0xf0) {
    if (text.size() < 3 || !is_tail(1) || !is_tail(2)) return 0;
    const bool overlong = lead == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = lead == 0xed && byte(1) > 0x9f;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead > 0xf4 || text.size() < 4 || !is_tail(1) || !is_tail(2) || !is_tail(3)) return 0;
  const bool overlong = lead == 0xf0 && byte(1) < 0x90;
  const bool too_large = lead == 0xf4 && byte(1) > 0x8f;
  return overlong || too_large ? 0 : 4;
}

/// Whether the text begins with a surrogate that stands alone, encoded as three bytes as if it were
/// a character: how strings of JavaScript and Python are kept that are not UTF-8.
bool is_lone_surrogate(std::string_view text);
bool has_lone_surrogate(std::string_view text);
void for_each_code_unit(std::string_view text, FunctionRef<void(unsigned)> visit);
/// Adds one character; a surrogate becomes three bytes.
void append_utf8(std::string& out, unsigned character);

/// Whether a database takes it as text: valid UTF-8 without U+0000.
bool is_database_text(std::string_view text);

}  // namespace dbosc
