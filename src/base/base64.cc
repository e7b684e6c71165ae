#include "base/base64.h"

#include <array>
#include <cstdint>

namespace dbosc {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kGroup = 4;
/// What stands for no six bits; any value with a bit beyond them does.
constexpr std::uint32_t kNone = 0x80;

constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

std::uint32_t value_of(char c) { return kValues[static_cast<unsigned char>(c)]; }

}  // namespace

std::string base64_of(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * kGroup, '=');
  auto* out = text.data();
  const auto byte = [&](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(bytes[i])};
  };
  const auto write = [&](std::uint32_t group, int digits) {
    for (int k = 0; k < digits; ++k) out[k] = kAlphabet[group >> (18 - 6 * k) & 63];
    out += kGroup;
  };
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) write(byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2), 4);
  if (bytes.size() - i == 1) write(byte(i) << 16, 2);
  if (bytes.size() - i == 2) write(byte(i) << 16 | byte(i + 1) << 8, 3);
  return text;
}

std::optional<std::string> bytes_of_base64(std::string_view text) {
  if (text.size() % kGroup != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  std::string bytes(text.size() / kGroup * 3 + text.size() % kGroup * 3 / kGroup, '\0');
  std::uint32_t seen = 0;  // kNone as soon as one character is none
  auto* out = bytes.data();
  for (; text.size() >= kGroup; text.remove_prefix(kGroup)) {
    const auto a = value_of(text[0]), b = value_of(text[1]), c = value_of(text[2]),
               d = value_of(text[3]);
    seen |= a | b | c | d;
    *out++ = static_cast<char>(a << 2 | b >> 4);
    *out++ = static_cast<char>(b << 4 | c >> 2);
    *out++ = static_cast<char>(c << 6 | d);
  }
  std::uint32_t rest = 0;
  for (const char c : text) {
    seen |= value_of(c);
    rest = rest << 6 | value_of(c);
  }
  if (text.size() == 1 || (seen & kNone) != 0) return std::nullopt;
  if (text.size() == 2) *out = static_cast<char>(rest >> 4);
  if (text.size() == 3) {
    *out++ = static_cast<char>(rest >> 10);
    *out = static_cast<char>(rest >> 2);
  }
  return bytes;
}

}  // namespace dbosc
