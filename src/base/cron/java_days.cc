#include <algorithm>

#include "base/cron/java.h"

// Which days an expression of cron-utils means: both fields must match, an open one is left out,
// and the marks mean less in a list than alone.
namespace dbosc::cron {
namespace {

using Kind = JavaItem::Kind;
using Mark = JavaItem::Mark;

Bits one_day(int day, int last_day) { return day >= 1 && day <= last_day ? bit(day) : 0; }

int working_day(const Date& month, int day) {
  // A Sunday that ends the month stays.
  const int weekday = date_of(days_of(month.year, month.month, day)).weekday;
  return weekday == 0 && day == month.last_day ? day : nearest_working_day(month, day);
}

Bits marked_day(const JavaItem& item, const Date& month) {
  if (item.mark == Mark::kWorkingDay) {
    return one_day(working_day(month, *item.value), month.last_day);
  }
  if (item.mark == Mark::kLastWorkingDay) {
    return one_day(nearest_working_day(month, month.last_day), month.last_day);
  }
  return one_day(month.last_day - item.number.value_or(0), month.last_day);
}

Bits month_days(const JavaField& field, const Date& month) {
  Bits bits = 0;
  for (const auto& item : field.items) {
    const int low = item.value.value_or(kDay.low);
    const int high = std::min(item.last.value_or(kDay.high), month.last_day);
    if (item.kind == Kind::kAlways) {
      bits |= range_of(1, month.last_day);
    } else if (item.kind == Kind::kOn && item.mark != Mark::kNone && !field.is_list()) {
      bits |= marked_day(item, month);
    } else if (item.kind == Kind::kOn) {
      if (item.value && (item.mark == Mark::kNone || item.mark == Mark::kWorkingDay ||
                         item.mark == Mark::kLast)) {
        bits |= one_day(*item.value, month.last_day);
      }
    } else if (item.last && low > *item.last) {
      const bool inside =
          item.kind == Kind::kBetween ? low <= month.last_day : low < month.last_day;
      if (!field.is_list() && inside) bits |= bit(low);
    } else if (item.kind != Kind::kOpen) {
      bits |= range_of(low, high, item.period);
    }
  }
  return bits;
}

/// Days with the given days of week, where 7 is Sunday as well.
Bits days_with(Bits weekdays, const Date& first) {
  if (has(weekdays, 7)) weekdays |= bit(0);
  Bits bits = 0;
  for (int day = 1; day <= first.last_day; ++day) {
    if (has(weekdays, (first.weekday + day - 1) % 7)) bits |= bit(day);
  }
  return bits;
}

Bits on_weekday(const JavaItem& item, const Date& first) {
  // `L` alone is every Sunday.
  const Bits all = days_with(bit(item.value.value_or(0)), first);
  if (item.mark == Mark::kNone || !item.value) return all;
  const auto earliest = first_of(all, 1);
  if (item.mark == Mark::kNth) {
    return one_day(*earliest + (*item.number - 1) * 7, first.last_day);
  }
  return all & range_of(first.last_day - 6, first.last_day);
}

Bits week_days(const JavaField& field, const Date& first) {
  Bits bits = 0;
  for (const auto& item : field.items) {
    const int low = item.value.value_or(0);
    const int high = item.last.value_or(7);
    if (item.kind == Kind::kAlways) {
      bits |= days_with(range_of(0, 6), first);
    } else if (item.kind == Kind::kOn) {
      bits |= on_weekday(item, first);
    } else if (item.kind == Kind::kBetween && low > high) {
      bits |= days_with(range_of(low, 7) | range_of(0, high), first);
    } else if (item.kind != Kind::kOpen) {
      bits |= days_with(range_of(low, high, item.period), first);
    }
  }
  return bits;
}

}  // namespace

Bits java_days_of(const JavaRule& rule, const Date& first) {
  if (rule.days.is(Kind::kOpen)) return week_days(rule.weekdays, first);
  if (rule.weekdays.is(Kind::kOpen)) return month_days(rule.days, first);
  return month_days(rule.days, first) & week_days(rule.weekdays, first);
}

}  // namespace dbosc::cron
