#include "store/insert_or_find.h"

#include "sql/dialect.h"

namespace dbosc::store {
namespace {

std::string find_text(const InsertOrFind& statement) {
  std::string sql = "SELECT " + statement.columns + " FROM ";
  sql.append(statement.table).append(" WHERE ").append(statement.key);
  return sql.append(" = ").append(statement.value);
}

std::string insert_text(const InsertOrFind& statement) {
  return statement.insert + " ON CONFLICT (" + std::string(statement.key) + ") DO NOTHING";
}

}  // namespace

void insert_or_find(sql::Session& session, const InsertOrFind& statement,
                    sql::Session::Params params, sql::OnRow on_row) {
  if (session.dialect().can_write_in_with()) {
    // The SELECT does not see what the INSERT beside it makes.
    session.execute("WITH made AS (" + insert_text(statement) + " RETURNING *) SELECT " +
                        statement.columns + " FROM made UNION ALL " + find_text(statement) +
                        " AND NOT EXISTS (SELECT 1 FROM made)",
                    params, on_row);
    return;
  }
  sql::Transaction transaction(session);
  session.execute(insert_text(statement), params, sql::ignore_row);
  session.query(find_text(statement), params, on_row);
  transaction.commit();
}

}  // namespace dbosc::store
