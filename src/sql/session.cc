#include "sql/session.h"

namespace dbosc::sql {

void Session::commit_after(std::span<const BoundStatement> last) {
  for (const auto& [sql, params] : last) execute(sql, params, ignore_row);
  commit();
}

}  // namespace dbosc::sql
