#include "sql/postgres/connection.h"

#include <poll.h>

#include <utility>

#include "sql/postgres/errors.h"
#include "sql/postgres/results.h"
#include "sql/postgres/server_cancel.h"

namespace dbosc::sql::postgres {

TransactionState Connection::transaction_state() const {
  if (begin_waits_) return TransactionState::kOpen;
  switch (connection_ ? PQtransactionStatus(connection_.get()) : PQTRANS_UNKNOWN) {
    case PQTRANS_INTRANS:
      return TransactionState::kOpen;
    case PQTRANS_INERROR:
      return TransactionState::kFailed;
    case PQTRANS_ACTIVE:
      return TransactionState::kBusy;
    case PQTRANS_IDLE:
    case PQTRANS_UNKNOWN:
      break;
  }
  return TransactionState::kNone;
}

bool Connection::reusable() {
  return !broken_ && !in_transaction_ && PQstatus(connection_.get()) == CONNECTION_OK &&
         PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
}

bool Connection::usable() {
  if (!reusable()) return false;
  // An idle connection has nothing to say, unless the server hung up, left a farewell or changed
  // its role; after a farewell the end of the stream may still be on its way.
  pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
  return ::poll(&socket, 1, 0) <= 0;
}

void Connection::check_sent(int sent) {
  if (!sent) throw connection_lost(connection_.get());
}

std::vector<ResultPtr> Connection::simple(const std::string& sql, Access access) {
  auto results =
      exchange(access, false, [&] { check_sent(PQsendQuery(connection_.get(), sql.c_str())); });
  raise_first_failure(results, access);
  return results;
}

ResultPtr Connection::run_text(const std::string& sql, const std::vector<const char*>& values) {
  begin_now();
  auto results = exchange(Access::kWrite, false, [&] {
    check_sent(PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()),
                                 nullptr, values.data(), nullptr, nullptr, 0));
  });
  raise_first_failure(results, Access::kWrite);
  return std::move(results.back());
}

std::vector<ResultPtr> Connection::exchange(Access access, bool pipelined, FunctionRef<void()> send,
                                            OnRow on_single_row) {
  limits_.check();
  std::vector<ResultPtr> results;
  bool synced = false;
  try {
    {
      const InLibpq inside;
      if (pipelined) PQenterPipelineMode(connection_.get());
      send();
      if (pipelined) check_sent(PQpipelineSync(connection_.get()));
    }
    synced = true;
    results = collect(pipelined, on_single_row);
  } catch (Error& error) {
    abandon(pipelined, synced);
    // Inside a transaction nothing counts until its commit; the server rolls back what is left of
    // it.
    error.may_be_applied = access == Access::kWrite && !in_transaction_;
    throw;
  } catch (...) {
    abandon(pipelined, synced);
    throw;
  }
  return results;
}

std::vector<ResultPtr> Connection::collect(bool pipelined, OnRow on_single_row) {
  std::vector<ResultPtr> results;
  flush();
  for (;;) {
    while (PQisBusy(connection_.get())) {
      consume_when_readable();
      // Where there is always something to read, no wait would notice.
      if (PQisBusy(connection_.get())) limits_.check();
    }
    ResultPtr result = next_result();
    if (!result) {
      if (pipelined) continue;  // the end of one statement of the flight
      break;
    }
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_PIPELINE_SYNC) break;
    if (status == PGRES_SINGLE_TUPLE) {
      hand_over(result.get(), on_single_row);
      continue;
    }
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      throw Error(Code::kUnsupported, "unsupported_statement", "COPY cannot run here");
    }
    if (PQstatus(connection_.get()) == CONNECTION_BAD) {
      // libpq gives its own failure no SQLSTATE; a farewell of the server (57P01 ...) has one and
      // says more.
      if (!PQresultErrorField(result.get(), PG_DIAG_SQLSTATE))
        throw connection_lost(connection_.get());
      throw error_of_result(result.get());
    }
    results.push_back(std::move(result));
  }
  if (pipelined && !PQexitPipelineMode(connection_.get())) throw connection_lost(connection_.get());
  return results;
}

ResultPtr Connection::next_result() {
  const InLibpq inside;
  return ResultPtr(PQgetResult(connection_.get()));
}

bool Connection::flush_now() {
  const InLibpq inside;
  const int unsent = PQflush(connection_.get());
  if (unsent < 0) throw connection_lost(connection_.get());
  return unsent == 0;
}

void Connection::flush() {
  while (!flush_now()) {
    // The server may be blocked on answers that we have not read: take them while we wait to write.
    const short ready = limits_.wait_for(PQsocket(connection_.get()), POLLIN | POLLOUT);
    if (ready & POLLIN) consume();
  }
}

void Connection::consume() {
  const InLibpq inside;
  if (!PQconsumeInput(connection_.get())) throw connection_lost(connection_.get());
}

void Connection::consume_when_readable() {
  limits_.wait_for(PQsocket(connection_.get()), POLLIN);
  consume();
}

void Connection::abandon(bool pipelined, bool synced) noexcept {
  if (broken_) return;
  if (borrowed_ && !give_back_) {
    drain(pipelined, synced);
    return;
  }
  broken_ = true;
  if (borrowed_) {
    // Its pool closes it, which does not end the statement.
    cancel_statement(connection_.get());
    return;
  }
  if (PQstatus(connection_.get()) == CONNECTION_OK) cancel_and_close(std::move(connection_));
}

void Connection::raise_first_failure(const std::vector<ResultPtr>& results, Access access) {
  for (const auto& result : results) {
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
      continue;
    }
    auto error = error_of_result(result.get());
    if (error.kind == "prepared_statement_lost") settings_->prepare_statements = false;
    if (error.retry == Retry::kReconnect) {
      broken_ = true;
      // A server that is going down may have committed before it said so; a refusal for its role or
      // room came before.
      const bool going_down = error.kind == "server_shutdown" || error.kind == "connection_failed";
      error.may_be_applied = going_down && access == Access::kWrite && !in_transaction_;
    }
    throw error;
  }
}

void Connection::run_script(std::string_view sql) {
  begin_now();
  simple(std::string(sql), Access::kWrite);
}

bool Connection::understands(const std::string& command) {
  try {
    simple(command, Access::kRead);
  } catch (const Error& error) {
    if (error.code == Code::kDatabase || error.code == Code::kUnsupported) return false;
    throw;
  }
  return true;
}

void Connection::forget_plans() {
  // A statement without a name is planned each time.
  if (names_statements()) understands("DISCARD PLANS");
}

bool Connection::listen(std::span<const std::string_view> channels) {
  // A pooler invents the process id of its clients' key; behind it a LISTEN may be heard by nobody.
  std::int64_t backend = 0;
  query("SELECT pg_catalog.pg_backend_pid()", {},
        [&](const Row& row) { backend = *row.integer(0); });
  if (backend != PQbackendPID(connection_.get())) return false;
  std::string sql;
  for (const auto channel : channels) sql += "LISTEN " + quote_identifier(channel) + ';';
  return understands(sql);
}

std::vector<Notification> Connection::notifications() {
  try {
    consume();
  } catch (...) {
    broken_ = true;
    throw;
  }
  std::vector<Notification> arrived;
  while (auto* notify = PQnotifies(connection_.get())) {
    const std::unique_ptr<PGnotify, void (*)(void*)> owner(notify, PQfreemem);
    arrived.push_back({notify->relname, notify->extra});
  }
  return arrived;
}

}  // namespace dbosc::sql::postgres
