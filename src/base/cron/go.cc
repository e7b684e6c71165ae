#include <charconv>

#include "base/cron/calendar.h"
#include "base/cron/dialects.h"
#include "base/cron/go_duration.h"

// robfig/cron 3: six fields, or a descriptor. Its scheduler walks along the clock from where it is,
// so that a change of the clock shows in the results in ways of its own.
namespace dbosc::cron {
namespace {

struct Rule {
  Clock clock;
  Bits months = 0;
  Bits days = 0;
  Bits weekdays = 0;
  /// A star in one of the day fields: both must match. Otherwise one is enough.
  bool all_days_must_match = false;
};

struct Values {
  Bits bits = 0;
  bool star = false;
};

std::optional<int> name_in(const Field& field, const std::string& name) {
  if (field.name == kMonth.name) return month_of(name);
  if (field.name == kWeekday.name) return weekday_of(name);
  return std::nullopt;
}

/// A number, with Go's leave to write a plus before it.
std::optional<std::int64_t> integer(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (!is_digits(text) || rest != end || error != std::errc()) return std::nullopt;
  return value;
}

std::int64_t value_of(const Source& source, const Field& field, const std::string& token) {
  if (const auto name = name_in(field, lower(token))) return *name;
  const auto value = integer(token);
  if (!value) refuse(source, field, token);
  return *value;
}

Values values_of_item(const Source& source, const Field& field, const std::string& item) {
  const auto parts = split(item, '/');
  const auto ends = split(parts[0], '-');
  const bool star = ends[0] == "*" || ends[0] == "?";
  // What follows a star's hyphen is never looked at.
  std::int64_t low = field.low;
  std::int64_t high = field.high;
  if (!star) {
    low = value_of(source, field, ends[0]);
    high = ends.size() == 1 ? low : value_of(source, field, ends[1]);
    if (ends.size() > 2) refuse(source, field, item);
  }
  std::int64_t step = 1;
  if (parts.size() == 2) {
    const auto given = integer(parts[1]);
    if (!given || *given == 0) refuse(source, field, item);
    step = *given;
    if (ends.size() == 1) high = field.high;
  }
  if (parts.size() > 2 || low < field.low || high > field.high || low > high) {
    refuse(source, field, item);
  }
  return {range_of(static_cast<int>(low), static_cast<int>(high), step), star && step == 1};
}

Values values_of(const Source& source, const Field& field, const std::string& text) {
  Values all;
  for (const auto& item : split(text, ',')) {
    if (item.empty()) continue;
    const auto values = values_of_item(source, field, item);
    all.bits |= values.bits;
    all.star |= values.star;
  }
  return all;
}

Rule rule_of(const Source& source, const std::vector<std::string>& fields) {
  if (fields.size() != 6) {
    refuse(source, "it takes six fields, the seconds first, or a descriptor such as @daily");
  }
  const auto day = values_of(source, kDay, fields[3]);
  const auto weekday = values_of(source, kWeekday, fields[5]);
  return {{values_of(source, kSecond, fields[0]).bits, values_of(source, kMinute, fields[1]).bits,
           values_of(source, kHour, fields[2]).bits},
          values_of(source, kMonth, fields[4]).bits,
          day.bits,
          weekday.bits,
          day.star || weekday.star};
}

bool is_day(const Rule& rule, const Date& date) {
  const bool day = has(rule.days, date.day);
  const bool weekday = has(rule.weekdays, date.weekday);
  return rule.all_days_must_match ? day && weekday : day || weekday;
}

/// The instant that Go makes of a local time: in an overlap the first or the second, depending on
/// which side of UTC the zone is.
std::int64_t instant_of(const TimeZone& zone, std::int64_t local) {
  return local - zone.offset_at(local - zone.offset_at(local));
}

/// One search for the next firing. Each part moves `now_` to the next value of its field and says
/// whether it came round to the field's start, after which all the greater fields are due again.
class Walk {
 public:
  Walk(const Rule& rule, const TimeZone& zone, std::int64_t after)
      : rule_(rule), zone_(zone), now_(after + 1) {}

  std::optional<std::int64_t> run() {
    constexpr int kYears = 5;
    const auto& [seconds, minutes, hours] = rule_.clock;
    // A field of nothing but commas. The search would go through every second of those years.
    if (seconds == 0 || minutes == 0 || hours == 0) return std::nullopt;
    const int last_year = wall().date.year + kYears;
    while (wall().date.year <= last_year) {
      if (find_month() && find_day() && find_hour() &&
          find_smaller(rule_.clock.minutes, &Wall::minute, kMinuteSeconds) &&
          find_smaller(rule_.clock.seconds, &Wall::second, 1)) {
        return now_;
      }
    }
    return std::nullopt;
  }

 private:
  Wall wall() const { return Wall(local_at(zone_, now_)); }

  /// To the start of the unit that is searched, once: from the first move on all of it is free.
  void start_at(std::int64_t local) {
    if (!moved_) now_ = instant_of(zone_, local);
    moved_ = true;
  }

  bool find_month() {
    while (!has(rule_.months, wall().date.month)) {
      const auto first = wall();
      start_at(local_of(days_of(first.date.year, first.date.month, 1), 0, 0, 0));
      const auto here = wall();
      const auto days = days_of(here.date.year, here.date.month + 1, here.date.day);
      now_ = instant_of(zone_, local_of(days, here.hour, here.minute, here.second));
      if (wall().date.month == 1) return false;
    }
    return true;
  }

  bool find_day() {
    while (!is_day(rule_, wall().date)) {
      start_at(local_of(wall().days, 0, 0, 0));
      const auto here = wall();
      now_ = instant_of(zone_, local_of(here.days + 1, here.hour, here.minute, here.second));
      // Where midnight is not the day's first hour.
      const int hour = wall().hour;
      if (hour != 0) now_ += (hour > 12 ? 24 - hour : -hour) * kHourSeconds;
      if (wall().date.day == 1) return false;
    }
    return true;
  }

  bool find_hour() {
    while (!has(rule_.clock.hours, wall().hour)) {
      const auto here = wall();
      start_at(local_of(here.days, here.hour, 0, 0));
      now_ += kHourSeconds;
      if (wall().hour == 0) return false;
    }
    return true;
  }

  bool find_smaller(Bits wanted, int Wall::*field, std::int64_t unit) {
    while (!has(wanted, wall().*field)) {
      if (!moved_) now_ -= now_ % unit;
      moved_ = true;
      now_ += unit;
      if (wall().*field == 0) return false;
    }
    return true;
  }

  const Rule& rule_;
  const TimeZone& zone_;
  std::int64_t now_;
  bool moved_ = false;
};

}  // namespace

Schedule::Next parse_go(const Source& source) {
  // The SDK writes the zone before the text, which takes away the space between them.
  std::string text = trimmed(source.text);
  constexpr std::string_view kEvery = "@every ";
  if (text.starts_with(kEvery)) {
    const auto seconds = go_period_seconds(std::string_view(text).substr(kEvery.size()));
    if (!seconds) refuse(source, "the duration is none (\"1h30m\", \"5s\")");
    return [period = *seconds](std::int64_t after, const TimeZone&) { return after + period; };
  }
  if (text.starts_with('@')) {
    const auto fields = nickname(text);
    if (!fields) refuse(source, "it has no such descriptor");
    text = "0 " + *fields;
  }
  return [rule = rule_of(source, words(text))](std::int64_t after, const TimeZone& zone) {
    return Walk(rule, zone, after).run();
  };
}

}  // namespace dbosc::cron
