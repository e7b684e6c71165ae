#include <algorithm>

#include "base/cron/java.h"

namespace dbosc::cron {
namespace {

using Item = JavaItem;
using Kind = JavaItem::Kind;
using Mark = JavaItem::Mark;

// Here 7 is a day of its own, Sunday as well, until it stands by itself.
constexpr Field kWeekdayToSeven{kWeekday.name, 0, 7};

bool is(const Field& field, const Field& other) { return field.name == other.name; }

/// Java's String.split: what is empty at the end is left out.
std::vector<std::string> split_java(const std::string& text, char separator) {
  auto parts = split(text, separator);
  while (!parts.empty() && parts.back().empty()) parts.pop_back();
  return parts;
}

class Reader {
 public:
  Reader(const Source& source, const Field& field) : source_(source), field_(field) {}

  JavaField read(std::string text) const {
    if (text.ends_with(',')) refuse(source_, field_, text);
    if (is(field_, kWeekday) && text.ends_with('L')) {
      const auto name = named(text.substr(0, text.size() - 1));
      if (name) text = std::to_string(*name) + "L";
    }
    JavaField found;
    for (const auto& item : split(text, ',')) found.items.push_back(read_item(item));
    for (const auto& item : found.items) check(item, text);
    return found;
  }

 private:
  [[noreturn]] void wrong(const std::string& item) const { refuse(source_, field_, item); }

  Item read_item(const std::string& text) const {
    const bool range = text.find('-') != std::string::npos;
    if (!range && text.find('/') == std::string::npos) return read_single(text);
    if (!range) return read_step(text);
    const auto ends = split_java(text, '-');
    if (ends.size() != 2) wrong(text);
    if (ends[0] == "L") return on(Mark::kLast, std::nullopt, value_of(ends[1]));
    return read_range(text, ends[0], ends[1]);
  }

  Item read_single(const std::string& text) const {
    if (text == "*") return {};
    if (text == "?") {
      if (!is(field_, kDay) && !is(field_, kWeekday)) wrong(text);
      return {Kind::kOpen};
    }
    if (text.find('#') != std::string::npos) return read_nth(text);
    if (text == "LW") return on(Mark::kLastWorkingDay, std::nullopt, std::nullopt);
    if (text == "L") return on(Mark::kLast, std::nullopt, std::nullopt);
    if (follows_digit(text, 'L')) return on(Mark::kLast, value_of(without(text, 'L')), {});
    if (follows_digit(text, 'W')) return on(Mark::kWorkingDay, value_of(without(text, 'W')), {});
    return on(Mark::kNone, value_of(text), std::nullopt);
  }

  Item read_nth(const std::string& text) const {
    const auto parts = split_java(text, '#');
    if (!is(field_, kWeekday) || parts.size() < 2 || parts[0].empty()) wrong(text);
    return on(Mark::kNth, value_of(parts[0]), value_of(parts[1]));
  }

  Item read_step(const std::string& text) const {
    const auto parts = split_java(text, '/');
    if (parts.size() != 2) wrong(text);
    Item item{Kind::kEvery};
    item.period = integer(parts[1]);
    if (parts[0] == "*" && parts[1] == "1") return {};
    if (parts[0] != "*" && !parts[0].empty()) item.value = value_of(parts[0]);
    return item;
  }

  Item read_range(const std::string& text, const std::string& low, const std::string& high) const {
    const auto parts = split_java(high, '/');
    const bool stepped = high.find('/') != std::string::npos;
    if (low.empty() || parts.empty() || (stepped && parts.size() < 2)) wrong(text);
    Item item{stepped ? Kind::kEvery : Kind::kBetween};
    item.value = bound_of(low);
    item.last = bound_of(parts[0]);
    if (stepped) item.period = value_of(parts[1]);
    return item;
  }

  static Item on(Mark mark, std::optional<int> value, std::optional<int> number) {
    return {Kind::kOn, mark, value, number};
  }

  static bool follows_digit(const std::string& text, char letter) {
    for (auto at = text.find(letter); at != std::string::npos; at = text.find(letter, at + 1)) {
      if (at > 0 && is_digits(text.substr(at - 1, 1))) return true;
    }
    return false;
  }

  static std::string without(std::string text, char letter) {
    std::erase(text, letter);
    return text;
  }

  std::optional<int> named(const std::string& text) const {
    if (is(field_, kMonth)) return month_of(lower(text));
    if (!is(field_, kWeekday)) return std::nullopt;
    const auto weekday = weekday_of(lower(text));
    return weekday == 0 ? 7 : weekday;
  }

  int integer(const std::string& text) const {
    const auto digits = text.starts_with('+') ? text.substr(1) : text;
    if (!is_digits(digits) || number_of(digits) > field_.high + 1) wrong(text);
    return static_cast<int>(number_of(digits));
  }

  int bound_of(const std::string& text) const {
    const auto name = named(text);
    return name ? *name : integer(text);
  }

  int value_of(const std::string& text) const {
    const int value = bound_of(text);
    return is(field_, kWeekday) && value == 7 ? 0 : value;
  }

  bool in_field(std::optional<int> value) const {
    return !value || (*value >= field_.low && *value <= field_.high);
  }

  /// Hours, minutes and seconds take no range that is turned round.
  bool is_strict() const { return is(field_, kSecond) || is(field_, kMinute) || is(field_, kHour); }

  bool knows(Mark mark) const {
    if (mark == Mark::kLast) return is(field_, kDay) || is(field_, kWeekday);
    if (mark == Mark::kNone || mark == Mark::kNth) return true;
    return is(field_, kDay);
  }

  void check(const Item& item, const std::string& text) const {
    const bool turned = item.last && *item.value > *item.last;
    if (!knows(item.mark) || !in_field(item.value) || !in_field(item.number) ||
        !in_field(item.last) || (turned && is_strict())) {
      wrong(text);
    }
    const int most = std::min(field_.high, field_.high - field_.low + 1);
    if (item.kind == Kind::kEvery && (item.period < 1 || item.period > most)) wrong(text);
  }

  const Source& source_;
  const Field& field_;
};

/// The values of a field that does not depend on the month.
Bits plain_values(const Field& field, const JavaField& read) {
  Bits bits = 0;
  for (const auto& item : read.items) {
    const int low = item.value.value_or(field.low);
    if (item.kind == Kind::kAlways) {
      bits |= range_of(field.low, field.high);
    } else if (item.kind == Kind::kOn) {
      bits |= bit(low);
    } else if (item.last && low > *item.last) {
      // A month range that is turned round is its first month, and nothing in a list.
      if (!read.is_list() && (item.kind == Kind::kBetween || low < field.high)) bits |= bit(low);
    } else {
      bits |= range_of(low, item.last.value_or(field.high), item.period);
    }
  }
  return bits;
}

/// Some expressions pass the parser, and then the scheduler's poll fails on them: no schedule of
/// the application is started or changed any more.
void require_harmless(const Source& source, const JavaRule& rule) {
  if (rule.months == 0) refuse(source, "it names no month that the scheduler could use");
  for (const auto& item : rule.days.items) {
    if (item.kind == Kind::kOpen && rule.days.is_list()) {
      refuse(source, "a question mark in a list of days of the month stops the scheduler");
    }
    const bool working_day = item.mark == Mark::kWorkingDay && !rule.days.is_list();
    const auto short_month = [&](int month) {
      constexpr int kFewestDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
      return has(rule.months, month) && *item.value > kFewestDays[month - 1];
    };
    for (int month = 1; working_day && month <= 12; ++month) {
      if (short_month(month)) {
        refuse(source, "the scheduler stops in a month that has no such day before W");
      }
    }
  }
  for (const auto& item : rule.weekdays.items) {
    if (item.kind == Kind::kEvery && item.last && *item.value > *item.last) {
      refuse(source, "a step over days of week that are turned round stops the scheduler");
    }
  }
}

}  // namespace

JavaRule read_java(const Source& source, const std::string& text) {
  const auto fields = words(upper(text));
  if (fields.size() != 6) {
    refuse(source, "it takes six fields, the seconds first, or a name such as @daily");
  }
  const auto plain = [&](const Field& field, const std::string& written) {
    return plain_values(field, Reader(source, field).read(written));
  };
  JavaRule rule;
  rule.clock = {plain(kSecond, fields[0]), plain(kMinute, fields[1]), plain(kHour, fields[2])};
  rule.days = Reader(source, kDay).read(fields[3]);
  rule.months = plain(kMonth, fields[4]);
  rule.weekdays = Reader(source, kWeekdayToSeven).read(fields[5]);
  require_harmless(source, rule);
  return rule;
}

}  // namespace dbosc::cron
