#pragma once

#include <set>
#include <utility>
#include <vector>

#include "base/cron/calendar.h"
#include "base/cron/source.h"

namespace dbosc::cron {

/// An expression as croniter understands it.
struct PythonRule {
  /// One field: its values, and a star or `L` among them.
  struct Values {
    std::set<int> numbers;
    bool star = false;
    bool last = false;
  };

  Values seconds;
  Values minutes;
  Values hours;
  Values days;
  Values months;
  Values weekdays;
  Values years;
  bool has_seconds = false;  ///< Otherwise it fires on whole minutes.
  int working_day = 0;       ///< `15W`; takes the place of the days.
  /// Weekday and week, 0 being the last; takes the place of the weekdays.
  std::vector<std::pair<int, int>> nth_weekdays;
};

PythonRule read_python(const Source& source);

}  // namespace dbosc::cron
