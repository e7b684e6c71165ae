#include "wire/js_text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "wire/shortest_double.h"

namespace dbosc::wire::js {
namespace {

/// Number.MAX_SAFE_INTEGER.
constexpr std::string_view kMaxSafe = "9007199254740991";
/// Up to this power of ten a number is written without an exponent, and down to the other.
constexpr int kMaxFixed = 21;
constexpr int kMinFixed = -6;
constexpr std::uint64_t kMaxIndex = 4294967294;

/// `digits` as in 0.digits * 10^power.
std::string spelled(const std::string& digits, int power) {
  const int count = static_cast<int>(digits.size());
  if (power > kMaxFixed || power <= kMinFixed) {
    const auto exponent = power - 1;
    auto text = digits.substr(0, 1) + (count > 1 ? "." + digits.substr(1) : "");
    return text + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
  }
  if (power <= 0) return "0." + std::string(static_cast<std::size_t>(-power), '0') + digits;
  const auto whole = static_cast<std::size_t>(power);
  if (count <= power) return digits + std::string(whole - digits.size(), '0');
  return digits.substr(0, whole) + '.' + digits.substr(whole);
}

}  // namespace

std::optional<std::string> number(std::string_view digits) {
  const auto shortest = shortest_double(digits);
  if (!shortest) return std::nullopt;
  const auto text = shortest->digits.empty() ? "0" : spelled(shortest->digits, shortest->power);
  return (shortest->negative ? "-" : "") + text;
}

bool is_safe_integer(std::string_view digits) {
  if (digits.starts_with('-')) digits.remove_prefix(1);
  return digits.size() < kMaxSafe.size() ||
         (digits.size() == kMaxSafe.size() && digits <= kMaxSafe);
}

bool is_index(std::string_view key) {
  std::uint64_t value = 0;
  if (key.empty() || key.size() > 10 || (key[0] == '0' && key.size() > 1)) return false;
  const auto [end, fault] = std::from_chars(key.data(), key.data() + key.size(), value);
  return fault == std::errc() && end == key.data() + key.size() && value <= kMaxIndex;
}

std::string iso(std::int64_t at_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> moment{milliseconds(at_ms)};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss clock{moment - day};
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()),
                unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                int(clock.minutes().count()), int(clock.seconds().count()),
                int(clock.subseconds().count()));
  return text.data();
}

}  // namespace dbosc::wire::js
