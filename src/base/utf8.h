#pragma once

#include <cstddef>
#include <string_view>

namespace dbosc {

/// Length of the valid UTF-8 character that starts with a byte beyond ASCII; 0 where there is none.
std::size_t utf8_length(std::string_view text);

/// Whether a database takes it as text: valid UTF-8 without U+0000.
bool is_database_text(std::string_view text);

}  // namespace dbosc
