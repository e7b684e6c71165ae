#include "base/utf8.h"

namespace dbosc {

bool is_lone_surrogate(std::string_view text) {
  return text.size() >= 3 && text[0] == '\xed' && static_cast<unsigned char>(text[1]) >= 0xa0 &&
         static_cast<unsigned char>(text[1]) <= 0xbf &&
         (static_cast<unsigned char>(text[2]) & 0xc0) == 0x80;
}

bool has_lone_surrogate(std::string_view text) {
  for (auto at = text.find('\xed'); at != text.npos; at = text.find('\xed', at + 1)) {
    if (is_lone_surrogate(text.substr(at))) return true;
  }
  return false;
}

void for_each_code_unit(std::string_view text, FunctionRef<void(unsigned)> visit) {
  const auto low = [&](std::size_t at) { return static_cast<unsigned char>(text[at]) & 0x3fU; };
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const auto rest = text.substr(at);
    const auto length = lead < 0x80 ? 1 : is_lone_surrogate(rest) ? 3 : utf8_length(rest);
    if (length <= 1) {
      visit(length == 1 ? lead : 0xfffd);
      ++at;
      continue;
    }
    unsigned character = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) character = character << 6 | low(at + i);
    at += length;
    if (character < 0x10000) {
      visit(character);
    } else {
      visit(0xd800 + ((character - 0x10000) >> 10));
      visit(0xdc00 + ((character - 0x10000) & 0x3ff));
    }
  }
}

void append_utf8(std::string& out, unsigned character) {
  const auto tail = [&](int shift) {
    out += static_cast<char>(0x80 | (character >> shift & 0x3f));
  };
  if (character < 0x80) {
    out += static_cast<char>(character);
  } else if (character < 0x800) {
    out += static_cast<char>(0xc0 | character >> 6);
    tail(0);
  } else if (character < 0x10000) {
    out += static_cast<char>(0xe0 | character >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xf0 | character >> 18);
    tail(12), tail(6), tail(0);
  }
}

bool is_database_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto length = c >= 0x80 ? utf8_length(text.substr(i)) : c == 0 ? 0 : std::size_t{1};
    if (length == 0) return false;
    i += length;
  }
  return true;
}

}  // namespace dbosc
