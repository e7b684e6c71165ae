#pragma once

#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "base/limits.h"
#include "sql/health.h"

namespace dbosc::sql {

/// A write was sent and its answer did not come; `identity` is what the caller can ask for.
Error outcome_unknown(const Error& cause, std::span<const Detail> identity);

struct RetryRules {
  RetryRules(bool lost_connections, Health* observer = nullptr)
      : retry_lost_connections(lost_connections), health(observer) {}
  bool retry_lost_connections;
  Health* health;  ///< Hears how it went; may be null.
};

/// Decides after each failure whether to try again, and says honestly how it ended. Pauses between
/// tries grow with jitter.
class RetryLoop {
 public:
  RetryLoop(const Limits& limits, RetryRules rules) : limits_(limits), rules_(rules) {}
  RetryLoop(Limits&& limits, RetryRules rules) = delete;  // they have to outlive it

  /// Returns to try again, or throws: the failure itself, or OUTCOME_UNKNOWN with `identity` when
  /// an earlier or this try may have been applied and nobody can tell within the limits.
  void after(Error failure, std::span<const Detail> identity);
  void succeeded() {
    if (rules_.health) rules_.health->answered();
  }

 private:
  milliseconds next_pause(Retry retry);

  const Limits& limits_;
  const RetryRules rules_;
  bool may_be_applied_ = false;
  std::optional<Error> lost_;  ///< The last failure of a connection that was worth another try.
  int tries_ = 0;
};

/// Runs `attempt` until it ends for good. Its statements must be safe to repeat: every id and time
/// fixed before the first try. `identity` names them for the caller who must find out later; empty
/// for reads.
template <class Attempt>
auto with_retry(const Limits& limits, RetryRules rules, std::span<const Detail> identity,
                Attempt&& attempt) {
  RetryLoop loop(limits, rules);
  for (;;) {
    try {
      if constexpr (std::is_void_v<decltype(attempt())>) {
        attempt();
        return loop.succeeded();
      } else {
        auto answer = attempt();
        loop.succeeded();
        return answer;
      }
    } catch (Error& error) {
      loop.after(std::move(error), identity);
    }
  }
}

}  // namespace dbosc::sql
