#include "wire/pickle/write_times.h"

#include <charconv>
#include <chrono>

#include "base/text_scanner.h"
#include "base/timezone.h"
#include "wire/pickle/opcodes.h"
#include "wire/pickle/time_units.h"
#include "wire/pickle/zones.h"

namespace dbosc::wire::pickle {
namespace {

using std::chrono::sys_seconds;
using std::chrono::year_month_day;

struct Clock {
  int hour = 0, minute = 0, second = 0, microsecond = 0;
  bool ok() const { return hour < 24 && minute < 60 && second < 60; }
  std::int64_t seconds() const { return hour * 3600 + minute * 60 + second; }
};

/// A zone as a text has it: none, an offset in microseconds, a name of the time zone database, or
/// both.
struct Zone {
  std::optional<std::int64_t> offset;
  std::string key;
};

bool is_date(const year_month_day& date) {
  return date.ok() && int(date.year()) >= 1 && int(date.year()) <= 9999;
}

void write_date_bytes(std::string& out, const year_month_day& date, bool fold) {
  write_big_endian(out, static_cast<std::uint64_t>(int(date.year())), 2);
  out += static_cast<char>(unsigned(date.month()) | (fold ? kFold : 0U));
  out += static_cast<char>(unsigned(date.day()));
}

void write_clock_bytes(std::string& out, const Clock& clock, bool fold) {
  out += static_cast<char>(static_cast<unsigned>(clock.hour) | (fold ? kFold : 0U));
  out += static_cast<char>(clock.minute);
  out += static_cast<char>(clock.second);
  write_big_endian(out, static_cast<std::uint64_t>(clock.microsecond), 3);
}

std::string datetime_bytes(std::int64_t local, std::int64_t microseconds, bool fold) {
  const sys_seconds moment{std::chrono::seconds(local)};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::hh_mm_ss clock{moment - day};
  std::string bytes;
  write_date_bytes(bytes, day, fold);
  write_clock_bytes(
      bytes,
      {static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
       static_cast<int>(clock.seconds().count()), static_cast<int>(microseconds)},
      false);
  return bytes;
}

/// In microseconds, as Python keeps it: only the days may be negative.
void write_delta(std::string& out, std::int64_t days, std::int64_t microseconds) {
  write_name(out, "datetime", "timedelta");
  write_small_integer(out, static_cast<std::int32_t>(days));
  write_small_integer(out, static_cast<std::int32_t>(microseconds / kMicroseconds));
  write_small_integer(out, static_cast<std::int32_t>(microseconds % kMicroseconds));
  out += kCallWithThree;
}

void write_fixed_zone(std::string& out, std::int64_t offset, std::string_view name) {
  write_name(out, "datetime", "timezone");
  const bool negative = offset < 0;
  write_delta(out, negative ? -1 : 0, offset + (negative ? kSecondsOfDay * kMicroseconds : 0));
  if (!name.empty()) write_text(out, name);
  out += name.empty() ? kCallWithOne : kCallWithTwo;
}

void write_named_zone(std::string& out, std::string_view key) {
  write_name(out, "zoneinfo", "ZoneInfo");
  write_text(out, key);
  out += kCallWithOne;
}

/// Writes the call of a class with bytes, and a zone if there is one.
void write_moment(std::string& out, std::string_view name, std::string_view bytes, const Zone& zone,
                  std::string_view zone_name) {
  write_name(out, "datetime", name);
  write_bytes(out, bytes);
  if (!zone.key.empty()) {
    write_named_zone(out, zone.key);
  } else if (zone.offset) {
    write_fixed_zone(out, *zone.offset, zone_name);
  } else {
    out += kCallWithOne;
    return;
  }
  out += kCallWithTwo;
}

year_month_day take_date(TextScanner& scan) {
  const std::chrono::year year(scan.digits(4));
  scan.one_of("-");
  const auto month = static_cast<unsigned>(scan.digits(2));
  scan.one_of("-");
  return {year, std::chrono::month(month), std::chrono::day(static_cast<unsigned>(scan.digits(2)))};
}

Clock take_clock(TextScanner& scan) {
  Clock clock;
  clock.hour = scan.digits(2);
  scan.one_of(":");
  clock.minute = scan.digits(2);
  if (!scan.starts_with_one_of(":")) return clock;
  scan.one_of(":");
  clock.second = scan.digits(2);
  clock.microsecond = scan.fraction(6);
  return clock;
}

Zone take_zone(TextScanner& scan) {
  Zone zone;
  if (scan.starts_with_one_of("Zz")) {
    scan.one_of("Zz");
    zone.offset = 0;
  } else if (scan.starts_with_one_of("+-")) {
    const bool negative = scan.one_of("+-") == '-';
    const auto clock = take_clock(scan);
    zone.offset = (negative ? -1 : 1) * (clock.seconds() * kMicroseconds + clock.microsecond);
    scan.require(clock.ok());
  }
  if (scan.starts_with_one_of("[")) {
    scan.one_of("[");
    zone.key = scan.until(']');
    scan.require(!zone.key.empty());
  }
  return zone;
}

std::optional<bool> given_fold(const Given& tag) {
  const auto fold = tag.json.find("fold").integer();
  return fold ? std::optional(*fold == 1) : std::nullopt;
}

std::string_view zone_name(const Given& tag) {
  const auto name = tag.json.find("tzname");
  return name ? name.text() : std::string_view();
}

/// Which of two equal local times; nothing where the zone is unknown, or never had that offset
/// then: a worker would fail on the one, and tell another time for the other.
std::optional<bool> fold_in(const Zone& zone, std::int64_t local, std::optional<bool> given) {
  if (zone.key.empty()) return given.value_or(false);
  const auto rules = TimeZone::find(zone.key);
  if (!rules) return std::nullopt;
  if (!zone.offset) return given.value_or(false);
  const LocalOffsets offsets(*rules, local);
  if (*zone.offset % kMicroseconds != 0) return std::nullopt;
  const auto fold = offsets.fold_of(static_cast<int>(*zone.offset / kMicroseconds));
  return fold && given && offsets.at(*given) == offsets.at(*fold) ? given : fold;
}

/// One number of an ISO duration in microseconds; nothing if it is none, is finer or too large.
std::optional<std::int64_t> microseconds_of(std::string_view number, char unit) {
  // Of two of these the sum fits too.
  constexpr std::int64_t kMaxSeconds = 4'000'000'000'000;
  const std::int64_t size = unit == 'D' ? kSecondsOfDay : unit == 'H' ? 3600 : unit == 'M' ? 60 : 1;
  if (number.starts_with('+')) number.remove_prefix(1);
  const auto point = std::min(number.find('.'), number.size());
  std::int64_t whole = 0;
  const auto read = std::from_chars(number.data(), number.data() + point, whole);
  TextScanner rest(number.substr(point));
  const auto fraction = rest.fraction(6);
  const bool exact = read.ec == std::errc() && read.ptr == number.data() + point &&
                     rest.complete() && !rest.has_cut_off() && (fraction == 0 || unit == 'S');
  if (!exact || whole > kMaxSeconds / size || whole < -kMaxSeconds / size) return std::nullopt;
  return whole * size * kMicroseconds + (number.starts_with('-') ? -fraction : fraction);
}

/// `P1DT2H3M4.5S`, any part of it with a sign; in microseconds.
std::optional<std::int64_t> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  text.remove_prefix(negative ? 1 : 0);
  if (!text.starts_with('P') || text.size() < 3) return std::nullopt;
  text.remove_prefix(1);
  std::string_view units = "DTHMS";  // in this order
  std::int64_t total = 0;
  while (!text.empty()) {
    if (text.starts_with('T') && units.size() > 3) {
      units = "HMS";
      text.remove_prefix(1);
    }
    const auto end = text.find_first_not_of("+-.0123456789");
    const auto unit = end == text.npos || text[end] == 'T' ? units.npos : units.find(text[end]);
    if (unit == units.npos || (units.size() > 3 && text[end] != 'D')) return std::nullopt;
    const auto part = microseconds_of(text.substr(0, end), text[end]);
    if (!part || __builtin_add_overflow(total, *part, &total)) return std::nullopt;
    units.remove_prefix(unit + 1);
    text.remove_prefix(end + 1);
  }
  return negative ? -total : total;
}

}  // namespace

void write_utc_datetime(std::string& out, std::int64_t epoch_us) {
  const auto in_second = ((epoch_us % kMicroseconds) + kMicroseconds) % kMicroseconds;
  const auto bytes = datetime_bytes((epoch_us - in_second) / kMicroseconds, in_second, false);
  write_moment(out, "datetime", bytes, {0, {}}, {});
}

void write_zoned_datetime(std::string& out, std::int64_t local, std::string_view zone, bool fold) {
  write_moment(out, "datetime", datetime_bytes(local, 0, fold), {{}, std::string(zone)}, {});
}

bool write_datetime(std::string& out, const Given& tag) {
  TextScanner scan(tag.text());
  const auto date = take_date(scan);
  Clock clock;
  if (!scan.empty()) {
    scan.one_of("Tt ");
    clock = take_clock(scan);
  }
  const auto zone = take_zone(scan);
  if (!scan.complete() || scan.has_cut_off() || !is_date(date) || !clock.ok()) return false;
  const std::chrono::sys_days day(date);
  const auto local = std::chrono::seconds(day.time_since_epoch()).count() + clock.seconds();
  const auto fold = fold_in(zone, local, given_fold(tag));
  if (!fold) return false;
  write_moment(out, "datetime", datetime_bytes(local, clock.microsecond, *fold), zone,
               zone_name(tag));
  return true;
}

bool write_date(std::string& out, const Given& tag) {
  TextScanner scan(tag.text());
  const auto date = take_date(scan);
  if (!scan.complete() || !is_date(date)) return false;
  std::string bytes;
  write_date_bytes(bytes, date, false);
  write_moment(out, "date", bytes, {}, {});
  return true;
}

bool write_time(std::string& out, const Given& tag) {
  TextScanner scan(tag.text());
  const auto clock = take_clock(scan);
  const auto zone = take_zone(scan);
  const bool known = zone.key.empty() || (!zone.offset && TimeZone::find(zone.key));
  if (!scan.complete() || scan.has_cut_off() || !clock.ok() || !known) return false;
  std::string bytes;
  write_clock_bytes(bytes, clock, given_fold(tag).value_or(false));
  write_moment(out, "time", bytes, zone, zone_name(tag));
  return true;
}

bool write_timedelta(std::string& out, const Given& tag) {
  constexpr std::int64_t kDay = kSecondsOfDay * kMicroseconds;
  std::int64_t days = 0, rest = 0;
  if (tag.json.find("iso")) {
    const auto total = parse_duration(tag.text());
    if (!total) return false;
    rest = *total;
  } else {
    const auto number = [&](std::string_view name) {
      return tag.json.find(name).integer().value_or(0);
    };
    days = number("days");
    const auto seconds = number("seconds"), microseconds = number("microseconds");
    // Python says them in this form alone; another could be beyond what it takes.
    if (days < -kMaxDays || days > kMaxDays || seconds < 0 || seconds >= kSecondsOfDay ||
        microseconds < 0 || microseconds >= kMicroseconds) {
      return false;
    }
    rest = seconds * kMicroseconds + microseconds;
  }
  const auto in_day = ((rest % kDay) + kDay) % kDay;
  days += (rest - in_day) / kDay;
  if (days < -kMaxDays || days > kMaxDays) return false;
  write_delta(out, days, in_day);
  return true;
}

}  // namespace dbosc::wire::pickle
