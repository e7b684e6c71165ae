#include <utility>

#include "sql/postgres/connection.h"

// How transactions begin and end. Begin and commit travel with statements where they can.

namespace dbosc::sql::postgres {

// Set here and not at connect: behind a pooler a session setting would stay with somebody else's
// connection.
std::string Connection::idle_limit() const {
  if (settings_->idle_transaction_timeout_ms <= 0) return {};
  return "SET LOCAL idle_in_transaction_session_timeout = " +
         std::to_string(settings_->idle_transaction_timeout_ms);
}

void Connection::begin() { begin_as("BEGIN"); }

void Connection::begin_with_next() {
  begin_waits_ = true;
  in_transaction_ = true;
}

void Connection::begin_snapshot() { begin_as("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"); }

void Connection::begin_as(std::string_view sql) {
  simple(std::string(sql) + "; " + idle_limit(), Access::kRead);
  in_transaction_ = true;
}

void Connection::begin_now() {
  if (!begin_waits_) return;
  begin();
  begin_waits_ = false;
}

void Connection::refuse_rollback(const PGresult* committed) {
  // A transaction that had failed answers COMMIT with ROLLBACK and no error.
  if (std::string_view(PQcmdStatus(const_cast<PGresult*>(committed))) != "ROLLBACK") return;
  throw Error(Code::kDatabase, "transaction_rolled_back",
              "the transaction had failed and was rolled back");
}

void Connection::commit() {
  in_transaction_ = false;
  if (std::exchange(begin_waits_, false)) return;
  const auto results = simple("COMMIT", Access::kWrite);
  refuse_rollback(results.back().get());
}

void Connection::commit_after(std::span<const BoundStatement> last) {
  if (last.empty()) return commit();
  in_transaction_ = false;  // whether it counts is open from here on
  std::vector<Piece> pieces;
  pieces.reserve(last.size());
  for (const auto& [sql, params] : last) pieces.push_back({sql, params});
  run(pieces, Access::kWrite, End::kCommit);
}

void Connection::rollback() noexcept {
  in_transaction_ = false;
  if (std::exchange(begin_waits_, false)) return;
  try {
    if (!broken_) simple("ROLLBACK", Access::kRead);
  } catch (...) {
    // The failure that led here is the one to report; this connection is closed, which rolls back
    // as well.
    broken_ = true;
  }
}

}  // namespace dbosc::sql::postgres
