#pragma once

#include <algorithm>
#include <random>

#include "base/deadline.h"

namespace dbosc::watch {

/// Time to the next look at something that has been awaited for `age`: a few milliseconds while it
/// is young, a hundredth of its age later, so that looking late costs a hundredth of the wait and
/// an old wait costs the database little.
inline milliseconds tick_after(MonotonicClock::duration age, milliseconds ceiling,
                               milliseconds floor = milliseconds(6)) {
  using std::chrono::duration_cast;
  const auto grown = duration_cast<milliseconds>(age) / 100;
  return std::min(std::max(grown, floor), ceiling);
}

/// The same where so many wait that a hit costs a second statement.
inline milliseconds tick_after_many(MonotonicClock::duration age, milliseconds ceiling) {
  return tick_after(age, ceiling, milliseconds(8));
}

/// Pause before the next try after `failures` in a row.
inline milliseconds pause_after(int failures) {
  return std::min(milliseconds(20) * (1 << std::min(failures, 10)), milliseconds(5000));
}

/// Up to a tenth less: many clients must not tick together.
inline milliseconds with_jitter(milliseconds interval) {
  thread_local std::minstd_rand engine{std::random_device{}()};
  const auto tenth = interval.count() / 10;
  return interval - milliseconds(std::uniform_int_distribution<long long>(0, tenth)(engine));
}

}  // namespace dbosc::watch
