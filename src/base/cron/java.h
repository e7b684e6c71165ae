#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/cron/calendar.h"
#include "base/cron/source.h"

namespace dbosc::cron {

/// A field's expression as cron-utils reads it. What it means depends on where it stands: alone, in
/// a list, and in which field.
struct JavaItem {
  enum class Kind { kAlways, kOpen, kOn, kBetween, kEvery };  ///< kOpen is the question mark.
  enum class Mark { kNone, kLast, kWorkingDay, kLastWorkingDay, kNth };

  Kind kind = Kind::kAlways;
  Mark mark = Mark::kNone;      ///< Of kOn.
  std::optional<int> value{};   ///< Of kOn; the first value of kEvery and kBetween.
  std::optional<int> number{};  ///< Of kOn: days before the last, or the week.
  std::optional<int> last{};    ///< Of kBetween and of kEvery over a range.
  int period = 1;               ///< Of kEvery.
};

/// A field: one item, or a list of them.
struct JavaField {
  std::vector<JavaItem> items;

  bool is_list() const { return items.size() > 1; }
  bool is(JavaItem::Kind kind) const { return !is_list() && items[0].kind == kind; }
};

struct JavaRule {
  Clock clock;
  Bits months = 0;
  JavaField days;
  JavaField weekdays;
};

/// One expression without `|`.
JavaRule read_java(const Source& source, const std::string& text);

/// The days of a month on which a rule fires.
Bits java_days_of(const JavaRule& rule, const Date& first_of_month);

}  // namespace dbosc::cron
