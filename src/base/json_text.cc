#include "base/json_text.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace dbosc {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

bool is_surrogate(std::string_view escape, char low, char high) {
  return escape.size() >= 6 && escape.substr(0, 2) == "\\u" &&
         (escape[2] == 'd' || escape[2] == 'D') && (escape[3] | 0x20) >= low &&
         (escape[3] | 0x20) <= high;
}
bool is_high_surrogate(std::string_view escape) {
  return is_surrogate(escape, '8', '9') || is_surrogate(escape, 'a', 'b');
}
bool is_low_surrogate(std::string_view escape) { return is_surrogate(escape, 'c', 'f'); }

/// Calls `visit(at)` for each escape of a lone surrogate in a string literal.
template <class Visit>
void for_each_lone_surrogate(std::string_view literal, Visit&& visit) {
  for (std::size_t at = literal.find('\\'); at < literal.size(); at = literal.find('\\', at)) {
    const auto rest = literal.substr(at);
    if (is_high_surrogate(rest) && is_low_surrogate(rest.substr(6))) {
      at += 12;
    } else if (is_high_surrogate(rest) || is_low_surrogate(rest)) {
      visit(at);
      at += 6;
    } else {
      at += 2;
    }
  }
}

unsigned hex_value(std::string_view digits) {
  unsigned value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

}  // namespace

std::size_t end_of_json_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

std::string with_whole_characters(std::string_view text) {
  std::string whole(text);
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '"') {
      ++at;
      continue;
    }
    const auto end = end_of_json_string(text, at);
    for_each_lone_surrogate(text.substr(at, end - at),
                            [&](std::size_t escape) { whole.replace(at + escape, 6, "\\ufffd"); });
    at = end;
  }
  return whole;
}

std::string json_string_text(std::string_view literal) {
  static constexpr std::string_view kEscapes = "bfnrt", kMeant = "\b\f\n\r\t";
  std::string out;
  out.reserve(literal.size());
  for (std::size_t at = 1; at + 1 < literal.size();) {
    if (literal[at] != '\\') {
      const auto run = std::min(literal.find('\\', at), literal.size() - 1) - at;
      out += literal.substr(at, run);
      at += run;
      continue;
    }
    const auto rest = literal.substr(at);
    if (rest[1] != 'u') {
      const auto known = kEscapes.find(rest[1]);
      out += known == kEscapes.npos ? rest[1] : kMeant[known];
      at += 2;
      continue;
    }
    auto character = hex_value(rest.substr(2, 4));
    at += 6;
    if (is_high_surrogate(rest) && is_low_surrogate(rest.substr(6))) {
      character = 0x10000 + ((character - 0xd800) << 10) + (hex_value(rest.substr(8, 4)) - 0xdc00);
      at += 6;
    }
    append_utf8(out, character);
  }
  return out;
}

bool is_json_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const auto whole = skip_digits(text, at);
  if (whole == at || (text[at] == '0' && whole > at + 1)) return false;
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const auto fraction = skip_digits(text, at + 1);
    if (fraction == at + 1) return false;
    at = fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const auto exponent = skip_digits(text, at);
    if (exponent == at) return false;
    at = exponent;
  }
  return at == text.size();
}

}  // namespace dbosc
