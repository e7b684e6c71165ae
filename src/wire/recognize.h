#pragma once

#include <optional>
#include <string_view>

namespace dbosc::wire {

/// The format that a stored text is in, told by its form alone; nothing where several formats have
/// texts like it.
std::optional<std::string_view> recognize(std::string_view text);

/// What reads a text that is in none of these forms and has no label: any JSON. The same in all
/// formats that store a value's bare JSON.
bool is_bare_json(std::string_view text);

/// Whether it is an error's bare message, which only Go stores.
bool is_message_text(std::string_view text);

}  // namespace dbosc::wire
