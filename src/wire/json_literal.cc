#include "wire/json_literal.h"

#include "base/json_run.h"
#include "base/utf8.h"

namespace dbosc::wire {
namespace {

std::string escaped(unsigned unit, HexDigits digits) {
  const std::string_view hex =
      digits == HexDigits::kCapital ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text = "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) text += hex[unit >> shift & 0xf];
  return text;
}

/// Where no surrogate begins.
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80 && c != '\xed'; }

}  // namespace

std::string json_literal(std::string_view text, HexDigits digits) {
  static constexpr std::string_view kMeant = "\b\f\n\r\t\"\\", kLetters = "bfnrt\"\\";
  std::string out;
  out.reserve(text.size() + 2);
  out = '"';
  std::size_t clean = 0;  // everything before it has been written
  const auto write_until = [&](std::size_t at) { out += text.substr(clean, at - clean); };
  const char* const end = text.data() + text.size();
  for (std::size_t at = 0; at < text.size(); ++at) {
    at = static_cast<std::size_t>(end_of_ordinary(text.data() + at, end) - text.data());
    if (at == text.size()) break;
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x80 && !is_lone_surrogate(text.substr(at))) {
      while (at + 1 < text.size() && is_beyond_ascii(text[at + 1])) ++at;
      continue;
    }
    write_until(at);
    if (c >= 0x80) {
      for_each_code_unit(text.substr(at, 3), [&](unsigned unit) { out += escaped(unit, digits); });
      at += 2;
    } else if (const auto known = kMeant.find(text[at]); known != kMeant.npos) {
      out += {'\\', kLetters[known]};
    } else {
      out += escaped(c, digits);
    }
    clean = at + 1;
  }
  write_until(text.size());
  return out + '"';
}

}  // namespace dbosc::wire
