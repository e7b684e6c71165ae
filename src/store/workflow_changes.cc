#include "store/workflow_changes.h"

#include "base/json_merge.h"
#include "sql/dialect.h"

namespace dbosc::store {

void add_state(StatesBefore& states, const sql::Row& row) {
  states[*row.copy(0)] = {row.copy(1).value_or(""), row.integer(2).value_or(0)};
}

StatesBefore lock_states(sql::Session& session, const std::vector<std::string>& workflow_ids) {
  static constexpr std::string_view kSql =
      "SELECT workflow_uuid, status, updated_at FROM dbos.workflow_status"
      // Locked in one order, so that two callers with overlapping ids cannot lock each other out.
      " WHERE workflow_uuid = ANY ($1) ORDER BY workflow_uuid";
  StatesBefore states;
  session.query(std::string(kSql) + std::string(session.dialect().locking_rows()), {workflow_ids},
                [&](const sql::Row& row) { add_state(states, row); });
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

Statements cancelling(const std::vector<std::string>& workflow_ids) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_status
SET status = 'CANCELLED', owner_xid = NULL, queue_name = NULL, deduplication_id = NULL,
    started_at_epoch_ms = NULL, updated_at = now_ms(), completed_at = now_ms()
WHERE workflow_uuid = ANY ($1))";
  return {{std::string(kSql), {workflow_ids}}};
}

Statements resuming(const std::vector<std::string>& workflow_ids, std::string_view queue_name) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_status
SET status = 'ENQUEUED', queue_name = $2, recovery_attempts = 0, owner_xid = NULL,
    workflow_deadline_epoch_ms = NULL, deduplication_id = NULL, started_at_epoch_ms = NULL,
    completed_at = NULL, updated_at = now_ms()
WHERE workflow_uuid = ANY ($1))";
  return {{std::string(kSql), {workflow_ids, queue_name}}};
}

namespace {

Statements deleting_from(std::initializer_list<std::string_view> tables,
                         const std::vector<std::string>& workflow_ids) {
  Statements statements;
  for (const auto table : tables) {
    statements.push_back(
        {"DELETE FROM dbos." + std::string(table) + " WHERE workflow_uuid = ANY ($1)",
         {workflow_ids}});
  }
  return statements;
}

Statements deleting_payloads_and_steps(const Layout& layout,
                                       const std::vector<std::string>& workflow_ids) {
  if (!layout.has_payload_tables()) return deleting_from({"operation_outputs"}, workflow_ids);
  return deleting_from({"workflow_input", "workflow_output", "operation_outputs"}, workflow_ids);
}

}  // namespace

void delete_payloads_and_steps(sql::Session& session, const Layout& layout,
                               const std::vector<std::string>& workflow_ids) {
  for (const auto& [sql, params] : deleting_payloads_and_steps(layout, workflow_ids)) {
    session.execute(sql, params, sql::ignore_row);
  }
}

Statements deleting(const Layout& layout, const std::vector<std::string>& workflow_ids) {
  auto statements = deleting_payloads_and_steps(layout, workflow_ids);
  for (auto& status : deleting_from({"workflow_status"}, workflow_ids)) {
    statements.push_back(std::move(status));
  }
  return statements;
}

Statements moving(const std::vector<std::string>& workflow_ids, std::string_view queue_name,
                  const std::optional<std::string>& queue_partition_key) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_status
SET queue_name = $2, queue_partition_key = $3, updated_at = now_ms()
WHERE workflow_uuid = ANY ($1))";
  return {{std::string(kSql), {workflow_ids, queue_name, queue_partition_key}}};
}

bool set_workflow_delay(sql::Session& session, std::string_view workflow_id,
                        std::int64_t delay_until_ms) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_status SET delay_until_epoch_ms = $2, updated_at = now_ms()
WHERE workflow_uuid = $1 AND status = 'DELAYED')";
  return session.execute(kSql, {workflow_id, delay_until_ms}) > 0;
}

bool set_workflow_priority(sql::Session& session, std::string_view workflow_id,
                           std::int64_t priority) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_status SET priority = $2, updated_at = now_ms()
WHERE workflow_uuid = $1 AND status IN ('ENQUEUED', 'DELAYED'))";
  return session.execute(kSql, {workflow_id, priority}) > 0;
}

namespace {

/// SQLite's json_patch would merge deep and drop nulls, so the merge of top-level keys is ours
/// there.
std::string merged_attributes(sql::Session& session, std::string_view workflow_id,
                              const std::string& changes) {
  static constexpr std::string_view kSql =
      "SELECT attributes FROM dbos.workflow_status WHERE workflow_uuid = $1";
  std::optional<std::string> stored;
  session.query(kSql, {workflow_id}, [&](const sql::Row& row) { stored = row.copy(0); });
  return merge_json_objects(stored.value_or("{}"), changes);
}

}  // namespace

bool update_attributes(sql::Session& session, std::string_view workflow_id,
                       const std::optional<std::string>& attributes, bool merge) {
  static constexpr std::string_view kReplace = R"(
UPDATE dbos.workflow_status SET attributes = $2::text::jsonb, updated_at = now_ms()
WHERE workflow_uuid = $1)";
  static constexpr std::string_view kMerge = R"(
UPDATE dbos.workflow_status
SET attributes = CASE jsonb_typeof(attributes) WHEN 'object' THEN attributes ELSE '{}' END || $2::text::jsonb,
    updated_at = now_ms()
WHERE workflow_uuid = $1)";
  if (!merge) return session.execute(kReplace, {workflow_id, attributes}) > 0;
  if (session.dialect().is_postgres()) {
    return session.execute(kMerge, {workflow_id, attributes}) > 0;
  }
  sql::Transaction transaction(session);
  const auto merged = merged_attributes(session, workflow_id, *attributes);
  const bool found = session.execute(kReplace, {workflow_id, merged}) > 0;
  transaction.commit();
  return found;
}

}  // namespace dbosc::store
