#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/function_ref.h"

namespace dbosc {

/// Length of the valid UTF-8 character that starts with a byte beyond ASCII; 0 where there is none.
std::size_t utf8_length(std::string_view text);

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
