#include "sql/retry.h"

#include <algorithm>
#include <random>

namespace dbosc::sql {
namespace {

/// A number in [0.5, 1.5): callers that failed together must not come back together.
double jitter() {
  thread_local std::minstd_rand engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.5, 1.5)(engine);
}

}  // namespace

Error outcome_unknown(const Error& cause, std::span<const Detail> identity) {
  Error error(Code::kOutcomeUnknown, "outcome_unknown",
              "the write was sent and its answer did not arrive (" + cause.message +
                  "); it may have been applied: ask for it, or repeat it with the same ids");
  error.details.assign(identity.begin(), identity.end());
  return error.with("cause", cause.kind);
}

milliseconds RetryLoop::next_pause(Retry retry) {
  // A serialization failure wants 1-50 ms; a lost server is tried at once, then at most every 5 s.
  const int exponent = std::min(tries_ - 1, 8);
  const double base = retry == Retry::kAtOnce ? std::min(1 << exponent, 32)
                      : tries_ == 1           ? 0
                                              : std::min(20 << exponent, 5000);
  return milliseconds(static_cast<long long>(base * jitter()));
}

void RetryLoop::after(Error failure, std::span<const Detail> identity) {
  may_be_applied_ |= failure.may_be_applied;
  ++tries_;
  const bool allowed = failure.retry == Retry::kAtOnce ||
                       (failure.retry == Retry::kReconnect && rules_.retry_lost_connections);
  // A connection that was refused has been told by who made it.
  if (rules_.health && failure.retry == Retry::kReconnect && failure.settles) {
    rules_.health->failed(failure);
  }
  if (allowed && !limits_.stopped()) {
    try {
      limits_.sleep_until(Deadline::in(next_pause(failure.retry)));
      if (rules_.health) rules_.health->retrying(failure, tries_);
      if (failure.retry == Retry::kReconnect) lost_ = std::move(failure);
      return;
    } catch (Error& stop) {
      // A passed deadline says less than the failure that used the time up; a cancel says more.
      if (stop.code != Code::kTimeout) failure = std::move(stop);
    }
  }
  // The same where it passed on the way to the next connection.
  if (lost_ && failure.code == Code::kTimeout && !failure.settles) failure = *std::move(lost_);
  // A refusal by the server is certain whatever happened before: the statement is safe to repeat
  // and was judged again. A rollback in favour of somebody else is no judgement.
  const bool certain = failure.settles && !failure.may_be_applied &&
                       failure.retry == Retry::kNever && failure.code != Code::kTimeout &&
                       failure.code != Code::kCancelled && failure.code != Code::kUnavailable &&
                       failure.kind != "closed";
  if (may_be_applied_ && !certain && !identity.empty()) throw outcome_unknown(failure, identity);
  throw std::move(failure);
}

}  // namespace dbosc::sql
