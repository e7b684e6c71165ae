#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cli {

/// Whether the descriptor is a terminal that is more than a line printer.
bool is_terminal(int descriptor);
/// Its columns; `otherwise` where it is none. COLUMNS of the environment counts first.
std::size_t terminal_width(int descriptor, std::size_t otherwise);
/// Whether to colour: `choice` is auto, always or never; auto heeds NO_COLOR.
bool wants_color(const std::string& choice, int descriptor);

/// How a piece of text is set off; as it is where `on` is false.
std::string bold(const std::string& text, bool on);
/// A workflow's status in the colour of its kind.
std::string colored_status(const std::string& text, bool on);

/// How many columns the text takes.
std::size_t display_width(std::string_view text);
/// The text as one line in which nothing acts on a terminal: controls become \n, \u001b and so on.
std::string printable(std::string_view text);
/// Cut to `width` columns, with "..." at its end where something is missing.
std::string cut(const std::string& text, std::size_t width);
/// With spaces behind it up to `width` columns.
std::string padded(const std::string& text, std::size_t width);
/// In lines of at most `width` columns, each but the first behind `indent` spaces.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

/// An instant of epoch milliseconds: in the user's zone, or with `utc` in UTC to the millisecond.
std::string instant_text(long long milliseconds, bool utc);

}  // namespace cli
