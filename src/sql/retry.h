#pragma once

#include <span>
#include <utility>

#include "base/error.h"
#include "base/limits.h"

namespace dbosc::sql {

/// A write was sent and its answer did not come; `identity` is what the caller can ask for.
Error outcome_unknown(const Error& cause, std::span<const Detail> identity);

/// Decides after each failure whether to try again, and says honestly how it ended. Pauses between
/// tries grow with jitter.
class RetryLoop {
 public:
  RetryLoop(const Limits& limits, bool retry_lost_connections)
      : limits_(limits), retry_lost_connections_(retry_lost_connections) {}

  /// Returns to try again, or throws: the failure itself, or OUTCOME_UNKNOWN with `identity` when
  /// an earlier or this try may have been applied and nobody can tell within the limits.
  void after(Error failure, std::span<const Detail> identity);

 private:
  milliseconds next_pause(Retry retry);

  const Limits& limits_;
  const bool retry_lost_connections_;
  bool may_be_applied_ = false;
  int tries_ = 0;
};

/// Runs `attempt` until it ends for good. Its statements must be safe to repeat: every id and time
/// fixed before the first try. `identity` names them for the caller who must find out later; empty
/// for reads.
template <class Attempt>
auto with_retry(const Limits& limits, bool retry_lost_connections, std::span<const Detail> identity,
                Attempt&& attempt) {
  RetryLoop loop(limits, retry_lost_connections);
  for (;;) {
    try {
      return attempt();
    } catch (Error& error) {
      loop.after(std::move(error), identity);
    }
  }
}

}  // namespace dbosc::sql
