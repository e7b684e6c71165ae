#include "sql/sqlite/connection.h"

#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "base/error.h"
#include "base/json_writer.h"
#include "sql/sqlite/errors.h"

namespace dbosc::sql::sqlite {
namespace {

class StatementRow final : public Row {
 public:
  explicit StatementRow(sqlite3_stmt* statement) : statement_(statement) {}
  std::optional<std::string_view> text(int column) const override {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (!text) return std::nullopt;
    return std::string_view(text,
                            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }

 private:
  sqlite3_stmt* statement_;
};

/// Rewinds a cached statement and forgets its parameters, however its use ended.
class Use {
 public:
  explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
  ~Use() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

 private:
  sqlite3_stmt* statement_;
};

/// SQLite keeps its locks on a file in memory, once a process. A child of fork() inherits that
/// memory without the locks: with a write-ahead log it would write into a log that the parent,
/// which cannot see it, deletes when it closes.
class OpenConnections {
 public:
  void add() {
    std::lock_guard lock(mutex_);
    if (const int now = ::getpid(); process_ != now) {
      inherited_ |= count_ > 0;
      process_ = now;
      count_ = 0;
    }
    ++count_;
  }
  void remove() {
    std::lock_guard lock(mutex_);
    --count_;
  }
  /// Whether this process came from one that had connections open.
  bool inherited() {
    std::lock_guard lock(mutex_);
    return inherited_;
  }

 private:
  std::mutex mutex_;
  int process_ = ::getpid();
  int count_ = 0;
  bool inherited_ = false;
};

OpenConnections& open_connections() {
  static auto& connections = *new OpenConnections;  // used by clients that are freed at exit
  return connections;
}

// SQLite calls these from C: nothing may be thrown through them.
int wait_for_lock(void* limits, int tries) noexcept {
  try {
    static_cast<const Limits*>(limits)->sleep_until(
        Deadline::in(milliseconds(std::min(1 + tries, 20))));
    return 1;
  } catch (...) {
    return 0;
  }
}

int stop_if_due(void* limits) noexcept { return static_cast<const Limits*>(limits)->stopped(); }

}  // namespace

std::string path_of_url(std::string_view url) {
  static constexpr std::string_view kScheme = "sqlite:";
  auto path = url.substr(kScheme.size());
  if (path.substr(0, 3) == "///") path.remove_prefix(3);
  if (path.empty() || path.substr(0, 2) == "//") {
    throw invalid_argument(
        "invalid_url", "system_database_url",
        "'system_database_url' must be sqlite:///relative.db or sqlite:////absolute.db");
  }
  if (path == ":memory:") {
    throw Error(
        Code::kUnsupported, "in_memory_database",
        "an in-memory SQLite database would be empty and private to each connection; use a file");
  }
  return std::string(path);
}

Connection::Connection(const Limits& limits) : limits_(limits) { open_connections().add(); }

Connection::~Connection() { open_connections().remove(); }

void Connection::refuse_shared_log() {
  if (!open_connections().inherited()) return;
  query("PRAGMA journal_mode", {}, [](const Row& row) {
    if (row.text(0) != "wal") return;
    throw Error(
        Code::kInvalidState, "forked",
        "the parent process had a SQLite database open at fork(), and this one has a "
        "write-ahead log, which the two would destroy; free the parent's clients before fork()");
  });
}

std::unique_ptr<Session> Connection::open(const std::string& path, Create create,
                                          const Limits& limits) {
  limits.check();
  std::unique_ptr<Connection> connection(new Connection(limits));
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                    (create == Create::kYes ? SQLITE_OPEN_CREATE : 0);
  const int result = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  connection->database_.reset(database);
  if (!database) throw std::bad_alloc();
  sqlite3_extended_result_codes(database, 1);
  if (result != SQLITE_OK) {
    throw error_of_result(result, "SQLite file '" + path + "': " + sqlite3_errmsg(database));
  }
  sqlite3_busy_handler(database, wait_for_lock, &connection->limits_);
  connection->watch_limits();
  connection->command("PRAGMA foreign_keys = ON");
  connection->refuse_shared_log();
  return connection;
}

std::unique_ptr<Session> Connection::adopt(sqlite3* database, const Limits& limits) {
  std::unique_ptr<Connection> connection(new Connection(limits));
  connection->database_ = DatabasePtr(database, CloseDatabase{true});
  connection->in_transaction_ = sqlite3_get_autocommit(database) == 0;
  connection->require_foreign_keys();
  return connection;
}

/// Without them SQLite takes messages to workflows that do not exist, and keeps what belonged to
/// deleted ones. Inside a transaction they cannot be switched on.
void Connection::require_foreign_keys() {
  query("PRAGMA foreign_keys", {}, [](const Row& row) {
    if (row.boolean(0)) return;
    throw Error(Code::kInvalidState, "foreign_keys_off",
                "this SQLite connection does not enforce foreign keys; run PRAGMA foreign_keys = "
                "ON before its transaction");
  });
}

void Connection::watch_limits() {
  sqlite3_progress_handler(database_.get(), 1000, stop_if_due, &limits_);
}

TransactionState Connection::transaction_state() const {
  return sqlite3_get_autocommit(database_.get()) ? TransactionState::kNone
                                                 : TransactionState::kOpen;
}

void Connection::fail(int result) {
  // A borrowed connection may not be set to give the extended codes.
  result = sqlite3_extended_errcode(database_.get());
  const int primary = result & 0xff;
  if (primary == SQLITE_BUSY || primary == SQLITE_INTERRUPT) limits_.check();
  throw error_of_result(result, sqlite3_errmsg(database_.get()));
}

void Connection::check(int result) {
  if (result != SQLITE_OK && result != SQLITE_ROW && result != SQLITE_DONE) fail(result);
}

void Connection::command(const char* sql) {
  check(sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr));
}

sqlite3_stmt* Connection::statement(std::string_view sql) {
  static constexpr std::size_t kMaxStatements = 256;
  if (const auto found = statements_.find(sql); found != statements_.end()) {
    return found->second.get();
  }
  // Texts made from filters could grow this without end; starting over is cheap and rare.
  if (statements_.size() >= kMaxStatements) statements_.clear();
  const auto text = dialect_.render(sql);
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(database_.get(), text.data(), static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  return statements_.emplace(sql, StatementPtr(statement)).first->second.get();
}

void Connection::bind_one(sqlite3_stmt* statement, int index, const Param& param) {
  const auto text = [&](std::string_view value) {
    return sqlite3_bind_text64(statement, index, value.data() ? value.data() : "", value.size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  };
  const auto& value = param.value();
  if (const auto* view = std::get_if<std::string_view>(&value)) {
    check(text(*view));
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    check(sqlite3_bind_int64(statement, index, *number));
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    check(sqlite3_bind_int(statement, index, *flag));
  } else if (const auto* list = std::get_if<const Param::TextList*>(&value)) {
    check(text(lists_.emplace_back(json_strings(**list))));
  }
}

void Connection::bind(sqlite3_stmt* statement, Params params) {
  lists_.clear();
  lists_.reserve(params.size());
  for (std::size_t i = 0; i < params.size(); ++i) {
    const auto name = "$" + std::to_string(i + 1);
    // A parameter may be unused where the other database needs it.
    const int index = sqlite3_bind_parameter_index(statement, name.c_str());
    if (index > 0) bind_one(statement, index, params[i]);
  }
}

void Connection::step_through(sqlite3_stmt* statement, OnRow on_row) {
  const StatementRow row(statement);
  for (;;) {
    const int result = sqlite3_step(statement);
    check(result);
    if (result == SQLITE_DONE) return;
    on_row(row);
  }
}

void Connection::query(std::string_view sql, Params params, OnRow on_row) {
  limits_.check();
  auto* statement = this->statement(sql);
  const Use use(statement);
  bind(statement, params);
  step_through(statement, on_row);
}

std::int64_t Connection::change(std::string_view sql, Params params, OnRow on_row) {
  auto* statement = this->statement(sql);
  const Use use(statement);
  bind(statement, params);
  step_through(statement, on_row);
  return sqlite3_changes(database_.get());
}

template <class Work>
std::int64_t Connection::in_transaction(Work&& work) {
  if (in_transaction_) return work();
  Transaction transaction(*this);
  const auto changed = work();
  transaction.commit();
  return changed;
}

std::int64_t Connection::execute(std::string_view sql, Params params, OnRow on_row) {
  return in_transaction([&] { return change(sql, params, on_row); });
}

std::int64_t Connection::execute_each(std::string_view sql,
                                      std::span<const std::vector<Param>> params, OnRow on_row) {
  return in_transaction([&] {
    std::int64_t changed = 0;
    for (const auto& one : params) changed += change(sql, one, on_row);
    return changed;
  });
}

void Connection::run_script(std::string_view sql) { command(std::string(sql).c_str()); }

void Connection::begin() {
  limits_.check();
  command("BEGIN IMMEDIATE");
  in_transaction_ = true;
}

// Waits for no writer and keeps none waiting, as far as the journal mode allows.
void Connection::begin_snapshot() {
  limits_.check();
  command("BEGIN");
  in_transaction_ = true;
}

void Connection::commit() {
  try {
    command("COMMIT");
    in_transaction_ = false;
  } catch (Error& error) {
    rollback();
    // A disk that fails during the commit leaves it to the next opener's recovery whether it
    // counts.
    error.may_be_applied = error.kind == "database_error";
    throw;
  }
}

void Connection::rollback() noexcept {
  in_transaction_ = false;
  // A rollback needs no lock and must not be stopped by the deadline that led to it.
  sqlite3_progress_handler(database_.get(), 0, nullptr, nullptr);
  sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  watch_limits();
}

}  // namespace dbosc::sql::sqlite
