#include "store/diagnosis.h"

#include <algorithm>
#include <array>

#include "sql/dialect.h"

namespace dbosc::store {
namespace {

constexpr std::string_view kPostgresServer =
    "SELECT current_setting('server_version'), current_setting('transaction_read_only') = 'on'";
constexpr std::string_view kSqliteServer = "SELECT sqlite_version(), FALSE";

constexpr std::string_view kOwnership = R"(
SELECT (SELECT pg_catalog.pg_get_userbyid(n.nspowner)
        FROM pg_catalog.pg_namespace n WHERE n.nspname = $1),
       current_user)";

constexpr std::string_view kSchemaGrant = R"(
SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
FROM pg_catalog.pg_namespace n
WHERE n.nspname = $1)";

// A question about the columns for DELETE would be an error.
constexpr std::string_view kTableGrants = R"(
SELECT c.relname, p.privilege, pg_catalog.has_table_privilege(c.oid, p.privilege),
       CASE WHEN p.privilege = 'DELETE' THEN FALSE
            ELSE pg_catalog.has_any_column_privilege(c.oid, p.privilege) END
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) AS p(privilege)
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')
ORDER BY c.relname, p.privilege)";

constexpr std::string_view kWorkers = R"(
SELECT executor_id, application_version, count(*), max(updated_at)
FROM (SELECT executor_id, application_version, updated_at
      FROM dbos.workflow_status
      ORDER BY created_at DESC
      LIMIT $1) AS newest
WHERE executor_id IS NOT NULL AND executor_id <> ''
GROUP BY executor_id, application_version
ORDER BY max(updated_at) DESC)";

/// What operations do with a table: S(elect), I(nsert), U(pdate), D(elete).
struct Use {
  std::string_view table;
  std::string_view needed;
  std::string_view essential;
};
constexpr Use kUses[] = {
    {"workflow_status", "SIUD", "SIU"},
    {"workflow_input", "SIUD", "SI"},
    {"workflow_output", "SIUD", "S"},
    {"operation_outputs", "SIUD", ""},
    {"workflow_events", "SIUD", ""},
    {"workflow_events_history", "SI", ""},
    {"notifications", "SIU", ""},
    {"streams", "SI", ""},
    {"queues", "SIUD", ""},
    {"workflow_schedules", "SIUD", ""},
    {"application_versions", "SIU", ""},
    {"dbos_migrations", "S", "S"},
};

bool names(std::string_view uses, std::string_view privilege) {
  return uses.find(privilege.front()) != uses.npos;
}

}  // namespace

Server read_server(sql::Session& session) {
  Server server;
  session.query(session.dialect().is_postgres() ? kPostgresServer : kSqliteServer, {},
                [&](const sql::Row& row) {
                  server = {row.copy(0).value_or(""), row.boolean(1)};
                });
  return server;
}

Ownership read_ownership(sql::Session& session) {
  Ownership ownership;
  session.query(kOwnership, {session.dialect().schema}, [&](const sql::Row& row) {
    ownership = {row.copy(0), row.copy(1).value_or("")};
  });
  return ownership;
}

std::vector<MissingGrant> missing_grants(sql::Session& session) {
  std::vector<MissingGrant> missing;
  const auto& schema = session.dialect().schema;
  session.query(kSchemaGrant, {schema}, [&](const sql::Row& row) {
    if (!row.boolean(0)) missing.push_back({"", "USAGE", false, true});
  });
  session.query(kTableGrants, {schema}, [&](const sql::Row& row) {
    const auto table = *row.text(0), privilege = *row.text(1);
    const auto* use = std::find_if(std::begin(kUses), std::end(kUses),
                                   [&](const Use& each) { return each.table == table; });
    if (use == std::end(kUses) || !names(use->needed, privilege) || row.boolean(2)) return;
    missing.push_back({std::string(table), std::string(privilege), row.boolean(3),
                       names(use->essential, privilege)});
  });
  return missing;
}

std::int64_t read_clock(sql::Session& session) {
  std::int64_t now = 0;
  session.query("SELECT now_ms()", {}, [&](const sql::Row& row) { now = *row.integer(0); });
  return now;
}

std::int64_t read_backend(sql::Session& session) {
  std::int64_t backend = 0;
  session.query("SELECT pg_catalog.pg_backend_pid()", {},
                [&](const sql::Row& row) { backend = *row.integer(0); });
  return backend;
}

void notify(sql::Session& session, std::string_view channel) {
  session.query("SELECT pg_catalog.pg_notify($1, '')", {channel}, sql::ignore_row);
}

void try_to_write(sql::Session& session) {
  sql::Transaction transaction(session);
  session.execute("UPDATE dbos.workflow_status SET status = status WHERE FALSE", {});
}

SqliteFile read_sqlite_file(sql::Session& session) {
  SqliteFile file;
  session.query("PRAGMA journal_mode", {},
                [&](const sql::Row& row) { file.journal_mode = row.copy(0).value_or(""); });
  session.query("PRAGMA foreign_keys", {},
                [&](const sql::Row& row) { file.foreign_keys = row.boolean(0); });
  return file;
}

void workers_of_newest_workflows(sql::Session& session,
                                 FunctionRef<void(const SeenWorker&)> on_worker) {
  session.query(kWorkers, {kNewestWorkflows}, [&](const sql::Row& row) {
    on_worker({row.copy(0).value_or(""), row.copy(1), row.integer(2).value_or(0),
               row.integer(3).value_or(0)});
  });
}

}  // namespace dbosc::store
