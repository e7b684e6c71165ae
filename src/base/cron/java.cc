#include "base/cron/java.h"

#include <algorithm>

#include "base/cron/dialects.h"

// cron-utils 9 in its Spring 5.3 dialect. Its scheduler moves a java.time.ZonedDateTime field by
// field; what that does at a change of the clock is part of the result.
namespace dbosc::cron {
namespace {

/// A ZonedDateTime: a local time with the offset that it has there.
struct Zoned {
  std::int64_t local;
  int offset;

  std::int64_t instant() const { return local - offset; }
  Wall wall() const { return Wall(local); }
  bool operator==(const Zoned&) const = default;
};

class Search {
 public:
  Search(const JavaRule& rule, const TimeZone& zone) : rule_(rule), zone_(zone) {}

  std::optional<std::int64_t> next(std::int64_t after) const {
    const auto start = at(after);
    auto found = match_from(start);
    if (found == start) {
      found = match_after(start, 1);
      // In an overlap, what fires less than hourly does not fire twice.
      if (found && found->offset < start.offset && is_rare(*found)) {
        found = match_after(start, 1 + kHourSeconds);
      }
    }
    if (!found) return std::nullopt;
    return found->instant();
  }

 private:
  bool is_rare(const Zoned& firing) const {
    const auto later = match_after(firing, 1);
    return later && (later->instant() - firing.instant()) / kHourSeconds > 1;
  }

  std::optional<Zoned> match_after(const Zoned& time, std::int64_t seconds) const {
    return match_from(at(time.instant() + seconds));
  }

  std::optional<Zoned> match_from(const Zoned& start) const {
    constexpr int kMostTries = 100'000;
    constexpr int kMostYears = 100;
    const int last_year = start.wall().date.year + kMostYears;
    auto time = start;
    for (int i = 0; i < kMostTries; ++i) {
      const auto moved = move(time);
      if (!moved) return time;
      time = *moved;
      if (time.wall().date.year > last_year) return std::nullopt;
    }
    return std::nullopt;
  }

  /// One move towards a match; nothing if this is one.
  std::optional<Zoned> move(const Zoned& time) const {
    const auto wall = time.wall();
    if (!has(rule_.months, wall.date.month)) return to_month(time, wall);
    const auto days = days_in(wall.date.year, wall.date.month);
    if (days == 0) return to_next_month(time);
    if (!has(days, wall.date.day)) return to_day(time, wall, days);
    if (!has(rule_.clock.hours, wall.hour)) return count(time, rule_.clock.hours, &Wall::hour);
    if (!has(rule_.clock.minutes, wall.minute)) {
      return count(time, rule_.clock.minutes, &Wall::minute);
    }
    if (!has(rule_.clock.seconds, wall.second)) {
      return count(time, rule_.clock.seconds, &Wall::second);
    }
    return std::nullopt;
  }

  Zoned to_month(const Zoned& time, const Wall& wall) const {
    const auto next = first_of(rule_.months, wall.date.month + 1);
    if (!next) {
      auto moved = resolve(wall.days * kDaySeconds, time.offset);
      moved = with_date(moved, moved.wall().date.year, 1, moved.wall().date.day);
      moved = with_date(moved, moved.wall().date.year, 1, 1);
      return with_date(moved, moved.wall().date.year + 1, 1, 1);
    }
    const auto days = days_in(wall.date.year, *next);
    if (days == 0) return to_next_month(time);
    auto moved = with_date(time, wall.date.year, *next, wall.date.day);
    moved = with_date(moved, wall.date.year, *next, *first_of(days, 1));
    return at_first_clock(moved);
  }

  Zoned to_day(const Zoned& time, const Wall& wall, Bits days) const {
    if (const auto next = first_of(days, wall.date.day + 1)) {
      return at_first_clock(with_date(time, wall.date.year, wall.date.month, *next));
    }
    auto moved = resolve(wall.days * kDaySeconds, time.offset);
    moved = with_date(moved, wall.date.year, wall.date.month, 1);
    return with_date(moved, wall.date.year, wall.date.month + 1, 1);
  }

  Zoned to_next_month(const Zoned& time) const {
    const auto moved = resolve(time.wall().days * kDaySeconds, time.offset);
    const auto date = moved.wall().date;
    const auto next = with_date(moved, date.year, date.month + 1, date.day);
    return with_date(next, next.wall().date.year, next.wall().date.month, 1);
  }

  Zoned at_first_clock(const Zoned& time) const {
    return resolve(local_of(time.wall().days, *first_of(rule_.clock.hours, 0),
                            *first_of(rule_.clock.minutes, 0), *first_of(rule_.clock.seconds, 0)),
                   time.offset);
  }

  /// Counts units of real time until the clock shows one of the values.
  Zoned count(const Zoned& time, Bits values, int Wall::*field) const {
    const auto unit = field == &Wall::hour     ? kHourSeconds
                      : field == &Wall::minute ? kMinuteSeconds
                                               : std::int64_t{1};
    auto moved = time;
    do {
      moved = at(moved.instant() + unit);
    } while (!has(values, moved.wall().*field));
    const auto in_unit = moved.local - moved.wall().days * kDaySeconds;
    return resolve(moved.local - in_unit % unit, moved.offset);
  }

  Zoned at(std::int64_t instant) const {
    const int offset = zone_.offset_at(instant);
    return {instant + offset, offset};
  }

  /// The local time with the offset that it had if it may keep it; else with the earlier one, and
  /// moved on by a gap's length.
  Zoned resolve(std::int64_t local, int offset) const {
    const auto found = shown(zone_, local);
    if (!found.first) return {local + found.after - found.before, found.after};
    if (zone_.offset_at(local - offset) == offset) return {local, offset};
    return {local, static_cast<int>(local - *found.first)};
  }

  /// Another date at the same clock; a month beyond December counts on, a day beyond its month is
  /// the last.
  Zoned with_date(const Zoned& time, int year, int month, int day) const {
    const auto first = days_of(year, month, 1);
    const auto wall = time.wall();
    return resolve(local_of(first + std::min(day, date_of(first).last_day) - 1, wall.hour,
                            wall.minute, wall.second),
                   time.offset);
  }

  Bits days_in(int year, int month) const {
    return java_days_of(rule_, date_of(days_of(year, month, 1)));
  }

  const JavaRule& rule_;
  const TimeZone& zone_;
};

/// `0 0|30 12|18 * * *`: one expression of the first choices, one of the second, and so on.
std::vector<std::string> choices(const Source& source, const std::string& text) {
  const auto fields = words(text);
  std::vector<std::vector<std::string>> parts;
  std::size_t most = 0;
  for (const auto& field : fields) {
    auto& choice = parts.emplace_back(split(field, '|'));
    while (!choice.empty() && choice.back().empty()) choice.pop_back();
    most = std::max(most, choice.size());
  }
  std::vector<std::string> found(most);
  for (std::size_t i = 0; i < most; ++i) {
    for (std::size_t f = 0; f < fields.size(); ++f) {
      const bool fixed = fields[f].find('|') == std::string::npos;
      if (!fixed && i >= parts[f].size()) refuse(source, "its fields have more and fewer choices");
      found[i] += (fixed ? fields[f] : parts[f][i]) + " ";
    }
    found[i] = trimmed(found[i]);
  }
  return found;
}

/// The expressions of which each fires: `a||b`, and choices within fields.
std::vector<std::string> alternatives(const Source& source) {
  constexpr std::string_view kBars = "||";
  std::vector<std::string> found;
  auto rest = source.text;
  for (bool more = true; more;) {
    const auto bars = rest.find(kBars);
    const auto text = rest.substr(0, bars);
    rest.remove_prefix(bars == std::string_view::npos ? rest.size() : bars + kBars.size());
    more = !rest.empty();
    if (text.find('|') == std::string_view::npos) {
      found.emplace_back(text);
    } else {
      for (auto& choice : choices(source, std::string(text))) found.push_back(std::move(choice));
    }
  }
  return found;
}

}  // namespace

Schedule::Next parse_java(const Source& source) {
  std::vector<JavaRule> rules;
  for (const auto& text : alternatives(source)) {
    const auto fields = nickname(text);
    rules.push_back(read_java(source, fields ? "0 " + *fields : text));
  }
  if (rules.empty()) refuse(source, "there is nothing between its bars");
  return [rules = std::move(rules)](std::int64_t after, const TimeZone& zone) {
    std::optional<std::int64_t> first;
    for (const auto& rule : rules) {
      const auto firing = Search(rule, zone).next(after);
      if (firing && (!first || *firing < *first)) first = firing;
    }
    return first;
  };
}

}  // namespace dbosc::cron
