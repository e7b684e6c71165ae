#include "wire/compact.h"

namespace dbosc::wire {
namespace {

/// The escape that Go writes for the character at `at`, and how long that is in UTF-8.
std::string_view go_escape(std::string_view json, std::size_t at, std::size_t& length) {
  length = 1;
  switch (json[at]) {
    case '<':
      return "\\u003c";
    case '>':
      return "\\u003e";
    case '&':
      return "\\u0026";
    default:
      break;
  }
  length = 3;
  const auto character = json.substr(at, length);
  if (character == "\xe2\x80\xa8") return "\\u2028";
  if (character == "\xe2\x80\xa9") return "\\u2029";
  return {};
}

}  // namespace

std::string compact(std::string_view json, HtmlEscapes escapes) {
  const auto to_find = escapes == HtmlEscapes::kLikeGo ? " \t\r\n\"\\<>&\xe2" : " \t\r\n\"\\";
  std::string out;
  out.reserve(json.size());
  bool in_string = false;
  std::size_t clean = 0;  // everything before it has been written
  for (auto at = json.find_first_of(to_find); at != json.npos;) {
    auto next = at + 1;
    if (json[at] == '"') {
      in_string = !in_string;
    } else if (json[at] == '\\') {
      next = at + 2;
    } else if (std::string_view(" \t\r\n").find(json[at]) != std::string_view::npos) {
      if (!in_string) {
        out += json.substr(clean, at - clean);
        clean = next;
      }
    } else {
      std::size_t length = 0;
      if (const auto escape = go_escape(json, at, length); !escape.empty()) {
        out += json.substr(clean, at - clean);
        out += escape;
        clean = next = at + length;
      }
    }
    at = next < json.size() ? json.find_first_of(to_find, next) : json.npos;
  }
  return out += json.substr(clean);
}

}  // namespace dbosc::wire
