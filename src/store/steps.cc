#include "store/steps.h"

#include <string>

#include "model/step.h"
#include "store/conditions.h"

namespace dbosc::store {

void list_steps(sql::Session& session, std::string_view workflow_id, bool load_output,
                std::int64_t limit, std::int64_t offset, sql::OnRow on_row) {
  std::string sql = "SELECT ";
  for (const auto& column : model::kStepColumns) sql += std::string(column.column) + ", ";
  sql += load_output ? "output, error" : "NULL, NULL";
  Conditions where(session.dialect());
  where.add("workflow_uuid = ", workflow_id);
  sql += " FROM dbos.operation_outputs" + where.sql() + " ORDER BY function_id";
  sql += where.page(limit, offset);
  session.stream(sql, where.params(), on_row);
}

}  // namespace dbosc::store
