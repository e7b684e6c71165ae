#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/timezone.h"

/// Days, clocks and what zones do to them. A local time is counted like an instant, in seconds
/// since 1970-01-01T00:00:00, but on a wall clock.
namespace dbosc::cron {

inline constexpr std::int64_t kMinuteSeconds = 60;
inline constexpr std::int64_t kHourSeconds = 3600;
inline constexpr std::int64_t kDaySeconds = 86400;

/// The values of a field, one bit each.
using Bits = std::uint64_t;

inline constexpr Bits bit(int value) { return Bits{1} << value; }
inline constexpr bool has(Bits bits, int value) { return (bits & bit(value)) != 0; }
/// Every `step`-th value from `low` to `high`.
Bits range_of(int low, int high, std::int64_t step = 1);
/// The smallest value that is not below `from`.
std::optional<int> first_of(Bits bits, int from);

struct Date {
  int year;
  int month;
  int day;
  int weekday;   ///< 0 is Sunday.
  int last_day;  ///< Of the month.

  int week() const { return (day - 1) / 7 + 1; }
  bool in_last_week() const { return day + 7 > last_day; }
};

/// Days since 1970-01-01; a day or month beyond its bounds counts on.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day);
Date date_of(std::int64_t days);

/// A local time's date and clock.
struct Wall {
  explicit Wall(std::int64_t local);

  std::int64_t days;
  Date date;
  int hour;
  int minute;
  int second;
};

std::int64_t local_of(std::int64_t days, int hour, int minute, int second);

/// The working day (Monday to Friday) nearest to a day that the date's month has, in that month.
int nearest_working_day(const Date& in_month, int day);

/// Clock times at which a day's firings are.
struct Clock {
  Bits seconds = 0;
  Bits minutes = 0;
  Bits hours = 0;

  /// The first at or after a second of the day, as a second of the day.
  std::optional<std::int64_t> first(std::int64_t from) const;
};

using DayRule = std::function<bool(const Date&)>;

/// The instants at which a zone's clocks show a local time: none in a gap, two in an overlap.
struct Shown {
  std::optional<std::int64_t> first;
  std::optional<std::int64_t> second;
  /// Offsets before and after the change nearby; the same if there is none.
  int before;
  int after;
};

Shown shown(const TimeZone& zone, std::int64_t local);

/// The first instant of (low, high] that has the offset of `high`.
std::int64_t change_between(const TimeZone& zone, std::int64_t low, std::int64_t high);

inline std::int64_t local_at(const TimeZone& zone, std::int64_t instant) {
  return instant + zone.offset_at(instant);
}

}  // namespace dbosc::cron
