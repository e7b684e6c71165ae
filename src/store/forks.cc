#include "store/forks.h"

#include "sql/dialect.h"

namespace dbosc::store {
namespace {

using sql::Param;

/// The columns of a fork: copied from the source, or bound.
struct ForkRow {
  std::string columns;
  std::string values;
  std::vector<Param> params;

  void copy(std::string_view column) { add(column, "ws." + std::string(column)); }
  void bind(std::string_view column, Param param, std::string_view cast) {
    add(column, param_text(param) + std::string(cast));
  }
  void add(std::string_view column, const std::string& value) {
    if (!columns.empty()) {
      columns += ", ";
      values += ", ";
    }
    columns += column;
    values += value;
  }
  std::string param_text(Param param) {
    params.push_back(param);
    return '$' + std::to_string(params.size());
  }
};

ForkRow fork_row(const Layout& layout, const sql::Dialect& dialect, PayloadColumns placement,
                 const NewFork& fork) {
  ForkRow row;
  row.bind("workflow_uuid", fork.workflow_id, "::text");
  row.add("status", "'ENQUEUED'");
  for (const auto column :
       {"name", "class_name", "config_name", "application_id", "authenticated_user",
        "authenticated_roles", "assumed_role", "serialization", "attributes"}) {
    row.copy(column);
  }
  row.add("forked_from", "ws.workflow_uuid");
  row.bind("queue_name", fork.queue_name, "::text");
  row.bind("queue_partition_key", fork.queue_partition_key, "::text");
  row.bind("application_version", fork.app_version, "::text");
  row.bind("workflow_timeout_ms", fork.workflow_timeout_ms, "::bigint");
  row.bind(layout.creation_token(), fork.creation_token, "::text");
  if (layout.has_application_name()) {
    row.add("application_name",
            "COALESCE(ws.application_name, " + row.param_text(fork.application_name) + "::text)");
  }
  if (layout.writes_status_inputs(placement)) {
    const bool split = layout.has_payload_tables();
    row.add("inputs", split ? "COALESCE(wi.inputs, ws.inputs)" : "ws.inputs");
  }
  if (!dialect.clock_defaults_are_exact()) {
    row.bind("created_at", fork.created_at_ms, "");
    row.bind("updated_at", fork.created_at_ms, "");
  }
  return row;
}

bool insert_row(sql::Session& session, const Layout& layout, PayloadColumns placement,
                const NewFork& fork) {
  auto row = fork_row(layout, session.dialect(), placement, fork);
  const auto source = row.param_text(fork.source_id);
  const std::string join =
      layout.has_payload_tables()
          ? " LEFT JOIN dbos.workflow_input wi ON wi.workflow_uuid = ws.workflow_uuid"
          : "";
  return session.execute("INSERT INTO dbos.workflow_status (" + row.columns + ") SELECT " +
                             row.values + " FROM dbos.workflow_status ws" + join +
                             " WHERE ws.workflow_uuid = " + source +
                             " ON CONFLICT (workflow_uuid) DO NOTHING",
                         row.params) > 0;
}

/// Whether a row with the fork's id is this fork, made by a try whose answer was lost.
bool is_this_fork(sql::Session& session, const Layout& layout, const NewFork& fork) {
  bool same = false;
  session.query("SELECT forked_from, " + std::string(layout.creation_token()) +
                    " FROM dbos.workflow_status WHERE workflow_uuid = $1",
                {fork.workflow_id}, [&](const sql::Row& row) {
                  same = row.text(0) == fork.source_id && (row.text(1) == fork.creation_token ||
                                                           !layout.creation_token_is_lasting());
                });
  return same;
}

void copy_input(sql::Session& session, const NewFork& fork) {
  static constexpr std::string_view kSql = R"(
INSERT INTO dbos.workflow_input (workflow_uuid, inputs)
SELECT $1::text, COALESCE(wi.inputs, ws.inputs)
FROM dbos.workflow_status ws
LEFT JOIN dbos.workflow_input wi ON wi.workflow_uuid = ws.workflow_uuid
WHERE ws.workflow_uuid = $2
ON CONFLICT (workflow_uuid) DO NOTHING)";
  session.execute(kSql, {fork.workflow_id, fork.source_id});
}

/// The child of a copied step: each is replaced once, whatever else its replacement is replaced by.
std::string child_of_copy(const NewFork& fork, std::vector<Param>& params) {
  if (fork.replacement_children.empty()) return "child_workflow_id";
  std::string child = "CASE child_workflow_id";
  for (const auto& [old_child, new_child] : fork.replacement_children) {
    for (const auto& [word, id] : {std::pair(" WHEN $", &old_child), {" THEN $", &new_child}}) {
      params.push_back(*id);
      child += word + std::to_string(params.size()) + "::text";
    }
  }
  return child + " ELSE child_workflow_id END";
}

void copy_steps(sql::Session& session, const Layout& layout, const NewFork& fork) {
  std::string columns =
      "function_id, function_name, output, error, started_at_epoch_ms, completed_at_epoch_ms,"
      " serialization";
  std::vector<Param> params{fork.workflow_id, fork.source_id, fork.start_step};
  std::string values = columns + ", " + child_of_copy(fork, params);
  columns += ", child_workflow_id";
  if (layout.has("operation_outputs", "application_name")) {
    columns += ", application_name";
    values += ", (SELECT application_name FROM dbos.workflow_status WHERE workflow_uuid = $1)";
  }
  session.execute("INSERT INTO dbos.operation_outputs (workflow_uuid, " + columns +
                      ") SELECT $1::text, " + values +
                      " FROM dbos.operation_outputs WHERE workflow_uuid = $2 AND function_id < $3",
                  params);
}

void copy_events_and_streams(sql::Session& session, const NewFork& fork) {
  static constexpr std::string_view kHistory = R"(
INSERT INTO dbos.workflow_events_history (workflow_uuid, function_id, key, value, serialization)
SELECT $1::text, function_id, key, value, serialization
FROM dbos.workflow_events_history WHERE workflow_uuid = $2 AND function_id < $3)";
  static constexpr std::string_view kLatest = R"(
INSERT INTO dbos.workflow_events (workflow_uuid, key, value, serialization)
SELECT h.workflow_uuid, h.key, h.value, h.serialization
FROM dbos.workflow_events_history h
WHERE h.workflow_uuid = $1 AND h.function_id = (
  SELECT max(other.function_id) FROM dbos.workflow_events_history other
  WHERE other.workflow_uuid = h.workflow_uuid AND other.key = h.key))";
  static constexpr std::string_view kStreams = R"(
INSERT INTO dbos.streams (workflow_uuid, key, value, "offset", function_id, serialization)
SELECT $1::text, key, value, "offset", function_id, serialization
FROM dbos.streams WHERE workflow_uuid = $2 AND function_id < $3)";
  session.execute(kHistory, {fork.workflow_id, fork.source_id, fork.start_step});
  session.execute(kLatest, {fork.workflow_id});
  session.execute(kStreams, {fork.workflow_id, fork.source_id, fork.start_step});
}

}  // namespace

ForkOutcome insert_fork(sql::Session& session, const Layout& layout, PayloadColumns placement,
                        const NewFork& fork) {
  static constexpr std::string_view kMarkSource = R"(
UPDATE dbos.workflow_status SET was_forked_from = TRUE WHERE workflow_uuid = $1)";
  if (existing_workflows(session, {fork.source_id}).empty()) return ForkOutcome::kSourceMissing;
  if (!insert_row(session, layout, placement, fork)) {
    return is_this_fork(session, layout, fork) ? ForkOutcome::kCreated : ForkOutcome::kIdInUse;
  }
  if (layout.writes_input_table(placement)) copy_input(session, fork);
  session.execute(kMarkSource, {fork.source_id});
  copy_steps(session, layout, fork);
  copy_events_and_streams(session, fork);
  return ForkOutcome::kCreated;
}

std::optional<std::int64_t> find_step(sql::Session& session, std::string_view workflow_id,
                                      StepChoice choice, std::string_view name) {
  static constexpr std::string_view kLastStep =
      "SELECT max(function_id) FROM dbos.operation_outputs WHERE workflow_uuid = $1";
  // Go stores '' where there is no error.
  static constexpr std::string_view kLastFailure = R"(
SELECT max(function_id) FROM dbos.operation_outputs
WHERE workflow_uuid = $1 AND error IS NOT NULL AND error <> '')";
  static constexpr std::string_view kNamed = R"(
SELECT max(function_id) FROM dbos.operation_outputs WHERE workflow_uuid = $1 AND function_name = $2)";
  std::optional<std::int64_t> step;
  const auto on_row = [&](const sql::Row& row) { step = row.integer(0); };
  switch (choice) {
    case StepChoice::kLastFailure:
      session.query(kLastFailure, {workflow_id}, on_row);
      break;
    case StepChoice::kLastStep:
      session.query(kLastStep, {workflow_id}, on_row);
      break;
    case StepChoice::kNamed:
      session.query(kNamed, {workflow_id, name}, on_row);
      break;
  }
  return step;
}

namespace {

/// Events go back to what they were before the start step.
void rewind_events(sql::Session& session, const Rewind& rewind) {
  static constexpr std::string_view kDropPublishedSince = R"(
DELETE FROM dbos.workflow_events
WHERE workflow_uuid = $1 AND key IN (
  SELECT key FROM dbos.workflow_events_history WHERE workflow_uuid = $1 AND function_id >= $2))";
  static constexpr std::string_view kRestore = R"(
INSERT INTO dbos.workflow_events (workflow_uuid, key, value, serialization)
SELECT h.workflow_uuid, h.key, h.value, h.serialization
FROM dbos.workflow_events_history h
WHERE h.workflow_uuid = $1
  AND h.key IN (
    SELECT key FROM dbos.workflow_events_history WHERE workflow_uuid = $1 AND function_id >= $2)
  AND h.function_id = (
    SELECT max(other.function_id) FROM dbos.workflow_events_history other
    WHERE other.workflow_uuid = h.workflow_uuid AND other.key = h.key AND other.function_id < $2))";
  static constexpr std::string_view kDropHistory =
      "DELETE FROM dbos.workflow_events_history WHERE workflow_uuid = $1 AND function_id >= $2";
  for (const auto sql : {kDropPublishedSince, kRestore, kDropHistory}) {
    session.execute(sql, {rewind.workflow_id, rewind.start_step});
  }
}

/// Entries of a stream stay, they have been read; only its end goes, so that more can follow.
void reopen_streams(sql::Session& session, const Rewind& rewind) {
  static constexpr std::string_view kSql = R"(
DELETE FROM dbos.streams
WHERE workflow_uuid = $1 AND function_id >= $2
  AND value IN ('"__DBOS_STREAM_CLOSED__"', '__DBOS_STREAM_CLOSED__'))";
  session.execute(kSql, {rewind.workflow_id, rewind.start_step});
}

void drop_progress(sql::Session& session, const Rewind& rewind) {
  static constexpr std::string_view kSteps =
      "DELETE FROM dbos.operation_outputs WHERE workflow_uuid = $1 AND function_id >= $2";
  static constexpr std::string_view kMessages = R"(
DELETE FROM dbos.notifications
WHERE destination_uuid = $1 AND (consumed = FALSE OR consumed_by_function_id >= $2))";
  static constexpr std::string_view kOutput =
      "DELETE FROM dbos.workflow_output WHERE workflow_uuid = $1";
  session.execute(kSteps, {rewind.workflow_id, rewind.start_step});
  session.execute(kMessages, {rewind.workflow_id, rewind.start_step});
  session.execute(kOutput, {rewind.workflow_id});
}

}  // namespace

void rewind_workflow(sql::Session& session, const Rewind& rewind) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_status
SET status = 'ENQUEUED', queue_name = $2, queue_partition_key = $3,
    application_version = COALESCE($4, application_version), recovery_attempts = 0,
    owner_xid = NULL, workflow_deadline_epoch_ms = NULL, deduplication_id = NULL,
    started_at_epoch_ms = NULL, completed_at = NULL, output = NULL, error = NULL,
    updated_at = now_ms()
WHERE workflow_uuid = $1)";
  session.execute(kSql, {rewind.workflow_id, rewind.queue_name, rewind.queue_partition_key,
                         rewind.app_version});
  rewind_events(session, rewind);
  reopen_streams(session, rewind);
  drop_progress(session, rewind);
}

}  // namespace dbosc::store
