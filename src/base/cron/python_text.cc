#include <algorithm>

#include "base/cron/python.h"

namespace dbosc::cron {
namespace {

using Values = PythonRule::Values;

constexpr int kLastWeek = 0;

constexpr std::string_view kRandom =
    "R stands for random times, which are others after each restart and for each process";

struct Range {
  std::string low;
  std::string high;
  std::string step;
  bool start_and_step = false;  ///< `5/10`, not a range that was written as one.
};

/// What a text says if it is of the form low-high or low-high/step.
std::optional<Range> written_range(std::string_view text) {
  const auto hyphen = text.find('-');
  if (hyphen == 0 || hyphen == std::string_view::npos) return std::nullopt;
  const auto rest = text.substr(hyphen + 1);
  const auto slash = rest.find('/');
  const auto high = rest.substr(0, slash);
  const auto step = slash == std::string_view::npos ? "1" : rest.substr(slash + 1);
  if (high.empty() || high.find('-') != std::string_view::npos || !is_digits(step)) {
    return std::nullopt;
  }
  return Range{std::string(text.substr(0, hyphen)), std::string(high), std::string(step)};
}

std::optional<Range> range_in(const Field& field, const std::string& item) {
  const auto highest = std::to_string(field.high);
  if (item.size() > 2 && item.starts_with("*/")) {
    auto text = std::to_string(field.low) + "-" + highest + item.substr(1);
    if (auto range = written_range(text)) return range;
  }
  if (auto range = written_range(item)) return range;
  const auto slash = item.rfind('/');
  if (slash == std::string::npos || slash == 0) return std::nullopt;
  auto range = written_range(item.substr(0, slash) + "-" + highest + item.substr(slash));
  if (range) range->start_and_step = true;
  return range;
}

class Reader {
 public:
  explicit Reader(const Source& source) : source_(source) {}

  PythonRule read() {
    auto fields = words(aliased());
    if (fields.size() < 5 || fields.size() > 7) {
      refuse(source_, "it takes five, six or seven fields, or a name such as @daily");
    }
    rule_.has_seconds = fields.size() > 5;
    if (!rule_.has_seconds) fields.insert(fields.begin(), "0");
    rule_.seconds = values_of(kSecond, fields[0]);
    rule_.minutes = values_of(kMinute, fields[1]);
    rule_.hours = values_of(kHour, fields[2]);
    rule_.days = values_of(kDay, fields[3]);
    rule_.months = values_of(kMonth, fields[4]);
    rule_.weekdays = values_of(kWeekday, fields[5]);
    rule_.years = values_of(kYear, fields.size() == 7 ? fields[6] : "*");
    open_days(fields[3], fields[5]);
    require_one_kind_of_weekday();
    return std::move(rule_);
  }

 private:
  std::string aliased() const {
    const auto text = lower(source_.text);
    return nickname(text).value_or(text);
  }

  Values values_of(const Field& field, const std::string& text) {
    if (text.starts_with('r')) refuse(source_, std::string(kRandom));
    Values values;
    if (text == "?" && (is(field, kDay) || is(field, kWeekday))) {
      values.star = true;
      return values;
    }
    for (const auto& item : split(text, ',')) read_item(field, item, text == item, values);
    const auto all = static_cast<std::size_t>(field.high - field.low + 1);
    const auto count = values.numbers.size() + values.star + values.last;
    if (count == all && !is(field, kDay) && !is(field, kWeekday)) values.star = true;
    return values;
  }

  static bool is(const Field& field, const Field& other) { return field.name == other.name; }

  void read_item(const Field& field, const std::string& item, bool alone, Values& values) {
    if (is(field, kDay) && read_working_day(item, alone, values)) return;
    if (is(field, kWeekday) && read_nth_weekday(item, values)) return;
    read_plain(field, item, values);
  }

  bool read_working_day(const std::string& item, bool alone, Values& values) {
    if (!item.starts_with('w') && !item.ends_with('w')) return false;
    const auto digits = item.starts_with('w') ? item.substr(1) : item.substr(0, item.size() - 1);
    if (!is_digits(digits)) return false;
    const auto day = number_of(digits);
    if (day < kDay.low || day > kDay.high || !alone) refuse(source_, kDay, item);
    rule_.working_day = static_cast<int>(day);
    values.numbers.insert(rule_.working_day);
    return true;
  }

  /// `1#2`, `mon-wed#2` and `l5`.
  bool read_nth_weekday(const std::string& item, Values& values) {
    if (item.starts_with('l') && is_digits(item.substr(1))) {
      add_nth(item.substr(1), kLastWeek, values);
      return true;
    }
    const auto hash = item.find('#');
    if (hash == std::string::npos) return false;
    const auto which = item.substr(0, hash);
    const auto week = item.substr(hash + 1);
    const auto ends = split(which, '-');
    const bool names = ends.size() == 2 && weekday_of(ends[0]) && weekday_of(ends[1]);
    if (!is_digits(week) || number_of(week) < 1 || number_of(week) > 5 ||
        (ends.size() > 1 && !names) || which.find('/') != std::string::npos) {
      refuse(source_, kWeekday, item);
    }
    add_nth(which, static_cast<int>(number_of(week)), values);
    return true;
  }

  void add_nth(const std::string& which, int week, Values& values) {
    Values days;
    read_plain(kWeekday, which, days);
    if (days.star) refuse(source_, kWeekday, which);
    for (const int weekday : days.numbers) {
      rule_.nth_weekdays.emplace_back(weekday, week);
      values.numbers.insert(weekday);
    }
  }

  void read_plain(const Field& field, const std::string& item, Values& values) {
    if (const auto range = range_in(field, item)) {
      for (const auto value : expand(field, *range, item)) {
        if (value < field.low || value > field.high) refuse(source_, field, item);
        values.numbers.insert(value);
      }
    } else if (item == "*") {
      values.star = true;
    } else if (item == "l" && is(field, kDay)) {
      values.last = true;
    } else {
      const auto value = value_of(field, item, item);
      if (value < field.low || value > field.high) refuse(source_, field, item);
      values.numbers.insert(static_cast<int>(value));
    }
  }

  std::int64_t value_of(const Field& field, const std::string& token, const std::string& item) {
    std::optional<std::int64_t> value;
    if (is_digits(token)) value = number_of(token);
    if (is(field, kMonth) && !value) value = month_of(token);
    if (is(field, kWeekday) && !value) value = weekday_of(token);
    if (!value) refuse(source_, field, item);
    return is(field, kWeekday) && *value == 7 ? 0 : *value;
  }

  std::vector<int> expand(const Field& field, const Range& range, const std::string& item) {
    const bool to_last = is(field, kDay) && range.high == "l";
    auto low = value_of(field, range.low, item);
    auto high = to_last ? kDay.high : value_of(field, range.high, item);
    const auto step = number_of(range.step);
    if (step == 0 || std::max(low, high) > field.high) refuse(source_, field, item);
    if (range.start_and_step && low == high) return {static_cast<int>(low)};
    // A range from a value to itself is the whole field.
    if (low == high) {
      low = field.low;
      high = field.high;
    }
    std::vector<int> values;
    const auto add = [&](std::int64_t from, std::int64_t to) {
      for (auto value = from; value <= to; value += step) values.push_back(static_cast<int>(value));
    };
    if (low <= high) {
      add(low, high);
    } else {
      add(low, field.high);
      add(field.low + skipped_after_turn(field, values.back(), step), high);
    }
    return values;
  }

  /// How far behind the start of the field a range goes on that runs over the end of it. This is
  /// not quite the rest of the step: croniter does it so.
  static std::int64_t skipped_after_turn(const Field& field, int last, std::int64_t step) {
    const auto size = field.high - field.low + 1;
    const auto left = field.high - last;
    const bool beyond = (last - field.low) + step > size;
    return beyond && left < step ? step - left : 0;
  }

  /// Day fields that name every value count as open only beside a star, so that `1-31 * MON` fires
  /// daily: both fields are restricted, and either is enough.
  void open_days(const std::string& days, const std::string& weekdays) {
    const auto open = [](Values& values, const Field& field, const std::string& other) {
      const auto all = static_cast<std::size_t>(field.high - field.low + 1);
      const auto count = values.numbers.size() + values.star + values.last;
      if (count == all && other.find('*') != std::string::npos) values.star = true;
    };
    open(rule_.days, kDay, weekdays);
    open(rule_.weekdays, kWeekday, days);
  }

  void require_one_kind_of_weekday() const {
    if (rule_.nth_weekdays.empty()) return;
    auto others = rule_.weekdays.numbers;
    if (others.size() == 7) return;
    for (const auto& nth : rule_.nth_weekdays) others.erase(nth.first);
    if (!others.empty()) {
      refuse(source_, "plain days of week and those of a certain week do not go together");
    }
  }

  const Source& source_;
  PythonRule rule_;
};

}  // namespace

PythonRule read_python(const Source& source) { return Reader(source).read(); }

}  // namespace dbosc::cron
