#include "store/new_workflow.h"

#include <algorithm>

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

/// Whatever stands against it, the transaction goes on.
constexpr std::string_view kSkipExisting = " ON CONFLICT DO NOTHING";

std::string outcome_columns(std::string_view token) {
  return "workflow_uuid, " + std::string(token) +
         ", status, name, class_name, config_name, queue_name";
}

/// Inserts rows with these columns. With the input beside it, whose parameters come last: it goes
/// to a row of our own only, those of a row that was there before are not ours to add to.
std::string insert_text(const std::vector<NewColumn>& row, std::string_view on_conflict,
                        std::string_view token, bool with_input) {
  std::string columns, values;
  int number = 0;
  for (const auto& column : row) {
    if (number > 0) {
      columns += ", ";
      values += ", ";
    }
    columns += column.name;
    values += '$' + std::to_string(++number);
    if (column.type == "jsonb") values += "::text::jsonb";
  }
  auto sql = "INSERT INTO dbos.workflow_status (" + columns + ") VALUES (" + values + ')' +
             std::string(on_conflict) + " RETURNING " + outcome_columns(token);
  if (!with_input) return sql;
  return "WITH status AS (" + sql +
         "), input AS (INSERT INTO dbos.workflow_input (workflow_uuid, inputs)"
         " SELECT workflow_uuid, $" +
         std::to_string(number + 1) + "::text FROM status WHERE " + std::string(token) + " = $" +
         std::to_string(number + 2) +
         " ON CONFLICT (workflow_uuid) DO NOTHING) SELECT * FROM status";
}

std::vector<sql::Param> insert_params(const std::vector<NewColumn>& row,
                                      const NewWorkflow& workflow, bool with_input) {
  std::vector<sql::Param> params;
  params.reserve(row.size() + 2);
  for (const auto& column : row) params.push_back(column.value);
  if (with_input) {
    params.emplace_back(workflow.inputs);
    params.emplace_back(workflow.creation_token);
  }
  return params;
}

/// What SQLite, which has no writing WITH, does in a statement of its own.
void insert_input(sql::Session& session, const NewWorkflow& workflow) {
  session.execute(
      "INSERT INTO dbos.workflow_input (workflow_uuid, inputs, retention_timestamp)"
      " VALUES ($1, $2, $3) ON CONFLICT (workflow_uuid) DO NOTHING",
      {workflow.workflow_id, workflow.inputs, workflow.created_at_ms});
}

InsertOutcome read_row(const sql::Row& row, const NewWorkflow& workflow) {
  return {.kind = row.text(1) == workflow.creation_token ? Kind::kCreated : Kind::kExisting,
          .workflow_id = row.copy(0).value_or(""),
          .status = row.copy(2).value_or(""),
          .name = row.copy(3).value_or(""),
          .class_name = row.copy(4),
          .config_name = row.copy(5),
          .queue_name = row.copy(6)};
}

InsertOutcome run_insert(sql::Session& session, const Layout& layout, const NewWorkflow& workflow) {
  const auto placement = workflow.payload_columns;
  const auto token = layout.creation_token();
  const bool split = layout.writes_input_table(placement);
  const bool with_input = split && session.dialect().can_write_in_with();
  const auto row = status_row(layout, session.dialect(), placement, workflow);
  const auto sql = insert_text(row, return_existing(token), token, with_input);
  const auto params = insert_params(row, workflow, with_input);
  InsertOutcome outcome;
  const auto read = [&](const sql::Row& found) { outcome = read_row(found, workflow); };
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

PayloadColumns common_columns(std::span<const NewWorkflow> workflows) {
  if (workflows.empty()) return PayloadColumns::kStatus;
  const auto first = workflows.front().payload_columns;
  const bool same = std::all_of(workflows.begin(), workflows.end(), [&](const auto& workflow) {
    return workflow.payload_columns == first;
  });
  return same ? first : PayloadColumns::kBoth;
}

/// A batch on its way: which are settled, which still stand open.
class Batch {
 public:
  Batch(sql::Session& session, const Layout& layout, std::span<const NewWorkflow> workflows)
      : session_(session),
        layout_(layout),
        placement_(common_columns(workflows)),
        workflows_(workflows) {
    outcomes_.resize(workflows.size());
    for (std::size_t i = 0; i < workflows.size(); ++i) open_.push_back(i);
  }

  std::vector<InsertOutcome> run() {
    // A holder that is there at the insert may be gone when it is looked up; then its key is free.
    static constexpr int kMaxTries = 20;
    for (int tries = 0; !open_.empty(); ++tries) {
      if (tries == kMaxTries) {
        throw Error(Code::kConflict, "unknown_conflict",
                    "the database refuses the row of workflow '" +
                        workflows_[open_.front()].workflow_id +
                        "' but shows none that stands "
                        "against it");
      }
      insert_open();
      find_by_id();
      find_by_deduplication_id();
    }
    return std::move(outcomes_);
  }

 private:
  template <class Settled>
  void settle(Settled&& settled) {
    open_.erase(std::remove_if(open_.begin(), open_.end(), settled), open_.end());
  }

  void insert_open() {
    const auto token = layout_.creation_token();
    const bool split = layout_.writes_input_table(placement_);
    const bool with_input = split && session_.dialect().can_write_in_with();
    std::vector<std::vector<sql::Param>> params;
    params.reserve(open_.size());
    std::string sql;  // one for all: the rows of a batch have the same columns
    for (const auto i : open_) {
      const auto row = status_row(layout_, session_.dialect(), placement_, workflows_[i]);
      if (sql.empty()) sql = insert_text(row, kSkipExisting, token, with_input);
      params.push_back(insert_params(row, workflows_[i], with_input));
    }
    std::vector<std::string> created;
    session_.execute_each(
        sql, params, [&](const sql::Row& row) { created.push_back(row.copy(1).value_or("")); });
    // Rows come in the order of the batch, those without a row left out.
    auto next = created.begin();
    settle([&](std::size_t i) {
      const auto& workflow = workflows_[i];
      if (next == created.end() || *next != workflow.creation_token) return false;
      ++next;
      outcomes_[i].workflow_id = workflow.workflow_id;
      if (split && !with_input) insert_input(session_, workflow);
      return true;
    });
  }

  void find_by_id() {
    if (open_.empty()) return;
    std::vector<std::string> ids;
    for (const auto i : open_) ids.push_back(workflows_[i].workflow_id);
    const auto sql = "SELECT " + outcome_columns(layout_.creation_token()) +
                     " FROM dbos.workflow_status WHERE workflow_uuid = ANY ($1)";
    session_.query(sql, {ids}, [&](const sql::Row& row) {
      settle([&](std::size_t i) {
        if (row.text(0) != workflows_[i].workflow_id) return false;
        outcomes_[i] = read_row(row, workflows_[i]);
        return true;
      });
    });
  }

  void find_by_deduplication_id() {
    const auto sql = "SELECT " + outcome_columns(layout_.creation_token()) +
                     " FROM dbos.workflow_status WHERE queue_name = $1 AND deduplication_id = $2";
    settle([&](std::size_t i) {
      const auto& workflow = workflows_[i];
      if (!workflow.deduplication_id) return false;
      bool found = false;
      session_.query(sql, {workflow.queue_name, *workflow.deduplication_id},
                     [&](const sql::Row& row) {
                       found = true;
                       outcomes_[i] = read_row(row, workflow);
                       outcomes_[i].kind = Kind::kDeduplicated;
                     });
      return found;
    });
  }

  sql::Session& session_;
  const Layout& layout_;
  const PayloadColumns placement_;
  const std::span<const NewWorkflow> workflows_;
  std::vector<InsertOutcome> outcomes_;
  std::vector<std::size_t> open_;
};

}  // namespace

std::vector<NewColumn> status_row(const Layout& layout, const sql::Dialect& dialect,
                                  PayloadColumns placement, const NewWorkflow& workflow) {
  std::vector<NewColumn> row;
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

std::vector<InsertOutcome> insert_workflows(sql::Session& session, const Layout& layout,
                                            std::span<const NewWorkflow> workflows) {
  return Batch(session, layout, workflows).run();
}

}  // namespace dbosc::store
