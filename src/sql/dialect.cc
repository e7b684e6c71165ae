#include "sql/dialect.h"

#include <cctype>

namespace dbosc::sql {
namespace {

constexpr std::string_view kSchemaMark = "dbos.";
constexpr std::string_view kClockMark = "now_ms()";
constexpr std::string_view kAnyMark = "= ANY ($";
constexpr std::string_view kCastMark = "::";

constexpr std::string_view kPostgresClock = "(EXTRACT(epoch FROM now()) * 1000.0)::bigint";
constexpr std::string_view kSqliteClock =
    "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Walks a statement once and writes it in its database's words.
class Renderer {
 public:
  Renderer(std::string_view sql, std::string_view schema_prefix, bool sqlite)
      : rest_(sql), schema_prefix_(schema_prefix), sqlite_(sqlite) {
    out_.reserve(sql.size() + 64);
  }

  std::string run() {
    while (!rest_.empty()) {
      const bool word_before = !out_.empty() && (is_word(out_.back()) || out_.back() == '"');
      if (!word_before && take(kSchemaMark)) {
        out_ += schema_prefix_;
      } else if (!word_before && take(kClockMark)) {
        out_ += sqlite_ ? kSqliteClock : kPostgresClock;
      } else if (sqlite_ && take(kAnyMark)) {
        out_ += "IN (SELECT value FROM json_each($" + take_until(')') + "))";
        rest_.remove_prefix(1);
      } else if (sqlite_ && take(kCastMark)) {
        skip_type();
      } else {
        out_ += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    return std::move(out_);
  }

 private:
  bool take(std::string_view mark) {
    if (rest_.substr(0, mark.size()) != mark) return false;
    rest_.remove_prefix(mark.size());
    return true;
  }
  std::string take_until(char end) {
    const auto taken = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(taken.size());
    return std::string(taken);
  }
  void skip_type() {
    while (!rest_.empty() && is_word(rest_.front())) rest_.remove_prefix(1);
    take("[]");
  }

  std::string_view rest_;
  std::string_view schema_prefix_;
  bool sqlite_;
  std::string out_;
};

}  // namespace

std::string quote_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string Dialect::render(std::string_view sql) const {
  const auto prefix = is_postgres() ? quote_identifier(schema) + '.' : std::string();
  return Renderer(sql, prefix, !is_postgres()).run();
}

// LIKE can use an index of C collation in Postgres. In SQLite it ignores case; a range there uses
// the primary key.
std::string Dialect::starts_with(std::string_view column, int n) const {
  const auto param = "$" + std::to_string(n);
  const std::string name(column);
  if (is_postgres()) return name + " LIKE " + param;
  return '(' + name + " >= " + param + " AND substr(" + name + ", 1, length(" + param +
         ")) = " + param + ')';
}

std::string Dialect::prefix_param(std::string_view prefix) const {
  if (!is_postgres()) return std::string(prefix);
  std::string pattern;
  for (const char c : prefix) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

}  // namespace dbosc::sql
