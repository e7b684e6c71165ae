#include "store/layout.h"

#include "sql/dialect.h"

namespace dbosc::store {
namespace {

// From the catalog and not information_schema, which hides columns that this role has no grant for.
constexpr std::string_view kPostgresColumns = R"(
SELECT c.relname, a.attname
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped)";

constexpr std::string_view kSqliteColumns = R"(
SELECT m.name, c.name
FROM sqlite_master m, pragma_table_xinfo(m.name) c
WHERE m.type = 'table' AND $1 = '')";

constexpr std::string_view kVersion = "SELECT max(version) FROM dbos.dbos_migrations";

std::unordered_set<std::string> read_columns(sql::Session& session) {
  std::unordered_set<std::string> columns;
  const auto& dialect = session.dialect();
  const auto statement = dialect.is_postgres() ? kPostgresColumns : kSqliteColumns;
  session.query(statement, {dialect.schema}, [&](const sql::Row& row) {
    columns.insert(std::string(*row.text(0)) + '.' + std::string(*row.text(1)));
  });
  return columns;
}

std::int64_t read_version(sql::Session& session) {
  std::int64_t version = 0;
  session.query(kVersion, {}, [&](const sql::Row& row) { version = row.integer(0).value_or(0); });
  return version;
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
  layout.columns_ = read_columns(session);
  if (!layout.has("workflow_status", "workflow_uuid") ||
      !layout.has("dbos_migrations", "version")) {
    throw Error(Code::kUnsupported, "schema_missing",
                "no DBOS system tables in " + layout.place_ +
                    "; check the schema name, or make a database with create_system_database");
  }
  layout.version_ = read_version(session);
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

std::optional<std::int64_t> read_schema_version(sql::Session& session) {
  if (!read_columns(session).contains("dbos_migrations.version")) return std::nullopt;
  return read_version(session);
}

}  // namespace dbosc::store
