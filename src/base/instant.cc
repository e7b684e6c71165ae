#include "base/instant.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "base/text_scanner.h"

namespace dbosc {

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  TextScanner scan(text);
  const int year_number = scan.digits(4);
  scan.one_of("-");
  const int month_number = scan.digits(2);
  scan.one_of("-");
  const int day_number = scan.digits(2);
  scan.one_of("Tt ");
  const int hour = scan.digits(2);
  scan.one_of(":");
  const int minute = scan.digits(2);
  scan.one_of(":");
  const int second = scan.digits(2);
  const int fraction = scan.fraction(3);
  const char zone = scan.one_of("Zz+-");
  int offset_minutes = 0;
  if (zone == '+' || zone == '-') {
    const int offset_hour = scan.digits(2);
    scan.one_of(":");
    const int offset_minute = scan.digits(2);
    if (offset_hour > 23 || offset_minute > 59) return std::nullopt;
    offset_minutes = offset_hour * 60 + offset_minute;
    if (zone == '-') offset_minutes = -offset_minutes;
  }
  const year_month_day date{year(year_number), month(static_cast<unsigned>(month_number)),
                            day(static_cast<unsigned>(day_number))};
  // Second 60 is a leap second: RFC 3339 allows it, POSIX time counts it as the next second's 0.
  if (!scan.complete() || !date.ok() || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  const auto instant = sys_days(date) + hours(hour) + minutes(minute - offset_minutes) +
                       seconds(second) + milliseconds(fraction);
  return duration_cast<milliseconds>(instant.time_since_epoch()).count();
}

std::string format_rfc3339(std::int64_t epoch_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> instant{milliseconds(epoch_ms)};
  const auto day = floor<days>(instant);
  const year_month_day date(day);
  const hh_mm_ss time(instant - day);
  std::array<char, 64> text;
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
      static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
      static_cast<int>(time.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace dbosc
