#include "store/prepared.h"

namespace dbosc::store {
namespace {

std::optional<std::string> text_of(const sql::Param& param) {
  const auto& value = param.value();
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return std::nullopt;
}

/// Writes a statement piece by piece, each parameter once and in order.
class StatementWriter {
 public:
  explicit StatementWriter(const sql::Dialect& dialect) : dialect_(dialect) {}

  StatementWriter& text(std::string_view sql) {
    text_ += sql;
    return *this;
  }
  StatementWriter& param(const sql::Param& value, std::string_view type = "text") {
    const bool json = type == "jsonb" && dialect_.is_postgres();
    const bool cast = json || type == "bigint";
    text_ += cast ? "CAST(CAST(" : "CAST(";
    end_text();
    statement_.params.push_back(text_of(value));
    text_ = cast ? " AS text) AS " + std::string(type) + ')' : " AS text)";
    return *this;
  }
  PreparedStatement take() {
    end_text();
    return std::move(statement_);
  }

 private:
  void end_text() {
    statement_.texts.push_back(dialect_.render(text_));
    text_.clear();
  }

  const sql::Dialect& dialect_;
  PreparedStatement statement_;
  std::string text_;
};

std::string_view clause(OnConflict on_conflict) {
  return on_conflict == OnConflict::kNothing ? " ON CONFLICT DO NOTHING" : "";
}

void insert_status(StatementWriter& out, const NewRow& row, OnConflict on_conflict) {
  out.text("INSERT INTO dbos.workflow_status (");
  for (std::size_t i = 0; i < row.size(); ++i) out.text(i ? ", " : "").text(row[i].name);
  out.text(") VALUES (");
  for (std::size_t i = 0; i < row.size(); ++i) {
    out.text(i ? ", " : "").param(row[i].value, row[i].type);
  }
  out.text(")").text(clause(on_conflict));
}

PreparedStatement status_with_input(const sql::Dialect& dialect, const NewRow& row,
                                    const NewWorkflow& workflow, OnConflict on_conflict) {
  StatementWriter out(dialect);
  out.text("WITH status AS (");
  insert_status(out, row, on_conflict);
  out.text(
      " RETURNING workflow_uuid)"
      " INSERT INTO dbos.workflow_input (workflow_uuid, inputs) SELECT workflow_uuid, ");
  out.param(workflow.inputs).text(" FROM status ON CONFLICT (workflow_uuid) DO NOTHING");
  return out.take();
}

/// The token tells whether the row is ours, which gets the input, or one that was there before.
PreparedStatement input_beside(const sql::Dialect& dialect, std::string_view token,
                               const NewWorkflow& workflow) {
  StatementWriter out(dialect);
  out.text(
      "INSERT INTO dbos.workflow_input (workflow_uuid, inputs, retention_timestamp)"
      " SELECT workflow_uuid, ");
  out.param(workflow.inputs).text(", ").param(workflow.created_at_ms, "bigint");
  out.text(" FROM dbos.workflow_status WHERE workflow_uuid = ").param(workflow.workflow_id);
  out.text(" AND ").text(token).text(" = ").param(workflow.creation_token);
  return out.text(" ON CONFLICT (workflow_uuid) DO NOTHING").take();
}

/// The columns of a message but its id and destination, as names and as a selection.
void message_columns(StatementWriter& out, bool stamped) {
  out.text("topic, message, serialization").text(stamped ? ", created_at_epoch_ms" : "");
}

}  // namespace

std::vector<PreparedStatement> prepare_workflow(const sql::Dialect& dialect, const Layout& layout,
                                                const NewWorkflow& workflow,
                                                OnConflict on_conflict) {
  const auto placement = workflow.payload_columns;
  const auto row = status_row(layout, dialect, placement, workflow);
  const bool split = layout.writes_input_table(placement);
  if (split && dialect.can_write_in_with()) {
    return {status_with_input(dialect, row, workflow, on_conflict)};
  }
  StatementWriter out(dialect);
  insert_status(out, row, on_conflict);
  std::vector<PreparedStatement> statements{out.take()};
  if (split) statements.push_back(input_beside(dialect, layout.creation_token(), workflow));
  return statements;
}

std::vector<PreparedStatement> prepare_message(const sql::Dialect& dialect,
                                               const model::Message& message, std::int64_t now_ms,
                                               const std::optional<ToForks>& to_forks,
                                               OnConflict on_conflict) {
  const bool stamped = !dialect.clock_defaults_are_exact();
  StatementWriter out(dialect);
  // INSERT is the first word: by that Python's sqlite3 knows that a transaction has to begin.
  out.text("INSERT INTO dbos.notifications (message_uuid, destination_uuid, ");
  message_columns(out, stamped);
  out.text(") WITH RECURSIVE message (message_uuid, destination_uuid, fork_prefix, ");
  message_columns(out, stamped);
  out.text(") AS (SELECT ").param(message.message_id).text(", ").param(message.destination_id);
  out.text(", ").param(to_forks ? sql::Param(to_forks->fork_prefix) : sql::Param(nullptr));
  out.text(", ").param(message.topic).text(", ").param(message.message);
  out.text(", ").param(message.serialization);
  if (stamped) out.text(", ").param(now_ms, "bigint");
  out.text("), recipient (id) AS (SELECT destination_uuid FROM message");
  if (to_forks) {
    out.text(
        " UNION SELECT fork.workflow_uuid FROM dbos.workflow_status fork"
        " JOIN recipient ON fork.forked_from = recipient.id");
  }
  out.text(
      ") SELECT CASE WHEN recipient.id = message.destination_uuid THEN message.message_uuid"
      " ELSE message.fork_prefix || recipient.id END, recipient.id, ");
  message_columns(out, stamped);
  out.text(" FROM message CROSS JOIN recipient WHERE true").text(clause(on_conflict));
  return {out.take()};
}

}  // namespace dbosc::store
