#include "client/transaction.h"

#include "base/error.h"
#include "base/error_json.h"
#include "sql/joined_session.h"
#include "sql/retry.h"

namespace dbosc::client {
namespace {

/// For the rollback of a transaction that its owner dropped.
constexpr milliseconds kRollbackTime{5000};

Error invalid_state(const char* kind, const char* problem) {
  return Error(Code::kInvalidState, kind, std::string("the transaction ") + problem);
}

void require_open(const sql::Session& session) {
  switch (session.transaction_state()) {
    case sql::TransactionState::kOpen:
      return;
    case sql::TransactionState::kNone:
      throw invalid_state("no_transaction", "is not open: begin it on this connection first");
    case sql::TransactionState::kFailed:
      throw invalid_state("transaction_failed",
                          "has failed: the database takes nothing but its rollback");
    case sql::TransactionState::kBusy:
      throw invalid_state("connection_busy", "is still running a statement");
  }
}

/// What the calls of a transaction had fixed, as details of one error.
Identity details_of(const std::vector<Identity>& written) {
  JsonWriter out;
  out.begin_array();
  for (const auto& identity : written) {
    out.begin_object();
    write_details(out, identity);
    out.end_object();
  }
  out.end_array();
  return {{"written", std::string(out.view()), true}};
}

sql::Lease begin(Services& services, const Limits& limits) {
  const sql::RetryRules rules(services.config().retry_connection_errors, &services.health());
  return sql::with_retry(limits, rules, {}, [&] {
    auto lease = services.pool().acquire(limits);
    lease->begin();
    return lease;
  });
}

}  // namespace

/// One use of the transaction: its session for that long, and nobody else's call meanwhile.
class Transaction::Use {
 public:
  Use(Transaction& transaction, const Limits& limits) : transaction_(transaction) {
    if (transaction.in_use_.exchange(true)) {
      throw invalid_state("transaction_in_use", "is in use by another thread");
    }
    try {
      limits.check();
      if (transaction.borrow_) borrowed_ = transaction.borrow_(limits);
      session().set_limits(limits);
    } catch (...) {
      transaction.in_use_ = false;
      throw;
    }
  }
  ~Use() {
    borrowed_.reset();
    transaction_.in_use_ = false;
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  sql::Session& session() { return borrowed_ ? *borrowed_ : transaction_.own_session(); }

 private:
  Transaction& transaction_;
  std::unique_ptr<sql::Session> borrowed_;
};

Transaction::Transaction(Services& services, const Limits& limits)
    : services_(services), lease_(begin(services, limits)) {}

Transaction::~Transaction() {
  if (!lease_) return;
  (*lease_)->set_limits({Deadline::in(kRollbackTime), nullptr, nullptr});
  (*lease_)->rollback();
}

sql::Session& Transaction::own_session() {
  if (!lease_) throw invalid_state("transaction_ended", "has been committed or rolled back");
  return **lease_;
}

void Transaction::call(const Operation& operation, const Cancel* cancel, const Json& request,
                       JsonWriter& reply) {
  if (!operation.joins_transactions) {
    throw Error(Code::kInvalidArgument, "not_in_transaction",
                "'" + std::string(operation.name) + "' cannot run inside a transaction");
  }
  Use use(*this, {Deadline::never(), cancel, &services_.closing()});
  require_open(use.session());
  sql::JoinedSession session(use.session());
  JoinedTransaction joined{session, written_};
  run_call(operation, {services_, cancel, &joined}, request, reply);
}

void Transaction::execute(std::string_view sql, const Json& params, const Limits& limits,
                          JsonWriter& reply) {
  Use use(*this, limits);
  require_open(use.session());
  reply.begin_object();
  const auto rows = use.session().run_foreign(sql, params, reply);
  reply.key("row_count").integer(rows).end_object();
}

void Transaction::commit(const Limits& limits) {
  Use use(*this, limits);
  if (borrow_) throw invalid_state("borrowed", "is the caller's to commit");
  auto& session = use.session();
  require_open(session);
  auto lease = std::move(*lease_);
  lease_.reset();
  try {
    session.commit();
  } catch (Error& error) {
    if (error.may_be_applied) throw sql::outcome_unknown(error, details_of(written_));
    throw;
  }
}

void Transaction::rollback(const Limits& limits) {
  Use use(*this, limits);
  if (borrow_) throw invalid_state("borrowed", "is the caller's to roll back");
  auto& session = use.session();
  auto lease = std::move(*lease_);
  lease_.reset();
  session.rollback();
}

}  // namespace dbosc::client
