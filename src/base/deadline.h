#pragma once

#include <algorithm>
#include <chrono>
#include <climits>

namespace dbosc {

using MonotonicClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// The instant by which something must have ended, on the monotonic clock: a stepped wall clock
/// moves nothing.
class Deadline {
 public:
  static Deadline never() { return Deadline(MonotonicClock::time_point::max()); }
  static Deadline at_time(MonotonicClock::time_point instant) { return Deadline(instant); }
  static Deadline in(milliseconds span) {
    const auto now = MonotonicClock::now();
    // In milliseconds: a span of years would overflow in the clock's own unit.
    const auto room = std::chrono::floor<milliseconds>(MonotonicClock::time_point::max() - now);
    return span >= room ? never() : Deadline(now + span);
  }

  bool is_never() const { return at_ == MonotonicClock::time_point::max(); }
  bool expired() const { return !is_never() && MonotonicClock::now() >= at_; }
  MonotonicClock::time_point at() const { return at_; }
  Deadline or_earlier(Deadline other) const { return Deadline(std::min(at_, other.at_)); }

  /// Milliseconds for poll(2): -1 for never, rounded up so that a wait does not end just before the
  /// deadline.
  int poll_timeout() const {
    if (is_never()) return -1;
    const auto left = std::chrono::ceil<milliseconds>(at_ - MonotonicClock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, INT_MAX));
  }

 private:
  explicit Deadline(MonotonicClock::time_point at) : at_(at) {}
  MonotonicClock::time_point at_;
};

}  // namespace dbosc
