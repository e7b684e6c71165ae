#include "store/new_workflow.h"

#include "base/error.h"
#include "sql/dialect.h"

namespace dbosc::store {
namespace {

using Kind = InsertOutcome::Kind;

/// The update writes nothing new: it locks the row that is there and hands it back.
std::string return_existing(std::string_view token) {
  const std::string name(token);
  return " ON CONFLICT (workflow_uuid) DO UPDATE SET " + name + " = workflow_status." + name;
}

/// With the input beside it, whose parameters come last: it goes to a row of our own only, those of
/// a row that was there before are not ours to add to.
std::string insert_text(const NewRow& row, std::string_view token, bool with_input) {
  auto sql = "INSERT INTO dbos.workflow_status " + values_text(row) + return_existing(token) +
             " RETURNING " + outcome_columns(token);
  if (!with_input) return sql;
  const auto number = row.size();
  return "WITH status AS (" + sql +
         "), input AS (INSERT INTO dbos.workflow_input (workflow_uuid, inputs)"
         " SELECT workflow_uuid, $" +
         std::to_string(number + 1) + "::text FROM status WHERE " + std::string(token) + " = $" +
         std::to_string(number + 2) +
         " ON CONFLICT (workflow_uuid) DO NOTHING) SELECT * FROM status";
}

InsertOutcome run_insert(sql::Session& session, const Layout& layout, const NewWorkflow& workflow) {
  const auto placement = workflow.payload_columns;
  const auto token = layout.creation_token();
  const bool split = layout.writes_input_table(placement);
  const bool with_input = split && session.dialect().can_write_in_with();
  const auto row = without_nulls(status_row(layout, session.dialect(), placement, workflow));
  const auto sql = insert_text(row, token, with_input);
  auto params = values_params(row);
  if (with_input) {
    params.emplace_back(workflow.inputs);
    params.emplace_back(workflow.creation_token);
  }
  InsertOutcome outcome;
  const auto read = [&](const sql::Row& found) { outcome = read_outcome_row(found, workflow); };
  if (split && !with_input) {
    sql::Transaction transaction(session);
    session.execute(sql, params, read);
    if (outcome.kind == Kind::kCreated) insert_input(session, workflow);
    transaction.commit();
    return outcome;
  }
  session.execute(sql, params, read);
  return outcome;
}

}  // namespace

std::string outcome_columns(std::string_view token) {
  return "workflow_uuid, " + std::string(token) +
         ", status, name, class_name, config_name, queue_name";
}

InsertOutcome read_outcome_row(const sql::Row& row, const NewWorkflow& workflow) {
  return {.kind = row.text(1) == workflow.creation_token ? Kind::kCreated : Kind::kExisting,
          .workflow_id = row.copy(0).value_or(""),
          .status = row.copy(2).value_or(""),
          .name = row.copy(3).value_or(""),
          .class_name = row.copy(4),
          .config_name = row.copy(5),
          .queue_name = row.copy(6)};
}

/// What SQLite, which has no writing WITH, does in a statement of its own.
void insert_input(sql::Session& session, const NewWorkflow& workflow) {
  session.execute(
      "INSERT INTO dbos.workflow_input (workflow_uuid, inputs, retention_timestamp)"
      " VALUES ($1, $2, $3) ON CONFLICT (workflow_uuid) DO NOTHING",
      {workflow.workflow_id, workflow.inputs, workflow.created_at_ms});
}

NewRow status_row(const Layout& layout, const sql::Dialect& dialect, PayloadColumns placement,
                  const NewWorkflow& workflow) {
  NewRow row;
  row.reserve(25);
  const auto add = [&](std::string_view name, sql::Param value, std::string_view type = "text") {
    row.push_back({name, type, value});
  };
  add("workflow_uuid", workflow.workflow_id);
  add("status", workflow.status);
  add("name", workflow.name);
  add("class_name", workflow.class_name);
  add("config_name", workflow.config_name);
  add("queue_name", workflow.queue_name);
  add("serialization", workflow.serialization);
  add("authenticated_user", workflow.authenticated_user);
  add("authenticated_roles", workflow.authenticated_roles);
  add("assumed_role", workflow.assumed_role);
  add("application_version", workflow.app_version);
  add("priority", workflow.priority, "bigint");
  add("deduplication_id", workflow.deduplication_id);
  add("queue_partition_key", workflow.queue_partition_key);
  add("workflow_timeout_ms", workflow.workflow_timeout_ms, "bigint");
  add("workflow_deadline_epoch_ms", workflow.deadline_ms, "bigint");
  add("delay_until_epoch_ms", workflow.delay_until_ms, "bigint");
  add("attributes", workflow.attributes, "jsonb");
  add(layout.creation_token(), workflow.creation_token);
  if (workflow.is_debounced) {
    add("is_debounced", true, "boolean");
    add("debounce_deadline_epoch_ms", workflow.debounce_deadline_ms, "bigint");
  }
  if (workflow.schedule_name) add("schedule_name", workflow.schedule_name);
  if (layout.has_application_name()) add("application_name", workflow.application_name);
  if (layout.writes_status_inputs(placement)) {
    add("inputs", workflow.inputs);
  }
  if (workflow.fixed_created_at || !dialect.clock_defaults_are_exact()) {
    add("created_at", workflow.created_at_ms, "bigint");
    add("updated_at", workflow.created_at_ms, "bigint");
  }
  return row;
}

InsertOutcome insert_workflow(sql::Session& session, const Layout& layout,
                              const NewWorkflow& workflow) {
  try {
    return run_insert(session, layout, workflow);
  } catch (const Error& error) {
    // The id cannot be the cause, ON CONFLICT took it: what is left is the deduplication id.
    if (error.kind != "unique_violation") throw;
    InsertOutcome outcome;
    outcome.kind = Kind::kDeduplicated;
    return outcome;
  }
}

}  // namespace dbosc::store
