#include "base/cron/go_duration.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dbosc::cron {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;
constexpr double kLongest = 9223372036854775807.0;

struct Unit {
  std::string_view name;
  double nanoseconds;
};

constexpr Unit kUnits[] = {{"ns", 1},  {"us", 1e3}, {"ms", 1e6},
                           {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}};

std::string_view take_digits(std::string_view& text) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto taken = text.substr(0, end);
  text.remove_prefix(end);
  return taken;
}

/// The number at the front; nothing if there is none.
std::optional<long double> take_number(std::string_view& text) {
  const auto whole = take_digits(text);
  std::string_view fraction;
  const bool has_point = text.starts_with('.');
  if (has_point) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole.empty() && fraction.empty()) return std::nullopt;
  long double value = 0;
  for (const char c : whole) value = value * 10 + (c - '0');
  long double place = 1;
  for (const char c : fraction) value += (c - '0') * (place /= 10);
  return value;
}

std::optional<double> take_unit(std::string_view& text) {
  const auto end = std::min(text.find_first_of(".0123456789"), text.size());
  const auto name = text.substr(0, end);
  const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                 [&](const Unit& known) { return known.name == name; });
  if (unit == std::end(kUnits)) return std::nullopt;
  text.remove_prefix(end);
  return unit->nanoseconds;
}

}  // namespace

std::optional<std::int64_t> go_period_seconds(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 1;
  if (text.empty()) return std::nullopt;
  long double nanoseconds = 0;
  while (!text.empty()) {
    const auto number = take_number(text);
    const auto unit = number ? take_unit(text) : std::nullopt;
    if (!unit) return std::nullopt;
    nanoseconds += *number * *unit;
  }
  if (nanoseconds > kLongest) return std::nullopt;
  if (negative) return 1;
  // Decimal fractions are not exact here, as they are in Go; a nanosecond does not tell them apart.
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>((std::floor(nanoseconds + 0.5L)) / kNanosecondsPerSecond));
}

}  // namespace dbosc::cron
