#include "store/transfer.h"

#include <functional>

#include "sql/dialect.h"
#include "store/workflow_changes.h"

namespace dbosc::store {
namespace {

using model::TransferColumn;
using model::TransferTable;

bool is_status(const TransferTable& table) { return table.name == model::kStatusTable.name; }

bool is_payload(const TransferTable& table, std::string_view column) {
  return is_status(table) && (column == "inputs" || column == "output" || column == "error");
}

/// An INSERT, column by column.
struct Insert {
  std::string columns;
  std::string values;
  std::vector<std::size_t> sources;  ///< Indexes into a row.

  void add(std::string_view column, const std::string& value) {
    if (!columns.empty()) {
      columns += ", ";
      values += ", ";
    }
    columns += sql::quote_identifier(column);
    values += value;
  }
  std::string sql(std::string_view table) const {
    return "INSERT INTO dbos." + std::string(table) + " (" + columns + ") VALUES (" + values + ')';
  }
  std::vector<sql::Param> params(const TransferRow& row) const {
    std::vector<sql::Param> params;
    params.reserve(sources.size() + 1);
    for (const auto source : sources) params.push_back(row[source]);
    return params;
  }
};

Insert make_insert(const Layout& layout, const TransferTable& table,
                   const std::function<bool(std::string_view)>& wanted) {
  Insert insert;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    if (!layout.has(table.name, column.name) || !wanted(column.name)) continue;
    insert.sources.push_back(i);
    auto value = '$' + std::to_string(insert.sources.size());
    if (column.type == model::CellType::kJsonText) value += "::text::jsonb";
    if (!column.when_null.empty()) {
      value = "COALESCE(" + value + ", " + std::string(column.when_null) + ')';
    }
    insert.add(column.name, value);
  }
  return insert;
}

const sql::Param& value_of(const TransferRow& status, std::string_view name) {
  std::size_t i = 0;
  while (model::kStatusTransfer[i].name != name) ++i;
  return status[i];
}

bool is_null(const sql::Param& param) {
  return std::holds_alternative<std::monostate>(param.value());
}

/// Retention begins with the import: its stamp defaults to now.
void insert_payloads(sql::Session& session, const TransferredWorkflow& workflow) {
  static constexpr std::string_view kInput =
      "INSERT INTO dbos.workflow_input (workflow_uuid, inputs) VALUES ($1, $2)";
  static constexpr std::string_view kOutput =
      "INSERT INTO dbos.workflow_output (workflow_uuid, output, error) VALUES ($1, $2, $3)";
  const auto& inputs = value_of(workflow.status, "inputs");
  const auto& output = value_of(workflow.status, "output");
  const auto& error = value_of(workflow.status, "error");
  if (!is_null(inputs)) session.execute(kInput, {workflow.workflow_id, inputs});
  if (!is_null(output) || !is_null(error)) {
    session.execute(kOutput, {workflow.workflow_id, output, error});
  }
}

}  // namespace

void read_rows(sql::Session& session, const Layout& layout, const TransferTable& table,
               std::string_view workflow_id, sql::OnRow on_row) {
  const bool split = is_status(table) && layout.has_payload_tables();
  std::string list;
  for (const auto& column : table.columns) {
    if (!list.empty()) list += ", ";
    const auto name = "t." + sql::quote_identifier(column.name);
    if (!layout.has(table.name, column.name)) {
      list += "NULL";
    } else if (split && is_payload(table, column.name)) {
      const std::string_view place = column.name == "inputs" ? "wi." : "wo.";
      list += "COALESCE(" + std::string(place) + std::string(column.name) + ", " + name + ')';
    } else {
      list += name;
    }
  }
  auto sql = "SELECT " + list + " FROM dbos." + std::string(table.name) + " t";
  if (split) {
    sql +=
        " LEFT JOIN dbos.workflow_input wi ON wi.workflow_uuid = t.workflow_uuid"
        " LEFT JOIN dbos.workflow_output wo ON wo.workflow_uuid = t.workflow_uuid";
  }
  session.query(
      sql + " WHERE t." + std::string(table.owner) + " = $1 ORDER BY " + std::string(table.order),
      {workflow_id}, on_row);
}

bool insert_status(sql::Session& session, const Layout& layout, PayloadColumns placement,
                   const TransferredWorkflow& workflow, std::string_view creation_token) {
  const bool in_status = layout.writes_status_inputs(placement);
  auto insert = make_insert(layout, model::kStatusTable, [&](std::string_view column) {
    return in_status || !is_payload(model::kStatusTable, column);
  });
  insert.add(layout.creation_token(), '$' + std::to_string(insert.sources.size() + 1));
  auto params = insert.params(workflow.status);
  params.emplace_back(creation_token);
  const auto sql = insert.sql("workflow_status") + " ON CONFLICT (workflow_uuid) DO NOTHING";
  if (session.execute(sql, params) == 0) return false;
  // Whoever deleted a workflow of this id may have left them.
  delete_payloads_and_steps(session, layout, {workflow.workflow_id});
  if (layout.writes_input_table(placement)) insert_payloads(session, workflow);
  return true;
}

void insert_rows(sql::Session& session, const Layout& layout, const TransferTable& table,
                 const std::vector<TransferRow>& rows) {
  if (rows.empty()) return;
  const auto insert = make_insert(layout, table, [](std::string_view) { return true; });
  std::vector<std::vector<sql::Param>> params;
  params.reserve(rows.size());
  for (const auto& row : rows) params.push_back(insert.params(row));
  session.execute_each(insert.sql(table.name), params);
}

bool may_be_created_by(sql::Session& session, const Layout& layout, std::string_view workflow_id,
                       std::string_view creation_token) {
  bool same = false;
  session.query("SELECT " + std::string(layout.creation_token()) +
                    " FROM dbos.workflow_status WHERE workflow_uuid = $1",
                {workflow_id}, [&](const sql::Row& row) {
                  same = row.text(0) == creation_token || !layout.creation_token_is_lasting();
                });
  return same;
}

}  // namespace dbosc::store
