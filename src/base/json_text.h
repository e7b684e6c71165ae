#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What is told of a JSON text without parsing it.
namespace dbosc {

/// The position after the string literal that starts at `at`.
std::size_t end_of_json_string(std::string_view text, std::size_t at);

/// The text with the escape of U+FFFD for surrogates that stand alone, of the same length.
std::string with_whole_characters(std::string_view text);

/// The characters of a valid string literal, quotes and all; lone surrogates are three bytes each.
std::string json_string_text(std::string_view literal);

/// Whether the whole text is a number by RFC 8259.
bool is_json_number(std::string_view text);

}  // namespace dbosc
