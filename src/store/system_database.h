#pragma once

#include <span>
#include <string_view>

namespace dbosc::store {

/// The schema version that both scripts below record as theirs.
inline constexpr int kNewestSchemaVersion = 125;

/// The statements, in order, that make an empty Postgres schema the newest DBOS system database.
/// The caller has created the schema and runs all in one transaction. Every `dbos.` in them,
/// function bodies included, stands for the schema and nothing else: the dialect may replace it
/// textually. Without the notify trigger the database is the one that official migrations make
/// with listen/notify off: neither the trigger nor its function exists, all else is the same.
/// The text lives as long as the program.
std::span<const std::string_view> postgres_system_database(bool with_notify_trigger);

/// The same for an empty SQLite file, which has no schema, no functions and no triggers.
std::span<const std::string_view> sqlite_system_database();

}  // namespace dbosc::store
