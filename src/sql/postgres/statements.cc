#include <array>
#include <cstdio>
#include <utility>

#include "sql/postgres/connection.h"
#include "sql/postgres/results.h"

// Statements with parameters: how they get their names, and what travels in one flight with them.

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

}  // namespace

Connection::Statement& Connection::statement(std::string_view sql) {
  // One entry a distinct statement; past this, texts made from filters would only fill the server's
  // memory.
  static constexpr std::size_t kMaxStatements = 256;
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
  auto text = settings_->dialect.render(sql);
  auto name = statements_.size() < kMaxStatements ? name_of(text) : std::string();
  std::string key(name.empty() ? "(overflow)" : sql);
  return statements_.insert_or_assign(std::move(key), Statement{std::move(text), std::move(name)})
      .first->second;
}

/// What goes to the server before anything comes back.
class Connection::Flight {
 public:
  explicit Flight(Connection& connection) : connection_(connection) {}

  /// A command whose answer nobody needs but for its failure.
  void send(const char* command) {
    auto* pg = connection_.connection_.get();
    connection_.check_sent(
        PQsendQueryParams(pg, command, 0, nullptr, nullptr, nullptr, nullptr, 0));
    answers_.push_back({});
  }
  void send_begin() {
    if (!std::exchange(connection_.begin_waits_, false)) return;
    send("BEGIN");
    if (const auto limit = connection_.idle_limit(); !limit.empty()) send(limit.c_str());
  }
  /// The first use of a name sends Parse with the rest, so that it costs no round trip of its own.
  void send(Statement& statement, Params params, bool named) {
    if (named && !std::exchange(statement.prepared, true)) {
      connection_.check_sent(PQsendPrepare(connection_.connection_.get(), statement.name.c_str(),
                                           statement.text.c_str(), 0, nullptr));
      answers_.push_back({&statement, false});
    }
    connection_.bound_.bind(params);
    connection_.send_bound(statement, named);
    answers_.push_back({nullptr, true});
  }

  /// Notes which names there are now, whatever became of the statements behind them.
  void note_names(const std::vector<ResultPtr>& results) const {
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      if (!answers_[i].names) continue;
      answers_[i].names->prepared =
          i < results.size() && PQresultStatus(results[i].get()) == PGRES_COMMAND_OK;
    }
  }
  /// Leaves the answers of statements.
  void keep_wanted(std::vector<ResultPtr>& results) const {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (answers_[i].is_wanted) std::swap(results[kept++], results[i]);
    }
    results.resize(kept);
  }

 private:
  struct Answer {
    Statement* names = nullptr;  ///< Of a Parse: what it gives a name to.
    bool is_wanted = false;
  };
  Connection& connection_;
  std::vector<Answer> answers_;  ///< One for each result, in their order.
};

void Connection::send_bound(const Statement& statement, bool named) {
  auto* connection = connection_.get();
  check_sent(named ? PQsendQueryPrepared(connection, statement.name.c_str(), bound_.count(),
                                         bound_.values(), bound_.lengths(), bound_.formats(), 0)
                   : PQsendQueryParams(connection, statement.text.c_str(), bound_.count(), nullptr,
                                       bound_.values(), bound_.lengths(), bound_.formats(), 0));
}

std::vector<ResultPtr> Connection::run(std::span<const Piece> pieces, Access access, End end) {
  const bool may_name = names_statements();
  const auto is_named = [&](const Statement& statement) {
    return may_name && !statement.name.empty();
  };
  auto& first = statement(pieces.front().sql);
  const bool pipelined = pieces.size() > 1 || end == End::kCommit || begin_waits_ ||
                         (is_named(first) && !first.prepared);
  Flight flight(*this);
  auto results = exchange(access, pipelined, [&] {
    flight.send_begin();
    flight.send(first, pieces.front().params, is_named(first));
    for (const auto& piece : pieces.subspan(1)) {
      auto& statement = this->statement(piece.sql);
      flight.send(statement, piece.params, is_named(statement));
    }
    if (end == End::kCommit) flight.send("COMMIT");
  });
  flight.note_names(results);
  try {
    raise_first_failure(results, access);
  } catch (const Error& error) {
    // A pooler lost or shares the name. Nothing ran: once more without it, also where nobody
    // retries.
    const bool alone = may_name && !in_transaction_ && end == End::kNone;
    if (!alone || error.kind != "prepared_statement_lost") throw;
    return run(pieces, access, end);
  }
  if (end == End::kCommit) refuse_rollback(results.back().get());
  flight.keep_wanted(results);
  return results;
}

std::vector<ResultPtr> Connection::run(std::string_view sql, Params params, Access access) {
  const Piece piece{sql, params};
  return run({&piece, 1}, access, End::kNone);
}

void Connection::query(std::string_view sql, Params params, OnRow on_row) {
  const auto results = run(sql, params, Access::kRead);
  hand_over(results.back().get(), on_row);
}

void Connection::stream(std::string_view sql, Params params, OnRow on_row) {
  begin_now();
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
  const auto results = run(sql, params, Access::kWrite);
  hand_over(results.back().get(), on_row);
  return changed_rows(results.back().get());
}

std::int64_t Connection::execute_each(std::string_view sql,
                                      std::span<const std::vector<Param>> params, OnRow on_row) {
  if (params.empty()) return 0;
  std::vector<Piece> pieces;
  pieces.reserve(params.size());
  for (const auto& each : params) pieces.push_back({sql, each});
  std::int64_t changed = 0;
  for (const auto& result : run(pieces, Access::kWrite, End::kNone)) {
    hand_over(result.get(), on_row);
    changed += changed_rows(result.get());
  }
  return changed;
}

}  // namespace dbosc::sql::postgres
