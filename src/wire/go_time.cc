#include "wire/go_time.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>

namespace dbosc::wire {
namespace {

constexpr std::size_t kLength = 15;  // the second version adds the seconds of the offset
constexpr std::int64_t kMinute = 60, kHour = 3600, kDay = 86400;
constexpr std::int64_t kUtc = -1;
constexpr std::int64_t kMaxOffset = 24 * 60;
/// Seconds from the first of January of the year 1 to the epoch.
constexpr std::int64_t kEpoch = 62135596800;
constexpr std::int64_t kLastSecond = 253402300799;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string fraction(std::uint64_t nanoseconds) {
  if (nanoseconds == 0) return {};
  std::array<char, 16> digits;
  std::snprintf(digits.data(), digits.size(), ".%09u", static_cast<unsigned>(nanoseconds));
  std::string text = digits.data();
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string zone(std::int64_t minutes) {
  if (minutes == kUtc) return "Z";
  const auto size = static_cast<unsigned>(minutes < 0 ? -minutes : minutes);
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "%c%02u:%02u", minutes < 0 ? '-' : '+', size / 60,
                size % 60);
  return text.data();
}

std::string civil(std::int64_t seconds) {
  using namespace std::chrono;
  const auto day = floor<days>(sys_seconds(std::chrono::seconds(seconds)));
  const year_month_day date(day);
  const auto rest = seconds - day.time_since_epoch().count() * kDay;
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(rest / kHour),
                static_cast<int>(rest / kMinute % 60), static_cast<int>(rest % kMinute));
  return text.data();
}

}  // namespace

std::optional<std::string> go_time(std::string_view bytes) {
  const bool first = bytes.size() == kLength && bytes[0] == 1;
  const bool second = bytes.size() == kLength + 1 && bytes[0] == 2;
  if (!first && !second) return std::nullopt;
  const auto since_year_1 = static_cast<std::int64_t>(big_endian(bytes.substr(1, 8)));
  const auto nanoseconds = big_endian(bytes.substr(9, 4));
  const std::int64_t offset = static_cast<std::int16_t>(big_endian(bytes.substr(13, 2)));
  const bool sane = since_year_1 >= 0 && since_year_1 <= kEpoch + kLastSecond &&
                    nanoseconds < 1'000'000'000 && offset >= -kMaxOffset && offset <= kMaxOffset;
  if (!sane) return std::nullopt;
  const auto local = since_year_1 - kEpoch + (offset == kUtc ? 0 : offset * kMinute);
  if (local < -kEpoch || local > kLastSecond) return std::nullopt;
  return civil(local) + fraction(nanoseconds) + zone(offset);
}

}  // namespace dbosc::wire
