#include <algorithm>

#include "base/cron/calendar.h"
#include "base/cron/dialects.h"

// The TypeScript SDK's own parser. It works by replacing text within the fields, so that some odd
// expressions get a meaning; each day is then searched by both offsets that it has.
namespace dbosc::cron {
namespace {

constexpr Field kFields[] = {kSecond, kMinute, kHour, kDay, kMonth, kWeekday};
constexpr std::size_t kDayIndex = 3;
constexpr std::size_t kMonthIndex = 4;
constexpr std::size_t kWeekdayIndex = 5;

constexpr std::string_view kMonthNames[] = {"january",   "february", "march",    "april",
                                            "may",       "june",     "july",     "august",
                                            "september", "october",  "november", "december"};
constexpr std::string_view kWeekdayNames[] = {"sunday",   "monday", "tuesday", "wednesday",
                                              "thursday", "friday", "saturday"};

struct Rule {
  Clock clock;
  Bits months = 0;
  Bits days = 0;
  bool last_day = false;
  bool last_working_day = false;
  std::vector<int> days_before_last;
  std::vector<int> working_days;
  Bits weekdays = 0;
  Bits last_weekdays = 0;
  std::vector<std::pair<int, int>> nth_weekdays;  ///< Weekday and week.
};

void replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

/// Every name becomes its number, wherever it stands: the long ones first, then their short forms.
void replace_names(std::string& field, std::span<const std::string_view> names, int first_number) {
  field = lower(field);
  for (const std::size_t length : {std::string_view::npos, std::size_t{3}}) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      replace_all(field, names[i].substr(0, length),
                  std::to_string(static_cast<int>(i) + first_number));
    }
  }
}

bool is_allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-*/,#? ").find(c) != std::string_view::npos;
}

struct Range {
  std::int64_t first;
  std::int64_t last;
  std::int64_t step;
};

/// `1-5` and `1-5/2`.
std::optional<Range> range_in(std::string_view token) {
  const auto hyphen = token.find('-');
  if (hyphen == std::string_view::npos) return std::nullopt;
  const auto slash = token.find('/', hyphen);
  const auto first = token.substr(0, hyphen);
  const auto last = token.substr(hyphen + 1, slash - hyphen - 1);
  const auto step = slash == std::string_view::npos ? "1" : token.substr(slash + 1);
  if (!is_digits(first) || !is_digits(last) || !is_digits(step)) return std::nullopt;
  return Range{number_of(first), number_of(last), number_of(step)};
}

/// The values of a range, one that is turned round running over the end of the field; nothing if
/// one of them is beyond what the field takes.
std::optional<Bits> expand(const Range& range, const Field& field, int highest) {
  if (range.step == 0) return std::nullopt;
  const std::int64_t size = field.high - field.low + 1;
  const bool turned = range.first > range.last;
  const auto span =
      turned ? ((range.last - range.first) % size + size) % size : range.last - range.first;
  Bits bits = 0;
  for (std::int64_t offset = 0; offset <= span; offset += range.step) {
    auto value = range.first + offset;
    if (turned && value > field.high) value -= size;
    if (value < field.low || value > highest) return std::nullopt;
    bits |= bit(static_cast<int>(value));
  }
  return bits;
}

/// A list's plain values and ranges; the others go to `special`, which says whether it knows them.
template <typename Special>
Bits values_of(const Source& source, const Field& field, int highest, const std::string& text,
               const Special& special) {
  Bits bits = 0;
  for (const auto& spaced : split(text, ',')) {
    auto token = spaced;
    if (const auto star = token.find('*'); star != std::string::npos) {
      token.replace(star, 1, std::to_string(field.low) + "-" + std::to_string(field.high));
    }
    if (const auto range = range_in(token)) {
      const auto values = expand(*range, field, highest);
      if (!values) refuse(source, field, spaced);
      bits |= *values;
    } else if (is_digits(token)) {
      const auto value = number_of(token);
      if (value < field.low || value > highest) refuse(source, field, spaced);
      bits |= bit(static_cast<int>(value));
    } else if (!special(token)) {
      refuse(source, field, spaced);
    }
  }
  return bits;
}

Bits plain_values_of(const Source& source, const Field& field, const std::string& text) {
  return values_of(source, field, field.high, text, [](const std::string&) { return false; });
}

/// One or two digits within bounds.
std::optional<int> small_number(std::string_view digits, int low, int high) {
  if (digits.size() > 2 || !is_digits(digits)) return std::nullopt;
  const auto value = static_cast<int>(number_of(digits));
  if (value < low || value > high) return std::nullopt;
  return value;
}

bool read_day(const std::string& token, Rule& rule) {
  const auto day = upper(token);
  if (day == "L") return rule.last_day = true;
  if (day == "LW") return rule.last_working_day = true;
  if (day.starts_with("L-")) {
    const auto before = small_number(std::string_view(day).substr(2), 1, 30);
    if (before) rule.days_before_last.push_back(*before);
    return before.has_value();
  }
  if (!day.ends_with('W')) return false;
  const auto near = small_number(std::string_view(day).substr(0, day.size() - 1), 1, 31);
  if (near) rule.working_days.push_back(*near);
  return near.has_value();
}

bool read_weekday(const std::string& token, Rule& rule) {
  const auto text = upper(token);
  if (text.size() < 2 || text[0] < '0' || text[0] > '7') return false;
  const int weekday = (text[0] - '0') % 7;
  if (text.size() == 2 && text[1] == 'L') {
    rule.last_weekdays |= bit(weekday);
    return true;
  }
  if (text.size() != 3 || text[1] != '#' || text[2] < '1' || text[2] > '5') return false;
  rule.nth_weekdays.emplace_back(weekday, text[2] - '0');
  return true;
}

void require_possible_day(const Source& source, const Rule& rule) {
  constexpr int kMostDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (rule.last_day || rule.last_working_day || !rule.days_before_last.empty() ||
      !rule.working_days.empty()) {
    return;
  }
  const auto earliest = first_of(rule.days, 0);
  for (int month = 1; month <= 12; ++month) {
    if (has(rule.months, month) && earliest && *earliest <= kMostDays[month - 1]) return;
  }
  refuse(source, "no month that it names has such a day");
}

Rule rule_of(const Source& source, std::vector<std::string> fields) {
  if (fields.size() == 5) fields.insert(fields.begin(), "0");
  if (fields.size() != 6) refuse(source, "it takes five or six fields, or a name such as @daily");
  for (const auto index : {kDayIndex, kWeekdayIndex}) {
    if (fields[index] == "?") fields[index] = "*";
  }
  replace_names(fields[kMonthIndex], kMonthNames, 1);
  replace_names(fields[kWeekdayIndex], kWeekdayNames, 0);
  Rule rule;
  rule.clock = {plain_values_of(source, kFields[0], fields[0]),
                plain_values_of(source, kFields[1], fields[1]),
                plain_values_of(source, kFields[2], fields[2])};
  rule.days = values_of(source, kDay, kDay.high, fields[kDayIndex],
                        [&](const std::string& token) { return read_day(token, rule); });
  rule.months = plain_values_of(source, kMonth, fields[kMonthIndex]);
  rule.weekdays = values_of(source, kWeekday, kWeekday.high + 1, fields[kWeekdayIndex],
                            [&](const std::string& token) { return read_weekday(token, rule); });
  if (has(rule.weekdays, 7)) rule.weekdays |= bit(0);
  require_possible_day(source, rule);
  return rule;
}

bool is_month_day(const Rule& rule, const Date& date) {
  const auto near = [&](int day) {
    return day <= date.last_day && nearest_working_day(date, day) == date.day;
  };
  return has(rule.days, date.day) || (rule.last_day && date.day == date.last_day) ||
         (rule.last_working_day && near(date.last_day)) ||
         std::any_of(rule.working_days.begin(), rule.working_days.end(), near) ||
         std::any_of(rule.days_before_last.begin(), rule.days_before_last.end(),
                     [&](int before) { return date.day == date.last_day - before; });
}

bool is_weekday(const Rule& rule, const Date& date) {
  return has(rule.weekdays, date.weekday) ||
         (has(rule.last_weekdays, date.weekday) && date.in_last_week()) ||
         std::any_of(rule.nth_weekdays.begin(), rule.nth_weekdays.end(), [&](const auto& nth) {
           return nth.first == date.weekday && nth.second == date.week();
         });
}

/// The first firing of a local day after an instant: a day has one change of offset at most, and
/// each side of it is searched with its own offset.
std::optional<std::int64_t> first_on(const Clock& clock, std::int64_t day, const TimeZone& zone,
                                     std::int64_t after) {
  const auto start = day * kDaySeconds;
  const auto low = start - 14 * kHourSeconds;
  const auto high = start + kDaySeconds + 12 * kHourSeconds;
  const int before = zone.offset_at(low);
  const int later = zone.offset_at(high);
  const auto change = before == later ? high : change_between(zone, low, high);
  const auto search = [&](int offset, std::int64_t from) -> std::optional<std::int64_t> {
    const auto in_day = std::max<std::int64_t>(from + offset - start, 0);
    if (in_day >= kDaySeconds) return std::nullopt;
    const auto found = clock.first(in_day);
    if (!found) return std::nullopt;
    return start + *found - offset;
  };
  const auto early = search(before, after + 1);
  if (early && *early < change) return early;
  return search(later, std::max(after + 1, change));
}

std::optional<std::int64_t> next_firing(const Rule& rule, std::int64_t after,
                                        const TimeZone& zone) {
  constexpr int kMostDays = 366 * 100;
  const auto first_day = Wall(local_at(zone, after)).days;
  for (auto day = first_day; day < first_day + kMostDays; ++day) {
    const auto date = date_of(day);
    if (!has(rule.months, date.month) || !is_month_day(rule, date) || !is_weekday(rule, date)) {
      continue;
    }
    if (const auto found = first_on(rule.clock, day, zone, after)) return found;
  }
  return std::nullopt;
}

}  // namespace

Schedule::Next parse_typescript(const Source& source) {
  const auto text = nickname(lower(trimmed(source.text))).value_or(std::string(source.text));
  if (!std::all_of(text.begin(), text.end(), is_allowed)) {
    refuse(source, "it has characters that this parser does not take");
  }
  return [rule = rule_of(source, words(text))](std::int64_t after, const TimeZone& zone) {
    return next_firing(rule, after, zone);
  };
}

}  // namespace dbosc::cron
