#pragma once

#include <sqlite3.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sql/dialect.h"
#include "sql/session.h"

namespace dbosc::sql::sqlite {

struct CloseDatabase {
  bool borrowed = false;
  // _v2 also takes a database whose statements are still open, and closes it after them.
  void operator()(sqlite3* database) const {
    if (!borrowed) sqlite3_close_v2(database);
  }
};
using DatabasePtr = std::unique_ptr<sqlite3, CloseDatabase>;
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementPtr = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// The file path of `sqlite:///relative.db`, `sqlite:////absolute.db`, or Go's `sqlite:path`.
/// Throws Error(kInvalidArgument, "invalid_url").
std::string path_of_url(std::string_view url);

/// One SQLite connection. Every write runs in BEGIN IMMEDIATE: a plain BEGIN fails at once where
/// another writer came between its read and its write, whatever the busy timeout. Locks are waited
/// for inside the call's limits.
class Connection final : public Session {
 public:
  ~Connection() override;
  enum class Create { kNo, kYes };
  static std::unique_ptr<Session> open(const std::string& path, Create create,
                                       const Limits& limits);

  /// The caller's own, in the caller's transaction; left as it is found. Without handlers of ours
  /// in it, the limits end a call only between two statements.
  static std::unique_ptr<Session> adopt(sqlite3* database, const Limits& limits);

  const Dialect& dialect() const override { return dialect_; }
  void set_limits(const Limits& limits) override { limits_ = limits; }
  const Limits& limits() const override { return limits_; }
  bool usable() override { return !in_transaction_; }

  using Session::execute;
  using Session::query;
  using Session::stream;
  void query(std::string_view sql, Params params, OnRow on_row) override;
  void stream(std::string_view sql, Params params, OnRow on_row) override {
    query(sql, params, on_row);  // which keeps no row either
  }
  std::int64_t execute(std::string_view sql, Params params, OnRow on_row) override;
  std::int64_t execute_each(std::string_view sql, std::span<const std::vector<Param>> params,
                            OnRow on_row) override;
  void run_script(std::string_view sql) override;
  std::int64_t run_foreign(std::string_view sql, const Json& params, JsonWriter& out) override;
  TransactionState transaction_state() const override;
  void begin() override;
  void begin_snapshot() override;
  void commit() override;
  void rollback() noexcept override;

  bool listen(std::span<const std::string_view>) override { return false; }
  std::vector<Notification> notifications() override { return {}; }
  int notification_fd() const override { return -1; }

 private:
  explicit Connection(const Limits& limits);
  sqlite3_stmt* statement(std::string_view sql);
  void bind(sqlite3_stmt* statement, Params params);
  void bind_one(sqlite3_stmt* statement, int index, const Param& param);
  void step_through(sqlite3_stmt* statement, OnRow on_row);
  std::int64_t change(std::string_view sql, Params params, OnRow on_row);
  template <class Work>
  std::int64_t in_transaction(Work&& work);
  void command(const char* sql);
  void refuse_shared_log();
  void require_foreign_keys();
  void watch_limits();
  void check(int result);
  [[noreturn]] void fail(int result);

  Dialect dialect_{.engine = Dialect::Engine::kSqlite, .schema = {}};
  Limits limits_;
  DatabasePtr database_;
  std::map<std::string, StatementPtr, std::less<>> statements_;
  std::vector<std::string>
      lists_;  ///< JSON texts of bound lists, alive while their statement runs.
  bool in_transaction_ = false;
};

}  // namespace dbosc::sql::sqlite
