#pragma once

#include <array>

#include "base/cancel.h"
#include "base/deadline.h"

struct pollfd;

namespace dbosc {

/// What ends a call early: its deadline, its caller's cancel token, the closing of its client.
/// Travels to the lowest wait.
struct Limits {
  Deadline deadline = Deadline::never();
  const Cancel* cancel = nullptr;   ///< The caller's; may be null.
  const Cancel* closing = nullptr;  ///< The client's; may be null.

  bool stopped() const {
    return (cancel && cancel->triggered()) || (closing && closing->triggered()) ||
           deadline.expired();
  }
  /// Throws what ended the call, if anything has: CANCELLED, INVALID_STATE `closed` or TIMEOUT.
  void check() const;

  Limits until(Deadline other) const { return {deadline.or_earlier(other), cancel, closing}; }

  /// Waits for `events` on `fd` (-1: for nothing); throws as `check` when the call must end first.
  /// Returns the events that came, never 0.
  short wait_for(int fd, short events) const;
  /// Sleeps until `wake_at`; throws as `check` when the call must end first.
  void sleep_until(Deadline wake_at) const;

 private:
  short poll_until(Deadline end, int fd, short events) const;
};

}  // namespace dbosc
