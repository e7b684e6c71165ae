#include "store/workflow_changes.h"

#include "sql/dialect.h"

namespace dbosc::store {

StatesBefore lock_states(sql::Session& session, const std::vector<std::string>& workflow_ids) {
  static constexpr std::string_view kSql =
      "SELECT workflow_uuid, status, updated_at FROM dbos.workflow_status"
      " WHERE workflow_uuid = ANY ($1)";
  // Locked in one order, so that two callers with overlapping ids cannot lock each other out.
  // SQLite's writer is alone.
  static constexpr std::string_view kLock = " ORDER BY workflow_uuid FOR UPDATE";
  const bool postgres = session.dialect().engine == sql::Dialect::Engine::kPostgres;
  StatesBefore states;
  session.query(std::string(kSql) + std::string(postgres ? kLock : ""), {workflow_ids},
                [&](const sql::Row& row) {
                  states[*row.copy(0)] = {row.copy(1).value_or(""), row.integer(2).value_or(0)};
                });
  return states;
}

std::vector<std::string> with_descendants(sql::Session& session,
                                          const std::vector<std::string>& workflow_ids) {
  // UNION drops what has been seen, so a cycle of parents ends.
  static constexpr std::string_view kSql = R"(
WITH RECURSIVE family (id) AS (
  SELECT workflow_uuid FROM dbos.workflow_status WHERE workflow_uuid = ANY ($1)
  UNION
  SELECT child.workflow_uuid
  FROM dbos.workflow_status child JOIN family ON child.parent_workflow_id = family.id)
SELECT id FROM family)";
  std::vector<std::string> ids = workflow_ids;
  StatesBefore seen;
  for (const auto& id : ids) seen[id];
  session.query(kSql, {workflow_ids}, [&](const sql::Row& row) {
    if (seen.try_emplace(*row.copy(0)).second) ids.push_back(*row.copy(0));
  });
  return ids;
}

void cancel_workflows(sql::Session& session, const std::vector<std::string>& workflow_ids) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_status
SET status = 'CANCELLED', owner_xid = NULL, queue_name = NULL, deduplication_id = NULL,
    started_at_epoch_ms = NULL, updated_at = now_ms(), completed_at = now_ms()
WHERE workflow_uuid = ANY ($1))";
  session.execute(kSql, {workflow_ids});
}

void resume_workflows(sql::Session& session, const std::vector<std::string>& workflow_ids,
                      std::string_view queue_name) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_status
SET status = 'ENQUEUED', queue_name = $2, recovery_attempts = 0, owner_xid = NULL,
    workflow_deadline_epoch_ms = NULL, deduplication_id = NULL, started_at_epoch_ms = NULL,
    completed_at = NULL, updated_at = now_ms()
WHERE workflow_uuid = ANY ($1))";
  session.execute(kSql, {workflow_ids, queue_name});
}

}  // namespace dbosc::store
