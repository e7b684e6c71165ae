#include "store/workflow_changes.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/json_merge.h"
#include "sql/dialect.h"
#include "store/workflows.h"

namespace dbosc::store {

void add_state(StatesBefore& states, const sql::Row& row) {
  states[*row.copy(0)] = {row.copy(1).value_or(""), row.integer(2).value_or(0)};
}

namespace {

constexpr std::string_view kStates =
    "SELECT workflow_uuid, status, updated_at FROM dbos.workflow_status"
    // Locked in one order, so that two callers with overlapping ids cannot lock each other out.
    " WHERE workflow_uuid = ANY ($1) ORDER BY workflow_uuid";

}  // namespace

StatesBefore lock_states(sql::Session& session, const std::vector<std::string>& workflow_ids) {
  StatesBefore states;
  session.query(std::string(kStates) + std::string(session.dialect().locking_rows()),
                {workflow_ids}, [&](const sql::Row& row) { add_state(states, row); });
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

namespace {

/// Statuses of workflows that are not cancelled any more.
constexpr std::string_view kOver[] = {"SUCCESS", "ERROR", "CANCELLED"};

/// That `column` is none of those.
std::string is_not_over(std::string_view column) {
  std::string sql(column);
  std::string_view before = " NOT IN ('";
  for (const auto status : kOver) sql.append(std::exchange(before, "', '")).append(status);
  return sql + "')";
}

/// `which` names the rows.
std::string cancel_rows(std::string_view which) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_status
SET status = 'CANCELLED', owner_xid = NULL, queue_name = NULL, deduplication_id = NULL,
    started_at_epoch_ms = NULL, updated_at = now_ms(), completed_at = now_ms()
)";
  std::string sql;
  return sql.append(kSql).append(which);
}

}  // namespace

bool can_be_cancelled(std::string_view status) {
  return std::find(std::begin(kOver), std::end(kOver), status) == std::end(kOver);
}

Statements cancelling(const std::vector<std::string>& workflow_ids) {
  return {{cancel_rows("WHERE workflow_uuid = ANY ($1)"), {workflow_ids}}};
}

StatesBefore cancel_at_once(sql::Session& session, const std::vector<std::string>& workflow_ids) {
  // What `found` has locked is as it was last committed, which the update itself would not see.
  // Never destroyed: threads may cancel while the process ends.
  static const auto& kSql = *new std::string(
      "WITH found AS (" + std::string(kStates) + " FOR UPDATE), cancelled AS (" +
      cancel_rows("FROM found WHERE workflow_status.workflow_uuid = found.workflow_uuid AND " +
                  is_not_over("found.status")) +
      ") SELECT workflow_uuid, status, updated_at FROM found");
  StatesBefore states;
  session.execute(kSql, {workflow_ids}, [&](const sql::Row& row) { add_state(states, row); });
  return states;
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

namespace {

RowChange row_change(bool changed, bool exists) {
  if (changed) return RowChange::kChanged;
  return exists ? RowChange::kUnchanged : RowChange::kNotFound;
}

/// Runs the update of the row $1 to the value $2. One round trip where the server allows it.
RowChange change_row(sql::Session& session, std::string_view update, std::string_view workflow_id,
                     sql::Param value) {
  if (!session.dialect().can_write_in_with()) {
    const bool changed = session.execute(update, {workflow_id, value}) > 0;
    return row_change(changed,
                      changed || !existing_workflows(session, {std::string(workflow_id)}).empty());
  }
  auto change = RowChange::kNotFound;
  session.execute("WITH changed AS (" + std::string(update) +
                      " RETURNING 1) SELECT EXISTS (SELECT 1 FROM changed),"
                      " EXISTS (SELECT 1 FROM dbos.workflow_status WHERE workflow_uuid = $1)",
                  {workflow_id, value}, [&](const sql::Row& row) {
                    change = row_change(row.boolean(0), row.boolean(1));
                  });
  return change;
}

}  // namespace

RowChange set_workflow_delay(sql::Session& session, std::string_view workflow_id,
                             std::int64_t delay_until_ms) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_status SET delay_until_epoch_ms = $2, updated_at = now_ms()
WHERE workflow_uuid = $1 AND status = 'DELAYED')";
  return change_row(session, kSql, workflow_id, delay_until_ms);
}

RowChange set_workflow_priority(sql::Session& session, std::string_view workflow_id,
                                std::int64_t priority) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_status SET priority = $2, updated_at = now_ms()
WHERE workflow_uuid = $1 AND status IN ('ENQUEUED', 'DELAYED'))";
  return change_row(session, kSql, workflow_id, priority);
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

RowChange update_attributes(sql::Session& session, std::string_view workflow_id,
                            const std::optional<std::string>& attributes, bool merge) {
  static constexpr std::string_view kReplace = R"(
UPDATE dbos.workflow_status SET attributes = $2::text::jsonb, updated_at = now_ms()
WHERE workflow_uuid = $1)";
  static constexpr std::string_view kMerge = R"(
UPDATE dbos.workflow_status
SET attributes = CASE jsonb_typeof(attributes) WHEN 'object' THEN attributes ELSE '{}' END || $2::text::jsonb,
    updated_at = now_ms()
WHERE workflow_uuid = $1)";
  if (!merge) return change_row(session, kReplace, workflow_id, attributes);
  if (session.dialect().is_postgres()) {
    return change_row(session, kMerge, workflow_id, attributes);
  }
  sql::Transaction transaction(session);
  const auto merged = merged_attributes(session, workflow_id, *attributes);
  const auto change = change_row(session, kReplace, workflow_id, merged);
  transaction.commit();
  return change;
}

}  // namespace dbosc::store
