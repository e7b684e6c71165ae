#include "store/steps.h"

#include <string>

#include "model/step.h"
#include "sql/dialect.h"

namespace dbosc::store {

void list_steps(sql::Session& session, std::string_view workflow_id, bool load_output,
                std::int64_t limit, std::int64_t offset, sql::OnRow on_row) {
  std::string sql = "SELECT ";
  for (const auto& column : model::kStepColumns) sql += std::string(column.column) + ", ";
  sql += load_output ? "output, error" : "NULL, NULL";
  sql += " FROM dbos.operation_outputs WHERE workflow_uuid = $1 ORDER BY function_id";
  std::vector<sql::Param> params{workflow_id};
  if (limit > 0) {
    params.emplace_back(limit);
    sql += " LIMIT $2";
  } else if (offset > 0 && session.dialect().engine == sql::Dialect::Engine::kSqlite) {
    sql += " LIMIT -1";
  }
  if (offset > 0) {
    params.emplace_back(offset);
    sql += " OFFSET $" + std::to_string(params.size());
  }
  session.stream(sql, params, on_row);
}

}  // namespace dbosc::store
