#include "store/layout.h"

#include <algorithm>
#include <vector>

#include "sql/dialect.h"

namespace dbosc::store {
namespace {

/// All that a system database has.
constexpr std::string_view kTables[] = {
    "dbos_migrations",   "workflow_status", "workflow_input",     "workflow_output",
    "operation_outputs", "notifications",   "workflow_events",    "workflow_events_history",
    "streams",           "queues",          "workflow_schedules", "application_versions"};

constexpr std::string_view kSqliteColumns = R"(
SELECT m.name, c.name
FROM sqlite_master m, pragma_table_xinfo(m.name) c
WHERE m.type = 'table')";

constexpr std::string_view kVersion = "SELECT max(version) FROM dbos.dbos_migrations";

constexpr std::string_view kIdColumn = "workflow_status.workflow_uuid";

/// From the catalog and not information_schema, which hides columns that this role has no grant
/// for. One table by its index and no join: most of what a new connection's first statement costs
/// is the catalog that it has to read for itself. Through JSON, for older servers' databases know
/// no provider of their collation.
std::string postgres_columns() {
  std::string tables;
  for (std::size_t i = 0; i < std::size(kTables); ++i) {
    tables += (i ? ", pg_catalog.to_regclass($" : "pg_catalog.to_regclass($") +
              std::to_string(i + 1) + ')';
  }
  return "SELECT pg_catalog.array_position(t.ids, a.attrelid), a.attname, a.attcollation::bigint,"
         " (SELECT coalesce(pg_catalog.to_jsonb(d) ->> 'datlocprovider', 'c') || ':' || "
         "d.datcollate"
         " FROM pg_catalog.pg_database d"
         " WHERE d.datname = pg_catalog.current_database())"
         " FROM pg_catalog.pg_attribute a, (SELECT ARRAY[" +
         tables +
         "]::oid[] AS ids) t"
         " WHERE a.attrelid = ANY (t.ids) AND a.attnum > 0 AND NOT a.attisdropped";
}

using Columns = std::unordered_set<std::string>;
using OnColumn = FunctionRef<void(std::string_view column, const sql::Row& row)>;

void read_columns_of_postgres(sql::Session& session, OnColumn on_column) {
  std::vector<std::string> names;
  for (const auto table : kTables) {
    names.push_back(sql::quote_identifier(session.dialect().schema) + '.' + std::string(table));
  }
  const std::vector<sql::Param> params(names.begin(), names.end());
  session.query(postgres_columns(), params, [&](const sql::Row& row) {
    const auto table = kTables[*row.integer(0) - 1];
    on_column(std::string(table) + '.' + *row.copy(1), row);
  });
}

Columns read_columns(sql::Session& session, OnColumn on_id_column) {
  Columns columns;
  if (session.dialect().is_postgres()) {
    read_columns_of_postgres(session, [&](std::string_view column, const sql::Row& row) {
      columns.emplace(column);
      if (column == kIdColumn) on_id_column(column, row);
    });
  } else {
    session.query(kSqliteColumns, {},
                  [&](const sql::Row& row) { columns.insert(*row.copy(0) + '.' + *row.copy(1)); });
  }
  return columns;
}

/// Whether a text column of this collation compares by code point. `database`: the provider of the
/// database's own collation, and its name.
bool is_in_code_point_order(std::int64_t collation, std::string_view database) {
  constexpr std::int64_t kOfDatabase = 100, kC = 950, kPosix = 951;
  if (collation == kC || collation == kPosix) return true;
  if (collation != kOfDatabase) return false;
  // All of the server's own do.
  return database.starts_with("b:") || database == "c:C" || database == "c:POSIX" ||
         database == "c:C.UTF-8" || database == "c:C.UTF8" || database == "c:C.utf8";
}

std::string place(sql::Session& session) {
  const auto& dialect = session.dialect();
  return dialect.is_postgres() ? "schema '" + dialect.schema + "'" : std::string("the SQLite file");
}

/// Columns of level 41 that every statement of ours relies on.
constexpr std::string_view kRequired[] = {
    "workflow_status.schedule_name",
    "workflow_status.attributes",
    "workflow_status.completed_at",
    "workflow_status.serialization",
    "workflow_status.rate_limited",
    "operation_outputs.serialization",
    "workflow_events.serialization",
    "notifications.serialization",
    "queues.name",
};

}  // namespace

bool Layout::has(std::string_view table, std::string_view column) const {
  return columns_.contains(std::string(table) + '.' + std::string(column));
}

const std::string& Layout::kept(Text text, int behind, FunctionRef<std::string()> make) const {
  auto& kept = (*kept_)[static_cast<std::size_t>(text) + static_cast<std::size_t>(behind)];
  std::call_once(kept.made, [&] { kept.text = make(); });
  return kept.text;
}

void Layout::require(const Feature& feature, std::string_view what) const {
  if (!has(feature)) throw too_old(what, feature.level);
}

Error Layout::too_old(std::string_view what, std::int64_t needed) const {
  return Error(Code::kUnsupported, "schema_too_old",
               std::string(what) + " needs schema level " + std::to_string(needed) +
                   " (brought by " + releases_with(needed, engine_) + "); " + place_ +
                   " is at level " + std::to_string(version_))
      .with_json("schema_version", std::to_string(version_))
      .with_json("needed_schema_version", std::to_string(needed));
}

Layout Layout::probe(sql::Session& session) {
  Layout layout;
  layout.engine_ = session.dialect().engine;
  layout.place_ = place(session);
  layout.columns_ = read_columns(session, [&](std::string_view, const sql::Row& row) {
    layout.ids_in_code_point_order_ =
        is_in_code_point_order(row.integer(2).value_or(0), row.text(3).value_or(""));
  });
  if (!layout.has("workflow_status", "workflow_uuid") ||
      !layout.has("dbos_migrations", "version")) {
    throw Error(Code::kUnsupported, "schema_missing",
                "no DBOS system tables in " + layout.place_ +
                    "; check the schema name, or make a database with create_system_database");
  }
  // Only what is missing needs it.
  const bool is_complete =
      std::all_of(std::begin(kFeatures), std::end(kFeatures),
                  [&](const Feature& feature) { return layout.has(feature); }) &&
      std::all_of(std::begin(kRequired), std::end(kRequired), [&](std::string_view column) {
        return layout.columns_.contains(std::string(column));
      });
  if (!is_complete) layout.version_ = read_version(session);
  if (layout.has("workflow_status", "shard_key")) {
    throw Error(Code::kUnsupported, "sharded_schema",
                "the system database is sharded, which this client does not support");
  }
  for (const auto column : kRequired) {
    if (layout.columns_.contains(std::string(column))) continue;
    auto error = layout.too_old("this client", kOldestSchemaVersion)
                     .with_json("oldest_schema_version", std::to_string(kOldestSchemaVersion));
    error.message += " and lacks " + std::string(column);
    throw error;
  }
  layout.has_payload_tables_ =
      layout.has("workflow_input", "inputs") && layout.has("workflow_output", "output");
  layout.has_application_name_ = layout.has("workflow_status", "application_name");
  layout.has_creator_xid_ = layout.has("workflow_status", "creator_xid");
  return layout;
}

std::int64_t read_version(sql::Session& session) {
  std::int64_t version = 0;
  session.query(kVersion, {}, [&](const sql::Row& row) { version = row.integer(0).value_or(0); });
  return version;
}

bool has_system_tables(sql::Session& session) {
  const auto columns = read_columns(session, [](std::string_view, const sql::Row&) {});
  return columns.contains("dbos_migrations.version");
}

}  // namespace dbosc::store
