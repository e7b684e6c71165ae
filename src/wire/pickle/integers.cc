#include "wire/pickle/integers.h"

#include <algorithm>
#include <charconv>

namespace dbosc::wire::pickle {
namespace {

// Whole limbs of the binary number, and as many digits as fit one of the decimal number.
constexpr std::uint64_t kDecimalLimb = 1'000'000'000;
constexpr std::size_t kDigitsOfLimb = 9;
constexpr int kLimbBits = 32;
constexpr std::size_t kLimbBytes = 4;

using Limbs = std::vector<std::uint32_t>;  // lowest first

/// The two's complement negative of little-endian bytes.
std::string negated(std::string bytes) {
  unsigned carry = 1;
  for (auto& byte : bytes) {
    carry += static_cast<unsigned char>(~byte);
    byte = static_cast<char>(carry);
    carry >>= 8;
  }
  return bytes;
}

bool is_negative(std::string_view bytes) {
  return !bytes.empty() && (static_cast<unsigned char>(bytes.back()) & 0x80) != 0;
}

Limbs limbs_of(std::string_view magnitude) {
  Limbs limbs((magnitude.size() + kLimbBytes - 1) / kLimbBytes);
  for (std::size_t i = 0; i < magnitude.size(); ++i) {
    limbs[i / kLimbBytes] |= std::uint32_t{static_cast<unsigned char>(magnitude[i])}
                             << (8 * (i % kLimbBytes));
  }
  return limbs;
}

/// Divides in place; what is left over.
std::uint64_t divide(Limbs& limbs) {
  std::uint64_t rest = 0;
  for (auto limb = limbs.rbegin(); limb != limbs.rend(); ++limb) {
    const auto part = rest << kLimbBits | *limb;
    *limb = static_cast<std::uint32_t>(part / kDecimalLimb);
    rest = part % kDecimalLimb;
  }
  while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
  return rest;
}

void multiply_and_add(Limbs& limbs, std::uint64_t factor, std::uint64_t carry) {
  for (auto& limb : limbs) {
    carry += limb * factor;
    limb = static_cast<std::uint32_t>(carry);
    carry >>= kLimbBits;
  }
  if (carry != 0) limbs.push_back(static_cast<std::uint32_t>(carry));
}

std::string bytes_of(const Limbs& limbs) {
  std::string bytes;
  for (const auto limb : limbs) {
    for (int shift = 0; shift < kLimbBits; shift += 8) bytes += static_cast<char>(limb >> shift);
  }
  bytes.erase(bytes.find_last_not_of('\0') + 1);
  return bytes;
}

}  // namespace

std::string digits_of_signed(std::string_view bytes, Budget& budget) {
  const bool negative = is_negative(bytes);
  auto limbs = limbs_of(negative ? negated(std::string(bytes)) : std::string(bytes));
  budget.spend(limbs.size() * limbs.size() / 2);
  std::string reversed;
  while (!limbs.empty()) {
    auto part = divide(limbs);
    for (std::size_t i = 0; i < kDigitsOfLimb; ++i, part /= 10) {
      reversed += static_cast<char>('0' + part % 10);
    }
  }
  reversed.erase(reversed.find_last_not_of('0') + 1);
  if (reversed.empty()) return "0";
  if (negative) reversed += '-';
  return {reversed.rbegin(), reversed.rend()};
}

std::string signed_of_digits(std::string_view digits, Budget& budget) {
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  const auto steps = digits.size() / kDigitsOfLimb;
  budget.spend(steps * steps / 2);
  Limbs limbs;
  for (auto size = digits.size() % kDigitsOfLimb; !digits.empty(); size = kDigitsOfLimb) {
    std::uint64_t part = 0, factor = 1;
    for (const char digit : digits.substr(0, size)) {
      part = part * 10 + static_cast<std::uint64_t>(digit - '0');
      factor *= 10;
    }
    multiply_and_add(limbs, factor, part);
    digits.remove_prefix(size);
  }
  auto bytes = bytes_of(limbs);
  if (bytes.empty()) return bytes;
  if (is_negative(bytes)) bytes += '\0';
  if (!negative) return bytes;
  bytes = negated(std::move(bytes));
  // 2^(8n - 1) needs no byte for the sign where it is negative.
  if (bytes.size() > 1 && bytes.back() == '\xff' && is_negative({bytes.data(), bytes.size() - 1})) {
    bytes.pop_back();
  }
  return bytes;
}

}  // namespace dbosc::wire::pickle
