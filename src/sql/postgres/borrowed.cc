#include <utility>

#include "sql/postgres/connection.h"
#include "sql/postgres/errors.h"
#include "sql/postgres/server_cancel.h"

// Connections that are somebody else's: in the caller's transaction, or lent by the caller's pool.

namespace dbosc::sql::postgres {
namespace {

/// For the answer of a cancelled statement on a connection that must be given back.
constexpr milliseconds kDrainTime{5000};

}  // namespace

std::unique_ptr<Session> Connection::adopt(std::shared_ptr<Settings> settings, PGconn* connection,
                                           const Limits& limits) {
  std::unique_ptr<Connection> adopted(new Connection(std::move(settings), limits));
  adopted->hold(connection);
  adopted->refuse_unusable();
  PQsetnonblocking(connection, 1);
  adopted->in_transaction_ = PQtransactionStatus(connection) == PQTRANS_INTRANS;
  return adopted;
}

std::unique_ptr<Session> Connection::borrow(std::shared_ptr<Settings> settings, PGconn* connection,
                                            GiveBack give_back, const Limits& limits) {
  std::unique_ptr<Connection> borrowed(new Connection(std::move(settings), limits));
  borrowed->give_back_ = std::move(give_back);
  borrowed->hold(connection);
  if (PQstatus(connection) != CONNECTION_OK) throw connection_lost(connection);
  borrowed->refuse_unusable();
  if (borrowed->transaction_state() != TransactionState::kNone) {
    throw Error(Code::kInvalidState, "connection_busy",
                "the pool gave a Postgres connection with an open transaction");
  }
  if (!borrowed->usable()) {
    borrowed->broken_ = true;
    throw connection_lost(connection);
  }
  PQsetnonblocking(connection, 1);
  return borrowed;
}

/// Keeps somebody else's connection from here on, and how it looks.
void Connection::hold(PGconn* connection) {
  borrowed_ = true;
  was_nonblocking_ = PQisnonblocking(connection);
  connection_.reset(connection);
}

void Connection::refuse_unusable() {
  auto* connection = connection_.get();
  const auto refuse = [](const char* kind, const char* problem) {
    throw Error(Code::kInvalidState, kind, std::string("this Postgres connection ") + problem);
  };
  if (PQstatus(connection) != CONNECTION_OK) refuse("connection_lost", "is closed or lost");
  if (PQpipelineStatus(connection) != PQ_PIPELINE_OFF) {
    refuse("connection_busy", "is in pipeline mode");
  }
  if (PQtransactionStatus(connection) == PQTRANS_ACTIVE) {
    refuse("connection_busy", "is running a statement whose results have not been read");
  }
  const char* encoding = PQparameterStatus(connection, "client_encoding");
  if (!encoding || std::string_view(encoding) != "UTF8") {
    refuse("wrong_encoding", "has a client_encoding other than UTF8");
  }
}

Connection::~Connection() {
  if (!borrowed_) return;
  const bool reusable = usable();
  PQsetnonblocking(connection_.get(), was_nonblocking_);
  auto* connection = connection_.release();
  if (give_back_) give_back_(connection, reusable);
}

/// Ends what runs on a borrowed connection and reads its answers, so that its owner can go on.
void Connection::drain(bool pipelined, bool synced) noexcept {
  const auto limits = std::exchange(limits_, Limits{Deadline::in(kDrainTime), nullptr, nullptr});
  try {
    cancel_statement(connection_.get());
    if (pipelined && !synced) check_sent(PQpipelineSync(connection_.get()));
    collect(pipelined, ignore_row);
  } catch (...) {
    broken_ = true;
  }
  limits_ = limits;
}

}  // namespace dbosc::sql::postgres
