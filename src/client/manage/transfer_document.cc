#include "client/manage/transfer_document.h"

#include <set>

#include "base/error.h"
#include "schema/decode.h"

namespace dbosc::client {
namespace {

using model::CellType;
using model::TransferColumn;
using model::TransferTable;
using schema::Path;

void require_json(std::string_view text, const Path& path) {
  JsonDocument document;
  JsonFault fault;
  if (JsonDocument::try_parse(text, document, fault)) return;
  throw invalid_argument("invalid_json", path.text(),
                         '\'' + path.text() + "' must hold JSON text: " + fault.message);
}

sql::Param read_cell(const Json& json, const Path& path, CellType type) {
  switch (type) {
    case CellType::kInteger: {
      std::int64_t value = 0;
      schema::decode_value(json, path, {}, value);
      return value;
    }
    case CellType::kBoolean: {
      bool value = false;
      schema::decode_value(json, path, {}, value);
      return value;
    }
    case CellType::kText:
    case CellType::kJsonText:
      break;
  }
  schema::require_type(json, Json::Type::kString, path, "a string or null");
  if (type == CellType::kJsonText) require_json(json.text(), path);
  return json.text();
}

std::size_t column_of(const TransferTable& table, const Path& path) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == path.key) return i;
  }
  std::vector<std::string_view> known;
  for (const auto& column : table.columns) known.push_back(column.name);
  schema::refuse_unknown_key(path, known);
}

store::TransferRow read_row(const Json& json, const Path& path, const TransferTable& table) {
  schema::require_type(json, Json::Type::kObject, path, "an object");
  store::TransferRow row(table.columns.size(), nullptr);
  std::vector<bool> seen(table.columns.size());
  for (const auto& member : json.children()) {
    const Path at{&path, member.key, 0};
    const auto column = column_of(table, at);
    if (seen[column]) schema::refuse_repeated_key(at);
    seen[column] = true;
    if (member.value.is(Json::Type::kNull)) continue;
    row[column] = read_cell(member.value, at, table.columns[column].type);
  }
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool null = std::holds_alternative<std::monostate>(row[i].value());
    if (null && table.columns[i].required) {
      schema::refuse_missing_key(Path{&path, table.columns[i].name, 0});
    }
  }
  return row;
}

/// A row may leave its workflow out; it must not name another.
void set_owner(store::TransferRow& row, const Path& path, const TransferTable& table,
               const std::string& workflow_id) {
  std::size_t owner = 0;
  while (table.columns[owner].name != table.owner) ++owner;
  const auto* given = std::get_if<std::string_view>(&row[owner].value());
  if (given && *given != workflow_id) {
    const Path at{&path, table.owner, 0};
    throw invalid_argument("conflicting_keys", at.text(),
                           '\'' + at.text() + "' must be '" + workflow_id +
                               "', the workflow that the row stands under");
  }
  row[owner] = workflow_id;
}

std::vector<store::TransferRow> read_table(const Json& json, const Path& path,
                                           const TransferTable& table,
                                           const std::string& workflow_id) {
  std::vector<store::TransferRow> rows;
  if (json.is(Json::Type::kNull)) return rows;  // how Go writes that there are none
  schema::require_type(json, Json::Type::kArray, path, "an array");
  for (const auto& item : json.children()) {
    const Path at{&path, {}, rows.size()};
    set_owner(rows.emplace_back(read_row(item.value, at, table)), at, table, workflow_id);
  }
  return rows;
}

void refuse_unknown_tables(const Json& json, const Path& path) {
  std::vector<std::string_view> known{model::kStatusTable.name};
  for (const auto& table : model::kTransferTables) known.push_back(table.name);
  std::set<std::string_view> seen;
  for (const auto& member : json.children()) {
    const Path at{&path, member.key, 0};
    if (std::find(known.begin(), known.end(), member.key) == known.end()) {
      schema::refuse_unknown_key(at, known);
    }
    if (!seen.insert(member.key).second) schema::refuse_repeated_key(at);
  }
}

void read_workflow(const Json& json, const Path& path, store::TransferredWorkflow& workflow) {
  refuse_unknown_tables(json, path);
  const Path status_path{&path, model::kStatusTable.name, 0};
  const auto status = json.find(model::kStatusTable.name);
  if (!status) schema::refuse_missing_key(status_path);
  workflow.status = read_row(status, status_path, model::kStatusTable);
  workflow.workflow_id = std::get<std::string_view>(workflow.status[0].value());
  for (std::size_t i = 0; i < workflow.belongings.size(); ++i) {
    const auto& table = model::kTransferTables[i];
    const auto rows = json.find(table.name);
    if (!rows) continue;
    workflow.belongings[i] =
        read_table(rows, Path{&path, table.name, 0}, table, workflow.workflow_id);
  }
}

/// Null, or the false that says as much.
bool says_nothing(const sql::Param& param) {
  const auto* flag = std::get_if<bool>(&param.value());
  return std::holds_alternative<std::monostate>(param.value()) || (flag && !*flag);
}

void require_columns_of(const store::Layout& layout, const TransferTable& table,
                        const store::TransferRow& row, const std::string& workflow_id) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto& column = table.columns[i];
    const store::Feature needed{column.since, table.name, column.name};
    if (says_nothing(row[i]) || layout.has(needed)) continue;
    const auto name = std::string(table.name) + '.' + std::string(column.name);
    try {
      layout.require(needed, "the value for '" + name + "' of workflow '" + workflow_id + "'");
    } catch (Error& error) {
      error.with("workflow_id", workflow_id).with("column", name);
      throw;
    }
  }
}

}  // namespace

std::vector<store::TransferredWorkflow> read_document(
    const std::vector<schema::JsonObject>& workflows) {
  // Never to grow: rows hold views of their workflow's id.
  std::vector<store::TransferredWorkflow> read(workflows.size());
  std::set<std::string_view> ids;
  const Path root;
  const Path list{&root, "workflows", 0};
  for (std::size_t i = 0; i < workflows.size(); ++i) {
    const Path path{&list, {}, i};
    read_workflow(workflows[i].value, path, read[i]);
    if (ids.insert(read[i].workflow_id).second) continue;
    throw invalid_argument("repeated_value", path.text(),
                           "workflow '" + read[i].workflow_id + "' is given twice");
  }
  return read;
}

void require_columns(const store::Layout& layout,
                     const std::vector<store::TransferredWorkflow>& workflows) {
  for (const auto& workflow : workflows) {
    require_columns_of(layout, model::kStatusTable, workflow.status, workflow.workflow_id);
    for (std::size_t i = 0; i < workflow.belongings.size(); ++i) {
      for (const auto& row : workflow.belongings[i]) {
        require_columns_of(layout, model::kTransferTables[i], row, workflow.workflow_id);
      }
    }
  }
}

}  // namespace dbosc::client
