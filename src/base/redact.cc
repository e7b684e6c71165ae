#include "base/redact.h"

#include <algorithm>
#include <array>

namespace dbosc {
namespace {

constexpr std::string_view kHidden = "***";
constexpr std::string_view kBlanks = " \t\r\n";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_with_any_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                    [](char a, char b) { return a == lower(b); });
}

/// The length of a value: quoted as in a key=value string, else up to what ends one there, in a URL
/// or in JSON.
std::size_t value_length(std::string_view text) {
  if (!text.empty() && text.front() == '\'') {
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == '\'') {
        return i + 1;
      }
    }
    return text.size();
  }
  std::size_t i = 0;
  for (; i < text.size() && (kBlanks.find(text[i]) == kBlanks.npos) && text[i] != '&' &&
         text[i] != '"';
       ++i) {
    if (text[i] == '\\') ++i;
  }
  return std::min(i, text.size());
}

/// How much of `text`, which begins after `://`, is user and password; 0 where there is none.
/// Passwords that hold an unescaped `@` or `/` are hidden as well: the last `@` of the word counts.
std::size_t user_length(std::string_view text) {
  const auto word = text.substr(0, text.find_first_of(" \t\r\n\"'"));
  const auto at = word.rfind('@');
  return at == word.npos ? 0 : at;
}

/// The length of `key` and its `=` at the beginning of `text`, with blanks as libpq takes them.
std::size_t key_length(std::string_view text, std::string_view key) {
  if (!starts_with_any_case(text, key)) return 0;
  auto at = text.find_first_not_of(kBlanks, key.size());
  if (at == text.npos || text[at] != '=') return 0;
  at = text.find_first_not_of(kBlanks, at + 1);
  return at == text.npos ? text.size() : at;
}

}  // namespace

std::string redacted(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kKeys = {"sslpassword", "password"};
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t keep = 1, hide = 0;
    if (text.substr(0, 3) == "://") {
      keep = 3;
      hide = user_length(text.substr(3));
    } else {
      for (const auto key : kKeys) {
        if (const auto length = key_length(text, key)) {
          keep = length;
          hide = value_length(text.substr(length));
          break;
        }
      }
    }
    out.append(text.substr(0, keep));
    if (hide > 0) out.append(kHidden);
    text.remove_prefix(keep + hide);
  }
  return out;
}

}  // namespace dbosc
