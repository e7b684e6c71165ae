#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct pg_conn;
struct sqlite3;

namespace dbosc::test {

enum class Backend { kPostgres, kSqlite };

/// NULL or the value's text; booleans are `true` and `false` in both databases.
using Value = std::optional<std::string>;
using Row = std::map<std::string, Value>;

/// A direct way into a database, past the library: how a worker would read and write. Statements
/// are in Postgres' form with `dbos.` before tables. Throws std::runtime_error.
class Sql {
 public:
  static std::unique_ptr<Sql> postgres(const std::string& url, std::string schema = "dbos");
  static std::unique_ptr<Sql> sqlite(const std::string& path);
  virtual ~Sql() = default;

  /// The driver's own handle, for what borrows it; null for the other database.
  virtual pg_conn* postgres_connection() { return nullptr; }
  virtual sqlite3* sqlite_connection() { return nullptr; }

  std::vector<Row> rows(const std::string& statement, std::vector<Value> params = {});
  /// The only row; throws where there is another number.
  Row row(const std::string& statement, std::vector<Value> params = {});
  /// The first column of the only row.
  Value value(const std::string& statement, std::vector<Value> params = {});
  void insert(const std::string& table, const Row& columns);

 protected:
  virtual std::vector<Row> run(const std::string& statement, const std::vector<Value>& params,
                               std::string* first_column) = 0;
  virtual std::string prefix() const = 0;

 private:
  std::string with_prefix(std::string statement) const;
};

/// `name` as a quoted identifier.
std::string quoted_name(const std::string& name);

}  // namespace dbosc::test
