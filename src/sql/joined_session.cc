#include "sql/joined_session.h"

namespace dbosc::sql {
namespace {

/// For taking back what a call left when its own time is over.
constexpr milliseconds kRollbackTime{5000};

}  // namespace

void JoinedSession::rollback() noexcept {
  const auto limits = session_.limits();
  session_.set_limits({Deadline::in(kRollbackTime), nullptr, nullptr});
  try {
    session_.run_script("ROLLBACK TO SAVEPOINT dbosc; RELEASE SAVEPOINT dbosc");
  } catch (...) {
    // The transaction has failed as a whole, which its owner learns from the failure that led here.
  }
  session_.set_limits(limits);
}

}  // namespace dbosc::sql
