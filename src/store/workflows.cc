#include "store/workflows.h"

#include "base/error.h"
#include "sql/dialect.h"

namespace dbosc::store {
namespace {

using sql::Param;

/// Column by column, the row that `insert_workflow` writes; names and values cannot come apart.
struct RowWriter {
  std::string columns;
  std::string values;
  std::vector<Param> params;

  void add(std::string_view column, Param param, std::string_view cast = {}) {
    if (!columns.empty()) {
      columns += ", ";
      values += ", ";
    }
    params.push_back(param);
    columns += column;
    values += '$' + std::to_string(params.size());
    values += cast;
  }
};

RowWriter status_row(const Layout& layout, const sql::Dialect& dialect, bool with_inputs,
                     const NewWorkflow& workflow) {
  RowWriter row;
  row.add("workflow_uuid", workflow.workflow_id);
  row.add("status", workflow.status);
  row.add("name", workflow.name);
  row.add("class_name", workflow.class_name);
  row.add("config_name", workflow.config_name);
  row.add("queue_name", workflow.queue_name);
  row.add("serialization", workflow.serialization);
  row.add("authenticated_user", workflow.authenticated_user);
  row.add("authenticated_roles", workflow.authenticated_roles);
  row.add("assumed_role", workflow.assumed_role);
  row.add("application_version", workflow.app_version);
  row.add("priority", workflow.priority);
  row.add("deduplication_id", workflow.deduplication_id);
  row.add("queue_partition_key", workflow.queue_partition_key);
  row.add("workflow_timeout_ms", workflow.workflow_timeout_ms);
  row.add("workflow_deadline_epoch_ms", workflow.deadline_ms);
  row.add("delay_until_epoch_ms", workflow.delay_until_ms);
  row.add("attributes", workflow.attributes, "::text::jsonb");
  row.add(layout.creation_token(), workflow.creation_token);
  if (layout.has_application_name()) row.add("application_name", workflow.application_name);
  if (with_inputs) row.add("inputs", workflow.inputs);
  if (!dialect.clock_defaults_are_exact()) {
    row.add("created_at", workflow.created_at_ms);
    row.add("updated_at", workflow.created_at_ms);
  }
  return row;
}

/// The update writes nothing new: it locks the row that is there and hands it back.
std::string insert_or_return(const RowWriter& row, std::string_view token) {
  const std::string name(token);
  return "INSERT INTO dbos.workflow_status (" + row.columns + ") VALUES (" + row.values +
         ") ON CONFLICT (workflow_uuid) DO UPDATE SET " + name + " = workflow_status." + name +
         " RETURNING workflow_uuid, " + name +
         ", status, name, class_name, config_name, queue_name";
}

InsertOutcome read_row(const sql::Row& row, const NewWorkflow& workflow) {
  using Kind = InsertOutcome::Kind;
  return {.kind = row.text(1) == workflow.creation_token ? Kind::kCreated : Kind::kExisting,
          .status = row.copy(2).value_or(""),
          .name = row.copy(3).value_or(""),
          .class_name = row.copy(4),
          .config_name = row.copy(5),
          .queue_name = row.copy(6)};
}

/// Inputs go beside a row of our own only: those of a row that was there before are not ours to add
/// to.
InsertOutcome insert_split(sql::Session& session, RowWriter row, const std::string& insert,
                           std::string_view token, const NewWorkflow& workflow) {
  InsertOutcome outcome;
  if (session.dialect().engine == sql::Dialect::Engine::kPostgres) {
    row.params.push_back(workflow.inputs);
    const std::string sql = "WITH status AS (" + insert +
                            "), input AS (INSERT INTO dbos.workflow_input (workflow_uuid, inputs)"
                            " SELECT workflow_uuid, $" +
                            std::to_string(row.params.size()) + "::text FROM status WHERE " +
                            std::string(token) + " = $" + std::to_string(row.params.size() + 1) +
                            " ON CONFLICT (workflow_uuid) DO NOTHING) SELECT * FROM status";
    row.params.push_back(workflow.creation_token);
    session.execute(sql, row.params, [&](const sql::Row& r) { outcome = read_row(r, workflow); });
    return outcome;
  }
  sql::Transaction transaction(session);
  session.execute(insert, row.params, [&](const sql::Row& r) { outcome = read_row(r, workflow); });
  if (outcome.kind == InsertOutcome::Kind::kCreated) {
    session.execute(
        "INSERT INTO dbos.workflow_input (workflow_uuid, inputs, retention_timestamp)"
        " VALUES ($1, $2, $3) ON CONFLICT (workflow_uuid) DO NOTHING",
        {workflow.workflow_id, workflow.inputs, workflow.created_at_ms});
  }
  transaction.commit();
  return outcome;
}

std::string outcome_columns(const Layout& layout) {
  return layout.has_payload_tables()
             ? "ws.workflow_uuid, ws.status, ws.serialization, COALESCE(wo.output, ws.output),"
               " COALESCE(wo.error, ws.error) FROM dbos.workflow_status ws"
               " LEFT JOIN dbos.workflow_output wo ON wo.workflow_uuid = ws.workflow_uuid"
             : "ws.workflow_uuid, ws.status, ws.serialization, ws.output, ws.error"
               " FROM dbos.workflow_status ws";
}

Outcome read_outcome_row(const sql::Row& row) {
  return {*row.copy(0), row.copy(1).value_or(""), row.copy(2), row.copy(3), row.copy(4)};
}

}  // namespace

InsertOutcome insert_workflow(sql::Session& session, const Layout& layout, PayloadColumns placement,
                              const NewWorkflow& workflow) {
  const bool split = placement != PayloadColumns::kStatus && layout.has_payload_tables();
  const bool in_status = placement != PayloadColumns::kSplit || !split;
  const auto token = layout.creation_token();
  auto row = status_row(layout, session.dialect(), in_status, workflow);
  const auto insert = insert_or_return(row, token);
  InsertOutcome outcome;
  try {
    if (split) return insert_split(session, std::move(row), insert, token, workflow);
    session.execute(insert, row.params,
                    [&](const sql::Row& r) { outcome = read_row(r, workflow); });
  } catch (const Error& error) {
    // The id cannot be the cause, ON CONFLICT took it: what is left is the deduplication id.
    if (error.kind != "unique_violation") throw;
    outcome.kind = InsertOutcome::Kind::kDeduplicated;
  }
  return outcome;
}

std::optional<std::string> find_deduplicated_workflow(sql::Session& session,
                                                      std::string_view queue_name,
                                                      std::string_view deduplication_id) {
  static constexpr std::string_view kSql = R"(
SELECT workflow_uuid FROM dbos.workflow_status WHERE queue_name = $1 AND deduplication_id = $2)";
  std::optional<std::string> holder;
  session.query(kSql, {queue_name, deduplication_id},
                [&](const sql::Row& row) { holder = row.copy(0); });
  return holder;
}

std::optional<Outcome> read_outcome(sql::Session& session, const Layout& layout,
                                    std::string_view workflow_id) {
  std::optional<Outcome> outcome;
  session.query("SELECT " + outcome_columns(layout) + " WHERE ws.workflow_uuid = $1", {workflow_id},
                [&](const sql::Row& row) { outcome = read_outcome_row(row); });
  return outcome;
}

std::vector<Outcome> read_finished(sql::Session& session, const Layout& layout,
                                   const std::vector<std::string>& workflow_ids) {
  std::vector<Outcome> finished;
  session.query("SELECT " + outcome_columns(layout) +
                    " WHERE ws.workflow_uuid = ANY ($1) AND ws.status IN ('SUCCESS', 'ERROR',"
                    " 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')",
                {workflow_ids},
                [&](const sql::Row& row) { finished.push_back(read_outcome_row(row)); });
  return finished;
}

namespace {

std::vector<std::string> select_ids(sql::Session& session, std::string_view sql,
                                    const std::vector<std::string>& workflow_ids) {
  std::vector<std::string> ids;
  session.query(sql, {workflow_ids}, [&](const sql::Row& row) { ids.push_back(*row.copy(0)); });
  return ids;
}

}  // namespace

std::vector<std::string> finished_workflows(sql::Session& session,
                                            const std::vector<std::string>& workflow_ids) {
  static constexpr std::string_view kSql = R"(
SELECT workflow_uuid FROM dbos.workflow_status
WHERE workflow_uuid = ANY ($1)
  AND status IN ('SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'))";
  return select_ids(session, kSql, workflow_ids);
}

std::vector<std::string> existing_workflows(sql::Session& session,
                                            const std::vector<std::string>& workflow_ids) {
  static constexpr std::string_view kSql =
      "SELECT workflow_uuid FROM dbos.workflow_status WHERE workflow_uuid = ANY ($1)";
  return select_ids(session, kSql, workflow_ids);
}

}  // namespace dbosc::store
