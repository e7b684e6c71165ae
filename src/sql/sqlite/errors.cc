#include "sql/sqlite/errors.h"

#include <sqlite3.h>

#include <new>
#include <string_view>

namespace dbosc::sql::sqlite {
namespace {

Error constraint_error(int extended_result, std::string message) {
  switch (extended_result) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      return Error(Code::kConflict, "unique_violation", std::move(message));
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return Error(Code::kNotFound, "foreign_key_violation", std::move(message));
    default:
      return Error(Code::kDatabase, "constraint_violation", std::move(message));
  }
}

bool is_about_schema(std::string_view message) {
  return message.starts_with("no such table") || message.starts_with("no such column") ||
         message.find("has no column named") != std::string_view::npos;
}

}  // namespace

Error error_of_result(int extended_result, std::string message) {
  switch (extended_result & 0xff) {
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_CONSTRAINT:
      return constraint_error(extended_result, std::move(message));
    case SQLITE_BUSY:
    case SQLITE_LOCKED: {
      // The busy handler waits; what still arrives here is a deadlock that SQLite broke, and is
      // safe to repeat.
      Error error(Code::kDatabase, "database_locked", std::move(message));
      error.retry = Retry::kAtOnce;
      return error;
    }
    case SQLITE_CANTOPEN:
      return Error(Code::kNotFound, "database_missing", std::move(message));
    case SQLITE_READONLY:
      return Error(Code::kUnavailable, "read_only", std::move(message));
    case SQLITE_FULL:
      return Error(Code::kUnavailable, "disk_full", std::move(message));
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Error(Code::kDatabase, "missing_grant", std::move(message));
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return Error(Code::kDatabase, "database_corrupt", std::move(message));
    case SQLITE_TOOBIG:
      return Error(Code::kInvalidArgument, "too_large", std::move(message));
    default:
      return is_about_schema(message)
                 ? Error(Code::kUnsupported, "schema_changed", std::move(message))
                 : Error(Code::kDatabase, "database_error", std::move(message));
  }
}

}  // namespace dbosc::sql::sqlite
