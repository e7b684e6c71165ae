#include "support/layouts.h"

#include <array>

namespace dbosc::test {
namespace {

struct Column {
  int since;  ///< The migration that added it.
  const char* table;
  const char* name;
};

constexpr Column kColumns[] = {
    {123, "workflow_status", "creator_xid"},
    {121, "notifications", "consumed_by_function_id"},
    {110, "operation_outputs", "retention_timestamp"},
    {108, "queues", "partition_concurrency"},
    {108, "queues", "partition_worker_concurrency"},
    {108, "queues", "partition_rate_limit_max"},
    {108, "queues", "partition_rate_limit_period_sec"},
    {104, "operation_outputs", "application_name"},
    {103, "application_versions", "application_name"},
    {102, "workflow_schedules", "application_name"},
    {101, "queues", "application_name"},
    {100, "workflow_status", "application_name"},
    {42, "workflow_status", "debounce_deadline_epoch_ms"},
    {42, "workflow_status", "is_debounced"},
    {41, "workflow_status", "schedule_name"},
};

/// SQLite drops no column that an index names.
void drop_indexes_on(Database& database, const Column& column) {
  const auto indexes = database.sql().rows(
      "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND instr(sql, $2)",
      {column.table, column.name});
  for (const auto& index : indexes) database.sql().rows("DROP INDEX " + *index.at("name"));
}

void drop_column(Database& database, const Column& column) {
  if (!database.is_postgres()) drop_indexes_on(database, column);
  database.sql().rows(std::string("ALTER TABLE dbos.") + column.table + " DROP COLUMN " +
                      column.name);
}

}  // namespace

void downgrade(Database& database, int level) {
  auto& sql = database.sql();
  for (const auto& column : kColumns) {
    if (column.since > level) drop_column(database, column);
  }
  if (level < 113 && database.is_postgres()) {
    // It writes workflow_input; clients never call it.
    sql.rows("DROP FUNCTION dbos.enqueue_workflow");
  }
  if (level < 109) sql.rows("DROP TABLE dbos.workflow_input; DROP TABLE dbos.workflow_output");
  set_schema_version(database, level);
}

void set_schema_version(Database& database, int level) {
  database.sql().rows("UPDATE dbos.dbos_migrations SET version = " + std::to_string(level));
}

int level_for(Backend backend, int level) {
  return backend == Backend::kSqlite && level == 113 ? 112 : level;
}

}  // namespace dbosc::test
