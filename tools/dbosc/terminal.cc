#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <cwchar>
#include <map>

namespace cli {
namespace {

constexpr char kReset[] = "\033[0m";

struct Character {
  wchar_t code;
  std::size_t bytes;
};

/// The character at the beginning of UTF-8; a byte that begins none counts as one.
Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t bytes = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (bytes == 1 || bytes > text.size()) return {static_cast<wchar_t>(lead), 1};
  wchar_t code = lead & (0x7f >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    code = static_cast<wchar_t>((code << 6) | (static_cast<unsigned char>(text[i]) & 0x3f));
  }
  return {code, bytes};
}

std::size_t width_of(wchar_t code) {
  const int width = ::wcwidth(code);
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

std::string escaped(unsigned code) {
  switch (code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default: {
      std::array<char, 8> text{};
      std::snprintf(text.data(), text.size(), "\\u%04x", code);
      return text.data();
    }
  }
}

/// Controls, and the marks that turn the direction of what follows.
bool acts_on_a_terminal(wchar_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

bool is_terminal(int descriptor) {
  const char* kind = std::getenv("TERM");
  return ::isatty(descriptor) == 1 && !(kind && std::strcmp(kind, "dumb") == 0);
}

std::size_t terminal_width(int descriptor, std::size_t otherwise) {
  if (::isatty(descriptor) != 1) return otherwise;
  if (const char* columns = std::getenv("COLUMNS")) {
    std::size_t width = 0;
    std::from_chars(columns, columns + std::strlen(columns), width);
    if (width > 0) return width;
  }
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

bool wants_color(const std::string& choice, int descriptor) {
  if (choice != "auto") return choice == "always";
  const char* never = std::getenv("NO_COLOR");
  return !(never && *never) && is_terminal(descriptor);
}

std::string bold(const std::string& text, bool on) { return on ? "\033[1m" + text + kReset : text; }

std::string colored_status(const std::string& text, bool on) {
  static const std::map<std::string, const char*> kColors = {
      {"SUCCESS", "\033[32m"},
      {"ERROR", "\033[31m"},
      {"MAX_RECOVERY_ATTEMPTS_EXCEEDED", "\033[31m"},
      {"CANCELLED", "\033[33m"},
      {"PENDING", "\033[36m"},
      {"ENQUEUED", "\033[34m"},
      {"DELAYED", "\033[34m"}};
  const auto color = kColors.find(text);
  return on && color != kColors.end() ? color->second + text + kReset : text;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto [code, bytes] = first_character(text);
    width += width_of(code);
    text.remove_prefix(bytes);
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto [code, bytes] = first_character(text);
    if (acts_on_a_terminal(code)) {
      out += escaped(static_cast<unsigned>(code));
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return out;
}

std::string cut(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  constexpr std::string_view kMore = "...";
  if (width <= kMore.size()) return std::string(kMore.substr(0, width));
  std::string out;
  std::size_t used = kMore.size();
  for (std::string_view rest = text; !rest.empty();) {
    const auto [code, bytes] = first_character(rest);
    used += width_of(code);
    if (used > width) break;
    out += rest.substr(0, bytes);
    rest.remove_prefix(bytes);
  }
  return out.append(kMore);
}

std::string padded(const std::string& text, std::size_t width) {
  const auto used = display_width(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (std::size_t start = 0; start < text.size();) {
    const auto end = std::min(text.find(' ', start), text.size());
    const auto word = text.substr(start, end - start);
    const auto length = display_width(word);
    if (!out.empty() && column + 1 + length > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!out.empty()) {
      out += ' ';
      ++column;
    }
    out += word;
    column += length;
    start = end + 1;
  }
  return out;
}

std::string instant_text(long long milliseconds, bool utc) {
  const long long past = ((milliseconds % 1000) + 1000) % 1000;
  const std::time_t seconds = (milliseconds - past) / 1000;
  std::tm parts{};
  if ((utc ? ::gmtime_r(&seconds, &parts) : ::localtime_r(&seconds, &parts)) == nullptr) {
    return std::to_string(milliseconds);
  }
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), utc ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d %H:%M:%S%z",
                &parts);
  if (!utc) return std::string(text.data()).insert(std::strlen(text.data()) - 2, ":");
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(past));
  return std::string(text.data()) + fraction.data();
}

}  // namespace cli
