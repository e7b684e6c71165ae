#include "wire/json_literal.h"

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

}  // namespace

std::string json_literal(std::string_view text, HexDigits digits) {
  static constexpr std::string_view kMeant = "\b\f\n\r\t\"\\", kLetters = "bfnrt\"\\";
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (const auto known = kMeant.find(c); known != kMeant.npos) {
      out += {'\\', kLetters[known]};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += escaped(static_cast<unsigned char>(c), digits);
    } else if (is_lone_surrogate(text.substr(at))) {
      for_each_code_unit(text.substr(at, 3), [&](unsigned unit) { out += escaped(unit, digits); });
      at += 2;
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace dbosc::wire
