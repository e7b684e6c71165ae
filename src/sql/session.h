#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/function_ref.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/limits.h"

namespace dbosc::sql {

struct Dialect;

/// A value bound to a statement: borrowed, so what it views must outlive the call. Text holds no
/// U+0000.
class Param {
 public:
  using TextList = std::vector<std::string>;
  using Value = std::variant<std::monostate, std::int64_t, bool, std::string_view, const TextList*>;

  Param(std::nullptr_t) {}
  Param(std::int64_t value) : value_(value) {}
  Param(bool value) : value_(value) {}
  Param(std::string_view value) : value_(value) {}
  Param(const std::string& value) : value_(std::string_view(value)) {}
  Param(const char* value) : value_(std::string_view(value)) {}
  /// For `= ANY ($n)`.
  Param(const TextList& values) : value_(&values) {}
  template <class T>
  Param(const std::optional<T>& value) {
    if (value) value_ = Param(*value).value_;
  }

  const Value& value() const { return value_; }

 private:
  Value value_;
};

/// One row of an answer; valid only during the callback that receives it.
class Row {
 public:
  virtual ~Row() = default;
  /// The column's text, or nothing for NULL.
  virtual std::optional<std::string_view> text(int column) const = 0;

  std::optional<std::string> copy(int column) const;
  std::optional<std::int64_t> integer(int column) const;
  /// Postgres says `t`, SQLite says `1`; NULL is false.
  bool boolean(int column) const;
};

using OnRow = FunctionRef<void(const Row&)>;
inline constexpr auto ignore_row = [](const Row&) {};
/// The least that can be asked.
inline constexpr std::string_view kPing = "SELECT 1";

/// A statement with what is bound to it, which is borrowed.
struct BoundStatement {
  std::string sql;
  std::vector<Param> params;
};

struct Notification {
  std::string channel;
  std::string payload;
};

/// How the transaction of a connection stands.
enum class TransactionState {
  kNone,
  kOpen,
  kFailed,  ///< Postgres takes nothing but a rollback.
  kBusy,    ///< A statement is still running.
};

/// A database connection in the hands of one call. Statements are written in the form that
/// dialect.h describes. A call that its limits end, or whose connection fails, throws and leaves
/// the session broken: it is closed, never reused.
class Session {
 public:
  using Params = std::span<const Param>;
  virtual ~Session() = default;

  virtual const Dialect& dialect() const = 0;
  virtual void set_limits(const Limits& limits) = 0;
  virtual const Limits& limits() const = 0;
  /// False where a call left it in a transaction, or broken.
  virtual bool reusable() { return usable(); }
  /// False also when the server has hung up, as far as that shows without asking it.
  virtual bool usable() = 0;

  /// Runs one reading statement.
  virtual void query(std::string_view sql, Params params, OnRow on_row) = 0;
  /// The same for answers of any size: each row is handed over as it arrives and none is kept, so
  /// that a failure may come after some of them.
  virtual void stream(std::string_view sql, Params params, OnRow on_row) = 0;
  /// Runs one writing statement, in a transaction of its own unless `begin` opened one; returns the
  /// rows it changed.
  virtual std::int64_t execute(std::string_view sql, Params params, OnRow on_row = ignore_row) = 0;
  /// Runs one writing statement once for each entry, all or none, in one round trip where the
  /// server allows it.
  virtual std::int64_t execute_each(std::string_view sql,
                                    std::span<const std::vector<Param>> params,
                                    OnRow on_row = ignore_row) = 0;
  /// Runs statements without parameters or rows (schema creation) as they are: render them first.
  virtual void run_script(std::string_view sql) = 0;

  /// Runs one statement of the caller's own, as it is written, with the items of a JSON array as
  /// its parameters. Writes `columns` and `rows` into an open object; returns the rows it changed.
  virtual std::int64_t run_foreign(std::string_view sql, const Json& params, JsonWriter& out) = 0;

  virtual TransactionState transaction_state() const = 0;
  virtual void begin() = 0;
  /// The same at the latest with the next statement, so that it need not cost a round trip.
  virtual void begin_with_next() { begin(); }
  /// Begins a transaction that only reads, and sees one state of the database throughout where it
  /// is ours to begin.
  virtual void begin_snapshot() { begin(); }
  virtual void commit() = 0;
  /// Runs the last writing statements of the transaction and commits, in one round trip where the
  /// server allows it. What throws leaves the transaction to be rolled back.
  virtual void commit_after(std::span<const BoundStatement> last);
  /// Never throws: a session that cannot roll back is broken instead.
  virtual void rollback() noexcept = 0;

  /// Makes the database plan anew what it has planned for this session: a plan that it keeps is as
  /// good as the tables were large when it was made.
  virtual void forget_plans() {}

  /// Subscribes to channels; false where this database or the pooler before it has no
  /// notifications.
  virtual bool listen(std::span<const std::string_view> channels) = 0;
  /// The notifications that have arrived, without waiting. Throws when the connection is lost.
  virtual std::vector<Notification> notifications() = 0;
  /// Readable when notifications may have arrived; -1 without them.
  virtual int notification_fd() const = 0;

  void query(std::string_view sql, std::initializer_list<Param> params, OnRow on_row) {
    query(sql, Params(params.begin(), params.size()), on_row);
  }
  void stream(std::string_view sql, std::initializer_list<Param> params, OnRow on_row) {
    stream(sql, Params(params.begin(), params.size()), on_row);
  }
  std::int64_t execute(std::string_view sql, std::initializer_list<Param> params,
                       OnRow on_row = ignore_row) {
    return execute(sql, Params(params.begin(), params.size()), on_row);
  }
};

/// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Session& session) : session_(session) { session_.begin_with_next(); }
  ~Transaction() {
    if (open_) session_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit() {
    open_ = false;
    session_.commit();
  }
  void commit_after(std::span<const BoundStatement> last) {
    session_.commit_after(last);
    open_ = false;
  }

 private:
  Session& session_;
  bool open_ = true;
};

/// One state of the database for several reads. Nothing to commit.
class Snapshot {
 public:
  explicit Snapshot(Session& session) : session_(session) { session_.begin_snapshot(); }
  ~Snapshot() { session_.rollback(); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Session& session_;
};

}  // namespace dbosc::sql
