#pragma once

#include <string>
#include <string_view>

namespace dbosc::sql {

/// All that differs between the databases in the SQL itself. Statements are written once, in
/// Postgres' form, with these marks, which `render` replaces:
///   dbos.table        the table in the system schema (quoted), or without a schema in SQLite
///   now_ms()          the database's clock in epoch milliseconds
///   column = ANY ($n) membership of a text list; SQLite reads the list with json_each
///   expression::type  a cast; SQLite has no use for them and they vanish
/// No statement may hold these marks in a literal.
struct Dialect {
  enum class Engine { kPostgres, kSqlite };

  Engine engine = Engine::kPostgres;
  std::string schema = "dbos";

  bool is_postgres() const { return engine == Engine::kPostgres; }
  /// Only Postgres can ask whether `attributes` contain an object.
  bool can_match_attributes() const { return is_postgres(); }
  /// SQLite's column defaults count whole seconds when Python made the file: there we stamp new
  /// rows ourselves.
  bool clock_defaults_are_exact() const { return is_postgres(); }
  /// Whether an INSERT may stand in a WITH, so that one statement fills two tables.
  bool can_write_in_with() const { return is_postgres(); }
  /// Whether many columns can travel as one, a record that record_row.h reads.
  bool has_records() const { return is_postgres(); }
  /// SQLite has no OFFSET without a LIMIT.
  bool can_offset_without_limit() const { return is_postgres(); }

  /// Ends a SELECT whose rows nobody else may change before the transaction ends. SQLite's writer
  /// is alone.
  std::string_view locking_rows() const { return is_postgres() ? " FOR UPDATE" : ""; }

  std::string render(std::string_view sql) const;
  /// The condition that `column` begins with parameter `n`, bound to `prefix_param(prefix)`.
  std::string starts_with(std::string_view column, int n) const;
  std::string prefix_param(std::string_view prefix) const;
};

/// `name` as a quoted identifier.
std::string quote_identifier(std::string_view name);

}  // namespace dbosc::sql
