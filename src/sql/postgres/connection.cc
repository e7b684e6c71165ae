#include "sql/postgres/connection.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "sql/postgres/errors.h"
#include "sql/postgres/server_cancel.h"

namespace dbosc::sql::postgres {
namespace {

/// A statement's name is made of its text: two clients behind one pooler that use the same name
/// mean the same statement.
std::string name_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const unsigned char c : text) hash = (hash ^ c) * 1099511628211u;
  std::array<char, 24> name;
  const int length = std::snprintf(name.data(), name.size(), "dbosc_%016llx",
                                   static_cast<unsigned long long>(hash));
  return {name.data(), static_cast<std::size_t>(length)};
}

class ResultRow final : public Row {
 public:
  explicit ResultRow(const PGresult* result) : result_(result) {}
  void select(int row) { row_ = row; }
  std::optional<std::string_view> text(int column) const override {
    if (PQgetisnull(result_, row_, column)) return std::nullopt;
    return std::string_view(PQgetvalue(result_, row_, column),
                            static_cast<std::size_t>(PQgetlength(result_, row_, column)));
  }

 private:
  const PGresult* result_;
  int row_ = 0;
};

void hand_over(const PGresult* result, OnRow on_row) {
  ResultRow row(result);
  for (int i = 0; i < PQntuples(result); ++i) {
    row.select(i);
    on_row(row);
  }
}

std::int64_t changed_rows(const PGresult* result) {
  return std::strtoll(PQcmdTuples(const_cast<PGresult*>(result)), nullptr, 10);
}

}  // namespace

TransactionState Connection::transaction_state() const {
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

bool Connection::usable() {
  if (broken_ || in_transaction_ || PQstatus(connection_.get()) != CONNECTION_OK ||
      PQtransactionStatus(connection_.get()) != PQTRANS_IDLE) {
    return false;
  }
  // An idle connection has nothing to say, unless the server hung up, left a farewell or changed
  // its role; after a farewell the end of the stream may still be on its way.
  pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
  return ::poll(&socket, 1, 0) <= 0;
}

Connection::Statement& Connection::statement(std::string_view sql) {
  // One entry a distinct statement; past this, texts made from filters would only fill the server's
  // memory.
  static constexpr std::size_t kMaxStatements = 256;
  lookup_key_.assign(sql);
  auto found = statements_.find(lookup_key_);
  if (found == statements_.end()) {
    auto text = settings_->dialect.render(sql);
    auto name = statements_.size() < kMaxStatements ? name_of(text) : std::string();
    if (name.empty()) lookup_key_ = "(overflow)";
    found = statements_.insert_or_assign(lookup_key_, Statement{std::move(text), std::move(name)})
                .first;
  }
  return found->second;
}

void Connection::check_sent(int sent) {
  if (!sent) throw connection_lost(connection_.get());
}

void Connection::send_bound(const Statement& statement, bool named) {
  auto* connection = connection_.get();
  check_sent(named ? PQsendQueryPrepared(connection, statement.name.c_str(), bound_.count(),
                                         bound_.values(), bound_.lengths(), bound_.formats(), 0)
                   : PQsendQueryParams(connection, statement.text.c_str(), bound_.count(), nullptr,
                                       bound_.values(), bound_.lengths(), bound_.formats(), 0));
}

void Connection::send_first(Statement& statement, bool named) {
  if (!named || statement.prepared) return;
  check_sent(
      PQsendPrepare(connection_.get(), statement.name.c_str(), statement.text.c_str(), 0, nullptr));
}

std::vector<ResultPtr> Connection::run(std::string_view sql,
                                       std::span<const std::vector<Param>> each, Params one,
                                       Access access) {
  auto& statement = this->statement(sql);
  const bool named = names_statements() && !statement.name.empty();
  // The first use sends Parse with the rest in one flight, so that it costs no round trip of its
  // own.
  const bool pipelined = !each.empty() || (named && !statement.prepared);
  auto results = exchange(access, pipelined, [&] {
    send_first(statement, named);
    if (each.empty()) {
      bound_.bind(one);
      send_bound(statement, named);
    }
    for (const auto& params : each) {
      bound_.bind(params);
      send_bound(statement, named);
    }
  });
  if (named && !statement.prepared) {
    // The name exists from here on, whatever becomes of the statement behind it in the flight.
    statement.prepared = PQresultStatus(results.front().get()) == PGRES_COMMAND_OK;
    if (statement.prepared) results.erase(results.begin());
  }
  try {
    raise_first_failure(results, access);
  } catch (const Error& error) {
    // A pooler lost or shares the name. Nothing ran: once more without it, also where nobody
    // retries.
    if (!named || in_transaction_ || error.kind != "prepared_statement_lost") throw;
    return run(sql, each, one, access);
  }
  return results;
}

std::vector<ResultPtr> Connection::simple(const std::string& sql, Access access) {
  auto results =
      exchange(access, false, [&] { check_sent(PQsendQuery(connection_.get(), sql.c_str())); });
  raise_first_failure(results, access);
  return results;
}

ResultPtr Connection::run_text(const std::string& sql, const std::vector<const char*>& values) {
  auto results = exchange(Access::kWrite, false, [&] {
    check_sent(PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()),
                                 nullptr, values.data(), nullptr, nullptr, 0));
  });
  raise_first_failure(results, Access::kWrite);
  return std::move(results.back());
}

template <class Send>
std::vector<ResultPtr> Connection::exchange(Access access, bool pipelined, Send&& send,
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
  for (;;) {
    flush();
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

void Connection::query(std::string_view sql, Params params, OnRow on_row) {
  const auto results = run(sql, {}, params, Access::kRead);
  hand_over(results.back().get(), on_row);
}

void Connection::stream(std::string_view sql, Params params, OnRow on_row) {
  // Unnamed: libpq takes single-row mode for one statement of a flight only, so that a name would
  // cost a round trip before the first use.
  const auto results = exchange(
      Access::kRead, false,
      [&] {
        bound_.bind(params);
        send_bound(statement(sql), false);
        PQsetSingleRowMode(connection_.get());
      },
      on_row);
  raise_first_failure(results, Access::kRead);
}

std::int64_t Connection::execute(std::string_view sql, Params params, OnRow on_row) {
  const auto results = run(sql, {}, params, Access::kWrite);
  hand_over(results.back().get(), on_row);
  return changed_rows(results.back().get());
}

std::int64_t Connection::execute_each(std::string_view sql,
                                      std::span<const std::vector<Param>> params, OnRow on_row) {
  if (params.empty()) return 0;
  std::int64_t changed = 0;
  for (const auto& result : run(sql, params, {}, Access::kWrite)) {
    hand_over(result.get(), on_row);
    changed += changed_rows(result.get());
  }
  return changed;
}

void Connection::run_script(std::string_view sql) { simple(std::string(sql), Access::kWrite); }

void Connection::begin() { begin_as("BEGIN"); }

void Connection::begin_snapshot() { begin_as("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"); }

void Connection::begin_as(std::string sql) {
  // Set here and not at connect: behind a pooler a session setting would stay with somebody else's
  // connection.
  if (settings_->idle_transaction_timeout_ms > 0) {
    sql += "; SET LOCAL idle_in_transaction_session_timeout = " +
           std::to_string(settings_->idle_transaction_timeout_ms);
  }
  simple(sql, Access::kRead);
  in_transaction_ = true;
}

void Connection::commit() {
  in_transaction_ = false;
  const auto results = simple("COMMIT", Access::kWrite);
  // A transaction that had failed answers COMMIT with ROLLBACK and no error.
  if (std::string_view(PQcmdStatus(results.back().get())) == "ROLLBACK") {
    throw Error(Code::kDatabase, "transaction_rolled_back",
                "the transaction had failed and was rolled back");
  }
}

void Connection::rollback() noexcept {
  try {
    if (!broken_) simple("ROLLBACK", Access::kRead);
  } catch (...) {
    // The failure that led here is the one to report; this connection is closed, which rolls back
    // as well.
    broken_ = true;
  }
  in_transaction_ = false;
}

bool Connection::listen(std::span<const std::string_view> channels) {
  // A pooler invents the process id of its clients' key; behind it a LISTEN may be heard by nobody.
  std::int64_t backend = 0;
  query("SELECT pg_catalog.pg_backend_pid()", {},
        [&](const Row& row) { backend = *row.integer(0); });
  if (backend != PQbackendPID(connection_.get())) return false;
  std::string sql;
  for (const auto channel : channels) sql += "LISTEN " + quote_identifier(channel) + ';';
  try {
    simple(sql, Access::kRead);
  } catch (const Error& error) {
    if (error.code == Code::kDatabase || error.code == Code::kUnsupported)
      return false;  // CockroachDB
    throw;
  }
  return true;
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
