#include "base/cron/calendar.h"

#include <bit>
#include <chrono>

namespace dbosc::cron {
namespace {

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

}  // namespace

Bits range_of(int low, int high, std::int64_t step) {
  Bits bits = 0;
  for (std::int64_t value = low; value <= high; value += step) bits |= bit(static_cast<int>(value));
  return bits;
}

std::optional<int> first_of(Bits bits, int from) {
  if (from >= 64) return std::nullopt;
  const Bits left = bits >> from << from;
  if (left == 0) return std::nullopt;
  return std::countr_zero(left);
}

std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  using namespace std::chrono;
  const auto months_since = year * 12 + (month - 1);
  const auto in_year = static_cast<unsigned>(months_since - floor_div(months_since, 12) * 12);
  const auto number = static_cast<int>(floor_div(months_since, 12));
  const sys_days first{year_month_day{std::chrono::year(number), std::chrono::month(in_year + 1),
                                      std::chrono::day(1)}};
  return first.time_since_epoch().count() + day - 1;
}

Date date_of(std::int64_t days_since) {
  using namespace std::chrono;
  const sys_days day{days{static_cast<int>(days_since)}};
  const year_month_day date{day};
  const year_month_day_last last{date.year(), month_day_last(date.month())};
  return {int(date.year()), static_cast<int>(unsigned(date.month())),
          static_cast<int>(unsigned(date.day())),
          static_cast<int>(std::chrono::weekday(day).c_encoding()),
          static_cast<int>(unsigned(last.day()))};
}

Wall::Wall(std::int64_t local) : days(floor_div(local, kDaySeconds)), date(date_of(days)) {
  const auto in_day = static_cast<int>(local - days * kDaySeconds);
  hour = in_day / 3600;
  minute = in_day / 60 % 60;
  second = in_day % 60;
}

std::int64_t local_of(std::int64_t days, int hour, int minute, int second) {
  return days * kDaySeconds + hour * kHourSeconds + minute * kMinuteSeconds + second;
}

int nearest_working_day(const Date& in_month, int day) {
  constexpr int kSunday = 0;
  constexpr int kSaturday = 6;
  const int weekday = date_of(days_of(in_month.year, in_month.month, day)).weekday;
  if (weekday == kSaturday) return day == 1 ? day + 2 : day - 1;
  if (weekday == kSunday) return day == in_month.last_day ? day - 2 : day + 1;
  return day;
}

std::optional<std::int64_t> Clock::first(std::int64_t from) const {
  const int from_hour = static_cast<int>(from / kHourSeconds);
  const int from_minute = static_cast<int>(from / kMinuteSeconds % 60);
  const int from_second = static_cast<int>(from % kMinuteSeconds);
  for (auto hour = first_of(hours, from_hour); hour; hour = first_of(hours, *hour + 1)) {
    const bool same_hour = *hour == from_hour;
    for (auto minute = first_of(minutes, same_hour ? from_minute : 0); minute;
         minute = first_of(minutes, *minute + 1)) {
      const bool same_minute = same_hour && *minute == from_minute;
      if (const auto second = first_of(seconds, same_minute ? from_second : 0)) {
        return local_of(0, *hour, *minute, *second);
      }
    }
  }
  return std::nullopt;
}

Shown shown(const TimeZone& zone, std::int64_t local) {
  // Offsets are less than a day, so these are the ones on both sides of a change nearby.
  const int before = zone.offset_at(local - kDaySeconds);
  const int after = zone.offset_at(local + kDaySeconds);
  Shown found{std::nullopt, std::nullopt, before, after};
  for (const int offset : {before, after}) {
    const auto instant = local - offset;
    if (zone.offset_at(instant) != offset) continue;
    if (!found.first) {
      found.first = instant;
    } else if (*found.first != instant) {
      found.second = instant;
    }
  }
  return found;
}

std::int64_t change_between(const TimeZone& zone, std::int64_t low, std::int64_t high) {
  const int offset = zone.offset_at(high);
  while (high - low > 1) {
    const auto middle = low + (high - low) / 2;
    if (zone.offset_at(middle) == offset) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return high;
}

}  // namespace dbosc::cron
