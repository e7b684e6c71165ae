#pragma once

#include <libpq-fe.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "sql/dialect.h"
#include "sql/postgres/conninfo.h"
#include "sql/postgres/handles.h"
#include "sql/postgres/params.h"
#include "sql/session.h"

namespace dbosc::sql::postgres {

/// What the connections of one client share.
struct Settings {
  ConnInfo conninfo;
  Dialect dialect;
  std::int64_t idle_transaction_timeout_ms = 0;  ///< 0: the server's own.
  /// Named statements. Turned off for good when a pooler between us and the server loses them.
  std::atomic<bool> prepare_statements{true};
};

/// One non-blocking libpq connection. Every wait ends with the call's limits.
class Connection final : public Session {
 public:
  /// Connects within the limits: name look-up, TCP, TLS and authentication included.
  static std::unique_ptr<Session> connect(std::shared_ptr<Settings> settings, const Limits& limits);

  /// The caller's own; left as it is found. Throws Error(kInvalidState) where it cannot be used. A
  /// statement that the limits end is cancelled and its answer read to the end, so that the
  /// connection is the caller's again.
  static std::unique_ptr<Session> adopt(std::shared_ptr<Settings> settings, PGconn* connection,
                                        const Limits& limits);

  /// Takes a lent connection back; `reusable` is false where it must be closed.
  using GiveBack = std::function<void(PGconn*, bool reusable)>;
  /// From a pool of the caller's, for one call, and given back whatever happens. One that was lost
  /// while nobody used it is Error(kUnavailable), which is worth another.
  static std::unique_ptr<Session> borrow(std::shared_ptr<Settings> settings, PGconn* connection,
                                         GiveBack give_back, const Limits& limits);
  ~Connection() override;

  const Dialect& dialect() const override { return settings_->dialect; }
  void set_limits(const Limits& limits) override { limits_ = limits; }
  const Limits& limits() const override { return limits_; }
  bool reusable() override;
  bool usable() override;

  using Session::execute;
  using Session::query;
  using Session::stream;
  void query(std::string_view sql, Params params, OnRow on_row) override;
  void stream(std::string_view sql, Params params, OnRow on_row) override;
  std::int64_t execute(std::string_view sql, Params params, OnRow on_row) override;
  std::int64_t execute_each(std::string_view sql, std::span<const std::vector<Param>> params,
                            OnRow on_row) override;
  void run_script(std::string_view sql) override;
  std::int64_t run_foreign(std::string_view sql, const Json& params, JsonWriter& out) override;
  TransactionState transaction_state() const override;
  void begin() override;
  void begin_with_next() override;
  void begin_snapshot() override;
  void commit() override;
  void commit_after(std::span<const BoundStatement> last) override;
  void rollback() noexcept override;

  void forget_plans() override;
  bool listen(std::span<const std::string_view> channels) override;
  std::vector<Notification> notifications() override;
  int notification_fd() const override { return PQsocket(connection_.get()); }

 private:
  enum class Access { kRead, kWrite };
  /// A statement as this connection knows it.
  struct Statement {
    std::string text;  ///< In the database's words.
    std::string name;
    bool prepared = false;
  };

  /// One of several statements that travel together.
  struct Piece {
    std::string_view sql;
    Params params;
  };
  enum class End { kNone, kCommit };
  class Flight;

  Connection(std::shared_ptr<Settings> settings, const Limits& limits)
      : settings_(std::move(settings)), limits_(limits) {}
  bool names_statements() const { return settings_->prepare_statements && !borrowed_; }
  void open();
  void open_target(const ConnInfo& info, const Limits& limits);
  void wait_for_host(const Limits& limits, short events);

  Statement& statement(std::string_view sql);
  /// Runs statements in one flight, and the transaction's end with them; returns their answers.
  std::vector<ResultPtr> run(std::span<const Piece> pieces, Access access, End end);
  std::vector<ResultPtr> run(std::string_view sql, Params params, Access access);
  void begin_as(std::string_view sql);
  /// Sends the BEGIN that waits for a statement by itself.
  void begin_now();
  std::string idle_limit() const;
  static void refuse_rollback(const PGresult* committed);
  std::vector<ResultPtr> simple(const std::string& sql, Access access);
  /// Runs a command of Postgres' own; false where the server, as CockroachDB, does not know it.
  bool understands(const std::string& command);
  /// The parameters as text, their types the server's to find out.
  ResultPtr run_text(const std::string& sql, const std::vector<const char*>& values);
  void send_bound(const Statement& statement, bool named);
  void check_sent(int sent);
  std::vector<ResultPtr> exchange(Access access, bool pipelined, FunctionRef<void()> send,
                                  OnRow on_single_row = ignore_row);
  /// The results of what was sent; rows in single-row mode go to `on_single_row`.
  std::vector<ResultPtr> collect(bool pipelined, OnRow on_single_row);
  void flush();
  ResultPtr next_result();
  /// Whether everything has left.
  bool flush_now();
  void consume();
  void consume_when_readable();
  void abandon(bool pipelined, bool synced) noexcept;
  void drain(bool pipelined, bool synced) noexcept;
  void hold(PGconn* connection);
  void refuse_unusable();
  void raise_first_failure(const std::vector<ResultPtr>& results, Access access);

  std::shared_ptr<Settings> settings_;
  Limits limits_;
  ConnectionPtr connection_;
  std::map<std::string, Statement, std::less<>> statements_;
  BoundParams bound_;
  bool in_transaction_ = false;
  bool begin_waits_ = false;  ///< In a transaction that the server does not know of yet.
  bool broken_ = false;
  bool borrowed_ = false;
  GiveBack give_back_;           ///< Of a connection that is lent; empty for one that is adopted.
  bool was_nonblocking_ = true;  ///< How a borrowed one goes back.
};

}  // namespace dbosc::sql::postgres
