#include "sql/retry.h"

#include "expect_error.h"

namespace dbosc::sql {
namespace {

const std::vector<Detail> kIdentity{{"workflow_id", "id"}};

Error failure(Retry retry, bool may_be_applied, Code code = Code::kUnavailable,
              std::string kind = "connection_lost") {
  Error error(code, std::move(kind), "what failed");
  error.retry = retry;
  error.may_be_applied = may_be_applied;
  return error;
}

enum class End { kTriedAgain, kFailure, kUnknown };

End after(const Limits& limits, bool retry_lost, const Error& error,
          std::span<const Detail> identity) {
  RetryLoop loop(limits, retry_lost);
  try {
    loop.after(error, identity);
    return End::kTriedAgain;
  } catch (const Error& thrown) {
    return thrown.code == Code::kOutcomeUnknown ? End::kUnknown : End::kFailure;
  }
}

TEST(RetryLoop, EndsAsItsTableSays) {
  Cancel cancelled;
  cancelled.trigger();
  const Limits open, expired{Deadline::in(milliseconds(-1)), nullptr, nullptr},
      stopped{Deadline::never(), &cancelled, nullptr};
  struct Case {
    const char* what;
    Error error;
    const Limits& limits;
    bool retry_lost;
    End write, read;
  };
  const auto lost = [](bool applied) { return failure(Retry::kReconnect, applied); };
  const auto again = [](bool applied) {
    return failure(Retry::kAtOnce, applied, Code::kDatabase, "serialization_failure");
  };
  const auto refused = failure(Retry::kNever, false, Code::kConflict, "unique_violation");
  const auto timeout = [](bool applied) {
    return failure(Retry::kNever, applied, Code::kTimeout, "timeout");
  };
  const auto cancel = [](bool applied) {
    return failure(Retry::kNever, applied, Code::kCancelled, "cancelled");
  };
  const auto closed = [](bool applied) {
    return failure(Retry::kNever, applied, Code::kInvalidState, "closed");
  };
  using enum End;
  for (const auto& c : {
           Case{"lost before", lost(false), open, true, kTriedAgain, kTriedAgain},
           Case{"lost after", lost(true), open, true, kTriedAgain, kTriedAgain},
           Case{"lost before, no retries", lost(false), open, false, kFailure, kFailure},
           Case{"lost after, no retries", lost(true), open, false, kUnknown, kFailure},
           Case{"lost before, no time", lost(false), expired, true, kFailure, kFailure},
           Case{"lost after, no time", lost(true), expired, true, kUnknown, kFailure},
           Case{"lost before, cancelled", lost(false), stopped, true, kFailure, kFailure},
           Case{"lost after, cancelled", lost(true), stopped, true, kUnknown, kFailure},
           Case{"again", again(false), open, true, kTriedAgain, kTriedAgain},
           Case{"again, no retries of lost ones", again(false), open, false, kTriedAgain,
                kTriedAgain},
           Case{"again, no time", again(false), expired, true, kFailure, kFailure},
           Case{"refused", refused, open, true, kFailure, kFailure},
           Case{"timeout before", timeout(false), expired, true, kFailure, kFailure},
           Case{"timeout after", timeout(true), expired, true, kUnknown, kFailure},
           Case{"cancel before", cancel(false), stopped, true, kFailure, kFailure},
           Case{"cancel after", cancel(true), stopped, true, kUnknown, kFailure},
           Case{"closed before", closed(false), open, true, kFailure, kFailure},
           Case{"closed after", closed(true), open, true, kUnknown, kFailure},
       }) {
    EXPECT_EQ(after(c.limits, c.retry_lost, c.error, kIdentity), c.write) << c.what;
    EXPECT_EQ(after(c.limits, c.retry_lost, c.error, {}), c.read) << c.what << ", reading";
  }
}

TEST(RetryLoop, RemembersThatAnEarlierTryMayHaveBeenApplied) {
  Cancel cancel;
  const Limits limits{Deadline::never(), &cancel, nullptr};
  RetryLoop loop(limits, true);
  loop.after(failure(Retry::kReconnect, true), kIdentity);
  loop.after(failure(Retry::kReconnect, false), kIdentity);
  cancel.trigger();
  const auto error = error_of([&] { loop.after(failure(Retry::kReconnect, false), kIdentity); });
  EXPECT_EQ(error.code, Code::kOutcomeUnknown);
  EXPECT_EQ(error.kind, "outcome_unknown");
  EXPECT_EQ(detail(error, "workflow_id"), "id");
  EXPECT_EQ(detail(error, "cause"), "connection_lost");
}

TEST(RetryLoop, TakesARefusalForCertainWhateverHappenedBefore) {
  const Limits limits;
  RetryLoop loop(limits, true);
  loop.after(failure(Retry::kReconnect, true), kIdentity);
  EXPECT_EQ(error_of([&] {
              loop.after(failure(Retry::kNever, false, Code::kConflict, "unique_violation"),
                         kIdentity);
            }).kind,
            "unique_violation");
}

TEST(RetryLoop, TakesAServersRollbackForNoAnswerAboutAnEarlierTry) {
  // The first try may have been applied; that the second was rolled back says nothing about it.
  Cancel cancel;
  const Limits limits{Deadline::never(), &cancel, nullptr};
  RetryLoop loop(limits, true);
  loop.after(failure(Retry::kReconnect, true), kIdentity);
  cancel.trigger();
  EXPECT_EQ(error_of([&] {
              loop.after(failure(Retry::kAtOnce, false, Code::kDatabase, "serialization_failure"),
                         kIdentity);
            }).code,
            Code::kOutcomeUnknown);
}

TEST(RetryLoop, NamesTheLossWhereTheDeadlinePassesInConnectingAfterIt) {
  auto late = failure(Retry::kNever, false, Code::kTimeout, "timeout");
  late.settles = false;
  const Limits limits;
  RetryLoop loop(limits, true);
  loop.after(failure(Retry::kReconnect, false, Code::kUnavailable, "read_only"), kIdentity);
  EXPECT_EQ(error_of([&] { loop.after(late, kIdentity); }).kind, "read_only");
  RetryLoop first(limits, true);
  EXPECT_EQ(error_of([&] { first.after(late, kIdentity); }).kind, "timeout");
}

TEST(RetryLoop, NamesTheDeadlineWhereItPassesInAStatementAfterALoss) {
  const Limits limits;
  RetryLoop loop(limits, true);
  loop.after(failure(Retry::kReconnect, false), {});
  EXPECT_EQ(error_of([&] {
              loop.after(failure(Retry::kNever, false, Code::kTimeout, "timeout"), {});
            }).kind,
            "timeout");
}

TEST(WithRetry, TriesUntilItSucceedsOrIsRefused) {
  int tries = 0;
  EXPECT_EQ(with_retry(Limits{}, true, kIdentity,
                       [&] {
                         if (++tries < 4) {
                           throw failure(Retry::kAtOnce, false, Code::kDatabase,
                                         "serialization_failure");
                         }
                         return tries;
                       }),
            4);
  EXPECT_EQ(error_of([&] {
              with_retry(Limits{}, true, kIdentity, [&]() -> int {
                throw failure(Retry::kNever, false, Code::kDatabase, "missing_grant");
              });
            }).kind,
            "missing_grant");
}

TEST(WithRetry, EndsByTheDeadlineWithTheFailureThatUsedItUp) {
  const Limits limits{Deadline::in(milliseconds(30)), nullptr, nullptr};
  int tries = 0;
  const auto error = error_of([&] {
    with_retry(limits, true, {}, [&]() -> int {
      ++tries;
      throw failure(Retry::kReconnect, false, Code::kUnavailable, "connection_failed");
    });
  });
  EXPECT_EQ(error.kind, "connection_failed");
  EXPECT_GE(tries, 2);
}

}  // namespace
}  // namespace dbosc::sql
