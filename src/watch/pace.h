#pragma once

#include <algorithm>
#include <cstdint>
#include <random>

#include "base/deadline.h"

namespace dbosc::watch {

using std::chrono::microseconds;

/// The time between two looks at what has just been asked for: the mean wake-up is half of it.
inline constexpr milliseconds kYoungTick{7};

/// Time to the next look at something that has been awaited for `age`. It grows with the square of
/// the age: whoever waits for something quick is told in milliseconds for the first seconds, and a
/// wait of a minute costs the database as little as `ceiling` allows.
inline microseconds tick_after(MonotonicClock::duration age, milliseconds ceiling) {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  constexpr Milliseconds kPatience = std::chrono::seconds(4000);
  const double grown = Milliseconds(age) / kPatience * Milliseconds(age).count();
  // Compared before the conversion: a wait of years has no such number of microseconds.
  if (grown >= static_cast<double>(ceiling.count())) return ceiling;
  const auto more = microseconds(static_cast<std::int64_t>(grown * 1000));
  return std::min<microseconds>(kYoungTick + more, ceiling);
}

/// Pause before the next try after `failures` in a row.
inline milliseconds pause_after(int failures) {
  return std::min(milliseconds(20) * (1 << std::min(failures, 10)), milliseconds(5000));
}

/// Up to a tenth less: many clients must not tick together.
inline microseconds with_jitter(microseconds interval) {
  thread_local std::minstd_rand engine{std::random_device{}()};
  const auto tenth = interval.count() / 10;
  return interval - microseconds(std::uniform_int_distribution<std::int64_t>(0, tenth)(engine));
}

}  // namespace dbosc::watch
