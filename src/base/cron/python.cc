#include "base/cron/python.h"

#include <algorithm>

#include "base/cron/dialects.h"

// croniter 7, as the Python SDK calls it: it computes on the wall clock first, then asks what the
// zone makes of the result, and where the offset has changed, whether there is a time before it.
namespace dbosc::cron {
namespace {

/// A firing on the wall clock and its instant.
struct Firing {
  std::int64_t local;
  std::int64_t instant;
};

/// Clock, date and day rule in a form that is quick to search.
struct Search {
  Clock clock;
  Bits months;
  bool every_hour;
  std::int64_t unit;
  std::vector<DayRule>
      day_rules;       ///< Each gives a firing; the first of them on the wall clock wins.
  bool all_must_fire;  ///< A rule without a firing spoils the others.
  std::optional<std::set<int>> years;
};

Bits bits_of(const PythonRule::Values& values, const Field& field) {
  if (values.star) return range_of(field.low, field.high);
  Bits bits = 0;
  for (const int value : values.numbers) bits |= bit(value);
  return bits;
}

bool is_month_day(const PythonRule& rule, const Date& date) {
  if (rule.working_day != 0) {
    return nearest_working_day(date, std::min(rule.working_day, date.last_day)) == date.day;
  }
  return rule.days.star || rule.days.numbers.contains(date.day) ||
         (rule.days.last && date.day == date.last_day);
}

bool is_weekday(const PythonRule& rule, const Date& date) {
  if (rule.nth_weekdays.empty()) {
    return rule.weekdays.star || rule.weekdays.numbers.contains(date.weekday);
  }
  return std::any_of(rule.nth_weekdays.begin(), rule.nth_weekdays.end(), [&](const auto& nth) {
    if (nth.first != date.weekday) return false;
    return nth.second == 0 ? date.in_last_week() : nth.second == date.week();
  });
}

DayRule day_rule(PythonRule rule) {
  return [rule = std::move(rule)](const Date& date) {
    return is_month_day(rule, date) && is_weekday(rule, date);
  };
}

Search search_of(const PythonRule& rule) {
  Search search{
      {bits_of(rule.seconds, kSecond), bits_of(rule.minutes, kMinute), bits_of(rule.hours, kHour)},
      bits_of(rule.months, kMonth),
      rule.hours.star,
      rule.has_seconds ? 1 : kMinuteSeconds,
      {},
      rule.working_day != 0 || !rule.nth_weekdays.empty(),
      std::nullopt};
  if (!rule.years.star) search.years = rule.years.numbers;
  if (rule.days.star || rule.weekdays.star) {
    search.day_rules.push_back(day_rule(rule));
    return search;
  }
  auto by_day = rule;
  by_day.weekdays.star = true;
  auto by_weekday = rule;
  by_weekday.days.star = true;
  search.day_rules.push_back(day_rule(std::move(by_day)));
  search.day_rules.push_back(day_rule(std::move(by_weekday)));
  return search;
}

/// The way from one instant to the next firing by one of the day rules.
class Step {
 public:
  Step(const Search& search, const DayRule& is_day, const TimeZone& zone, std::int64_t now)
      : search_(search), is_day_(is_day), zone_(zone), now_(now), local_(local_at(zone, now)) {}

  std::optional<Firing> next() const {
    auto local = next_on_clock(local_);
    if (!local) return std::nullopt;
    auto found = placed(*local);
    if (!found.exists && (found.firing.instant <= now_ || search_.every_hour)) {
      while (!found.exists) {
        local = next_on_clock(*local);
        if (!local) return std::nullopt;
        found = placed(*local);
      }
    }
    const auto offset = local_ - now_;
    const auto change = (found.firing.local - found.firing.instant) - offset;
    if (change == 0) return found.firing;
    // Counted with the new offset there may be an earlier firing.
    const auto other_local = next_on_clock(local_ + change);
    if (!other_local) return std::nullopt;
    const auto other = placed(*other_local);
    const bool earlier =
        other.exists && other.firing.instant > now_ && other.firing.instant < found.firing.instant;
    return earlier ? other.firing : found.firing;
  }

 private:
  struct Placed {
    Firing firing;
    bool exists;
  };

  std::optional<std::int64_t> next_on_clock(std::int64_t after) const {
    constexpr int kMostYears = 50;
    const auto unit = search_.unit;
    const auto from = after + unit - ((after % unit) + unit) % unit;
    const Wall start(from);
    const int last_year = start.date.year + kMostYears;
    auto in_day = from - start.days * kDaySeconds;
    for (auto day = start.days;; ++day, in_day = 0) {
      const auto date = date_of(day);
      if (date.year > last_year) return std::nullopt;
      if (!has(search_.months, date.month) || !in_years(date.year) || !is_day_(date)) continue;
      if (const auto time = search_.clock.first(in_day)) return day * kDaySeconds + *time;
    }
  }

  bool in_years(int year) const { return !search_.years || search_.years->contains(year); }

  /// The instant of a local time: the first after now of an overlap; in a gap it moves on to the
  /// next minute that there is.
  Placed placed(std::int64_t local) const {
    const auto at = shown(zone_, local);
    if (at.first) {
      const bool passed = at.second && *at.first <= now_;
      return {{local, passed ? *at.second : *at.first}, true};
    }
    while (true) {
      local += kMinuteSeconds;
      if (const auto found = shown(zone_, local); found.first) {
        return {{local, *found.first}, false};
      }
    }
  }

  const Search& search_;
  const DayRule& is_day_;
  const TimeZone& zone_;
  std::int64_t now_;
  std::int64_t local_;
};

std::optional<std::int64_t> next_firing(const Search& search, std::int64_t after,
                                        const TimeZone& zone) {
  std::optional<Firing> first;
  for (const auto& is_day : search.day_rules) {
    const auto firing = Step(search, is_day, zone, after).next();
    if (!firing && search.all_must_fire) return std::nullopt;
    if (firing && (!first || firing->local <= first->local)) first = firing;
  }
  if (!first) return std::nullopt;
  return first->instant;
}

}  // namespace

Schedule::Next parse_python(const Source& source) {
  return [search = search_of(read_python(source))](std::int64_t after, const TimeZone& zone) {
    return next_firing(search, after, zone);
  };
}

}  // namespace dbosc::cron
