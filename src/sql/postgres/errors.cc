#include "sql/postgres/errors.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string>

namespace dbosc::sql::postgres {
namespace {

struct Rule {
  std::string_view
      prefix;  ///< A whole SQLSTATE or the beginning of one; the first that fits counts.
  Code code;
  std::string_view kind;
  Retry retry;
};

constexpr Rule kRules[] = {
    {"57014", Code::kTimeout, "query_timeout", Retry::kNever},
    {"57P01", Code::kUnavailable, "server_shutdown", Retry::kReconnect},
    {"57P02", Code::kUnavailable, "server_shutdown", Retry::kReconnect},
    {"57P03", Code::kUnavailable, "server_starting", Retry::kReconnect},
    {"57P05", Code::kUnavailable, "idle_session_timeout", Retry::kReconnect},
    {"25P03", Code::kUnavailable, "idle_transaction_timeout", Retry::kReconnect},
    {"25006", Code::kUnavailable, "read_only", Retry::kReconnect},
    {"53300", Code::kUnavailable, "too_many_connections", Retry::kReconnect},
    {"53", Code::kUnavailable, "server_out_of_resources", Retry::kReconnect},
    {"08", Code::kUnavailable, "connection_failed", Retry::kReconnect},
    {"40", Code::kDatabase, "serialization_failure", Retry::kAtOnce},
    {"26000", Code::kDatabase, "prepared_statement_lost", Retry::kAtOnce},
    {"42P05", Code::kDatabase, "prepared_statement_lost", Retry::kAtOnce},
    {"55P03", Code::kDatabase, "lock_not_available", Retry::kNever},
    {"23505", Code::kConflict, "unique_violation", Retry::kNever},
    {"23503", Code::kNotFound, "foreign_key_violation", Retry::kNever},
    {"28", Code::kUnavailable, "authentication_failed", Retry::kNever},
    {"3D", Code::kNotFound, "database_missing", Retry::kNever},
    {"42501", Code::kDatabase, "missing_grant", Retry::kNever},
    {"42P01", Code::kUnsupported, "schema_changed", Retry::kNever},
    {"42703", Code::kUnsupported, "schema_changed", Retry::kNever},
    {"3F000", Code::kUnsupported, "schema_missing", Retry::kNever},
    {"54", Code::kInvalidArgument, "too_large", Retry::kNever},
    {"22", Code::kInvalidArgument, "invalid_value", Retry::kNever},
};

std::string trimmed(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  return text;
}

/// libpq's message without the lines that only its own developers want.
std::string in_one_line(const std::string& message) {
  std::istringstream lines(message);
  std::string joined;
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, line.find_first_not_of(" \t"));
    if (line.empty() || line.rfind("LOCATION:", 0) == 0) continue;
    joined += (joined.empty() ? "" : " ") + line;
  }
  return joined;
}

bool is_sqlstate(std::string_view word) {
  return word.size() == 5 && std::all_of(word.begin(), word.end(), [](unsigned char c) {
           return std::isdigit(c) || std::isupper(c);
         });
}

/// In verbose form a refused connection says `FATAL:  28P01: text`; libpq has no other way to the
/// SQLSTATE.
std::string sqlstate_of_verbose(const std::string& message) {
  for (std::size_t at = message.find(":  "); at != std::string::npos;
       at = message.find(":  ", at + 1)) {
    const auto word = message.substr(at + 3, 5);
    if (is_sqlstate(word) && message.compare(at + 8, 2, ": ") == 0) return word;
  }
  return {};
}

Error unavailable(std::string kind, std::string message) {
  Error error(Code::kUnavailable, std::move(kind), std::move(message));
  error.retry = Retry::kReconnect;
  return error;
}

}  // namespace

Error error_of_sqlstate(std::string_view sqlstate, std::string message) {
  const auto rule = std::find_if(std::begin(kRules), std::end(kRules), [&](const Rule& candidate) {
    return sqlstate.substr(0, candidate.prefix.size()) == candidate.prefix;
  });
  const bool known = rule != std::end(kRules);
  Error error(known ? rule->code : Code::kDatabase,
              std::string(known ? rule->kind : "database_error"), std::move(message));
  if (known) error.retry = rule->retry;
  error.with("sqlstate", sqlstate);
  return error;
}

Error error_of_result(const PGresult* result) {
  const auto field = [&](int code) {
    const char* text = PQresultErrorField(result, code);
    return std::string(text ? text : "");
  };
  auto message = field(PG_DIAG_MESSAGE_PRIMARY);
  if (message.empty()) message = trimmed(PQresultErrorMessage(result));
  auto error = error_of_sqlstate(field(PG_DIAG_SQLSTATE), std::move(message));
  if (const auto name = field(PG_DIAG_CONSTRAINT_NAME); !name.empty())
    error.with("constraint", name);
  return error;
}

Error error_of_connect(PGconn* connection) {
  const std::string message = PQerrorMessage(connection);
  const auto sqlstate = sqlstate_of_verbose(message);
  auto sentence = in_one_line(message);
  if (sqlstate.empty()) return unavailable("connection_failed", std::move(sentence));
  return error_of_sqlstate(sqlstate, std::move(sentence));
}

Error host_silent() {
  return unavailable("connection_failed", "the host did not answer in its share of the time");
}

Error connection_lost(PGconn* connection) {
  auto message = trimmed(PQerrorMessage(connection));
  if (message.empty()) message = "the server closed the connection";
  return unavailable("connection_lost", std::move(message));
}

}  // namespace dbosc::sql::postgres
