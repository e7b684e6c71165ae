#include "support/sql.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <stdexcept>
#include <string_view>
#include <utility>

namespace dbosc::test {
namespace {

[[noreturn]] void fail(const std::string& statement, const std::string& message) {
  throw std::runtime_error(message + "\nin: " + statement);
}

class PostgresSql final : public Sql {
 public:
  PostgresSql(const std::string& url, std::string schema)
      : connection_(PQconnectdb(url.c_str()), PQfinish), schema_(std::move(schema)) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) fail(url, PQerrorMessage(connection_.get()));
    PQsetNoticeReceiver(
        connection_.get(), [](void*, const PGresult*) {}, nullptr);
  }
  pg_conn* postgres_connection() override { return connection_.get(); }

 private:
  std::vector<Row> run(const std::string& statement, const std::vector<Value>& params,
                       std::string* first_column) override {
    std::vector<const char*> values;
    for (const auto& param : params) values.push_back(param ? param->c_str() : nullptr);
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(
        params.empty()
            ? PQexec(connection_.get(), statement.c_str())
            : PQexecParams(connection_.get(), statement.c_str(), static_cast<int>(values.size()),
                           nullptr, values.data(), nullptr, nullptr, 0),
        PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      fail(statement, PQresultErrorMessage(result.get()));
    }
    if (first_column && PQnfields(result.get()) > 0) *first_column = PQfname(result.get(), 0);
    std::vector<Row> rows(static_cast<std::size_t>(PQntuples(result.get())));
    for (int i = 0; i < PQntuples(result.get()); ++i) {
      for (int column = 0; column < PQnfields(result.get()); ++column) {
        rows[static_cast<std::size_t>(i)][PQfname(result.get(), column)] =
            read(result.get(), i, column);
      }
    }
    return rows;
  }
  std::string prefix() const override { return quoted_name(schema_) + '.'; }

  static Value read(const PGresult* result, int row, int column) {
    static constexpr Oid kBoolean = 16;
    if (PQgetisnull(result, row, column)) return std::nullopt;
    const std::string text = PQgetvalue(result, row, column);
    if (PQftype(result, column) == kBoolean) return text == "t" ? "true" : "false";
    return text;
  }

  std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
  std::string schema_;
};

class SqliteSql final : public Sql {
 public:
  explicit SqliteSql(const std::string& path) : database_(nullptr, sqlite3_close) {
    sqlite3* database = nullptr;
    const int result = sqlite3_open(path.c_str(), &database);
    database_.reset(database);
    if (result != SQLITE_OK) fail(path, sqlite3_errmsg(database));
    sqlite3_busy_timeout(database, 30000);
    // No test pulls the plug.
    sqlite3_exec(database, "PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF", nullptr, nullptr,
                 nullptr);
  }
  sqlite3* sqlite_connection() override { return database_.get(); }

 private:
  std::vector<Row> run(const std::string& text, const std::vector<Value>& params,
                       std::string* first_column) override {
    std::vector<Row> rows;
    // Several statements in one text, as Postgres takes them.
    const char* rest = text.c_str();
    while (*rest) {
      sqlite3_stmt* prepared = nullptr;
      if (sqlite3_prepare_v2(database_.get(), rest, -1, &prepared, &rest) != SQLITE_OK) {
        fail(text, sqlite3_errmsg(database_.get()));
      }
      const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared,
                                                                            sqlite3_finalize);
      if (!prepared) break;
      bind(prepared, params);
      if (first_column && sqlite3_column_count(prepared) > 0) {
        *first_column = sqlite3_column_name(prepared, 0);
      }
      int result;
      while ((result = sqlite3_step(prepared)) == SQLITE_ROW) rows.push_back(read(prepared));
      if (result != SQLITE_DONE) fail(text, sqlite3_errmsg(database_.get()));
    }
    return rows;
  }
  std::string prefix() const override { return {}; }

  static void bind(sqlite3_stmt* statement, const std::vector<Value>& params) {
    for (std::size_t i = 0; i < params.size(); ++i) {
      const auto name = "$" + std::to_string(i + 1);
      const int index = sqlite3_bind_parameter_index(statement, name.c_str());
      if (index == 0 || !params[i]) continue;
      sqlite3_bind_text(statement, index, params[i]->data(), static_cast<int>(params[i]->size()),
                        SQLITE_TRANSIENT);
    }
  }
  static Row read(sqlite3_stmt* statement) {
    Row row;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      auto& value = row[sqlite3_column_name(statement, i)];
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      if (!text) continue;
      value = std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
      const char* type = sqlite3_column_decltype(statement, i);
      if (type && std::string_view(type) == "BOOLEAN") value = *value == "1" ? "true" : "false";
    }
    return row;
  }

  std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_;
};

}  // namespace

std::unique_ptr<Sql> Sql::postgres(const std::string& url, std::string schema) {
  return std::make_unique<PostgresSql>(url, std::move(schema));
}

std::unique_ptr<Sql> Sql::sqlite(const std::string& path) {
  return std::make_unique<SqliteSql>(path);
}

std::string Sql::with_prefix(std::string statement) const {
  static constexpr std::string_view kMark = "dbos.";
  const auto replacement = prefix();
  for (std::size_t at = statement.find(kMark); at != std::string::npos;
       at = statement.find(kMark, at + replacement.size())) {
    statement.replace(at, kMark.size(), replacement);
  }
  return statement;
}

std::vector<Row> Sql::rows(const std::string& statement, std::vector<Value> params) {
  return run(with_prefix(statement), params, nullptr);
}

Row Sql::row(const std::string& statement, std::vector<Value> params) {
  auto found = rows(statement, std::move(params));
  if (found.size() != 1) fail(statement, std::to_string(found.size()) + " rows, not one");
  return std::move(found.front());
}

Value Sql::value(const std::string& statement, std::vector<Value> params) {
  std::string column;
  auto found = run(with_prefix(statement), params, &column);
  if (found.size() != 1) fail(statement, std::to_string(found.size()) + " rows, not one");
  return std::move(found.front()[column]);
}

void Sql::insert(const std::string& table, const Row& columns) {
  std::string names, values;
  std::vector<Value> params;
  for (const auto& [name, value] : columns) {
    params.push_back(value);
    names += (names.empty() ? "" : ", ") + quoted_name(name);
    values += (values.empty() ? "$" : ", $") + std::to_string(params.size());
  }
  rows("INSERT INTO dbos." + table + " (" + names + ") VALUES (" + values + ")", params);
}

std::string quoted_name(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

}  // namespace dbosc::test
