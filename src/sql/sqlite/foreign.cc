#include <charconv>

#include "base/error.h"
#include "sql/sqlite/connection.h"

// Statements of the caller's own.

namespace dbosc::sql::sqlite {
namespace {

int bind_number(sqlite3_stmt* statement, int index, const Json& number) {
  if (const auto integer = number.integer()) return sqlite3_bind_int64(statement, index, *integer);
  const auto digits = number.text();
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return sqlite3_bind_double(statement, index, value);
}

int bind_json(sqlite3_stmt* statement, int index, const Json& value) {
  const auto bind_text = [&](std::string_view text) {
    return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8);
  };
  switch (value.type()) {
    case Json::Type::kNull:
      return sqlite3_bind_null(statement, index);
    case Json::Type::kBoolean:
      return sqlite3_bind_int(statement, index, value.boolean());
    case Json::Type::kNumber:
      return bind_number(statement, index, value);
    case Json::Type::kString:
      return bind_text(value.text());
    case Json::Type::kArray:
    case Json::Type::kObject:
      break;
  }
  return bind_text(value.raw());
}

std::string hex(const unsigned char* bytes, int length) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "\\x";
  for (int i = 0; i < length; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

void write_number(JsonWriter& out, sqlite3_stmt* statement, int column) {
  const std::string_view text(
      reinterpret_cast<const char*>(sqlite3_column_text(statement, column)));
  // Inf and -Inf are no JSON.
  if (text.find_first_of("If") == std::string_view::npos) {
    out.raw(text);
  } else {
    out.string(text);
  }
}

void write_column(JsonWriter& out, sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      out.null();
      break;
    case SQLITE_INTEGER:
    case SQLITE_FLOAT:
      write_number(out, statement, column);
      break;
    case SQLITE_BLOB:
      out.string(hex(static_cast<const unsigned char*>(sqlite3_column_blob(statement, column)),
                     sqlite3_column_bytes(statement, column)));
      break;
    default:
      out.string({reinterpret_cast<const char*>(sqlite3_column_text(statement, column)),
                  static_cast<std::size_t>(sqlite3_column_bytes(statement, column))});
  }
}

}  // namespace

std::int64_t Connection::run_foreign(std::string_view sql, const Json& params, JsonWriter& out) {
  limits_.check();
  sqlite3_stmt* prepared = nullptr;
  const char* rest = nullptr;
  check(sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()), &prepared,
                           &rest));
  const StatementPtr statement(prepared);
  const std::string_view left(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (!prepared || left.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    throw invalid_argument("not_one_statement", "sql", "'sql' must be one statement");
  }
  if (sqlite3_bind_parameter_count(prepared) != static_cast<int>(params.size())) {
    throw invalid_argument("wrong_number_of_params", "params",
                           "the statement has " +
                               std::to_string(sqlite3_bind_parameter_count(prepared)) +
                               " parameters, 'params' " + std::to_string(params.size()));
  }
  int index = 0;
  for (const auto& param : params.children()) check(bind_json(prepared, ++index, param.value));
  const int columns = sqlite3_column_count(prepared);
  out.key("columns").begin_array();
  for (int i = 0; i < columns; ++i) out.string(sqlite3_column_name(prepared, i));
  out.end_array().key("rows").begin_array();
  const auto before = sqlite3_total_changes(database_.get());
  for (int result = 0; (result = sqlite3_step(prepared)) != SQLITE_DONE;) {
    check(result);
    out.begin_array();
    for (int i = 0; i < columns; ++i) write_column(out, prepared, i);
    out.end_array();
  }
  out.end_array();
  in_transaction_ = sqlite3_get_autocommit(database_.get()) == 0;
  return sqlite3_total_changes(database_.get()) - before;
}

}  // namespace dbosc::sql::sqlite
