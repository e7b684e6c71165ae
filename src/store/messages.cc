#include "store/messages.h"

#include "sql/dialect.h"

namespace dbosc::store {

void insert_messages(sql::Session& session, std::span<const model::Message> messages,
                     std::int64_t now_ms) {
  static constexpr std::string_view kInsert = R"(
INSERT INTO dbos.notifications (message_uuid, destination_uuid, topic, message, serialization)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (message_uuid) DO NOTHING)";
  static constexpr std::string_view kInsertStamped = R"(
INSERT INTO dbos.notifications
  (message_uuid, destination_uuid, topic, message, serialization, created_at_epoch_ms)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (message_uuid) DO NOTHING)";
  const bool stamped = !session.dialect().clock_defaults_are_exact();
  std::vector<std::vector<sql::Param>> rows;
  rows.reserve(messages.size());
  for (const auto& message : messages) {
    auto& row = rows.emplace_back(std::vector<sql::Param>{message.message_id,
                                                          message.destination_id, message.topic,
                                                          message.message, message.serialization});
    if (stamped) row.emplace_back(now_ms);
  }
  const auto sql = stamped ? kInsertStamped : kInsert;
  if (rows.size() == 1) {
    session.execute(sql, rows.front());
  } else {
    session.execute_each(sql, rows);
  }
}

std::vector<std::string> find_forks(sql::Session& session, std::string_view workflow_id) {
  static constexpr std::string_view kSql = R"(
WITH RECURSIVE forks (id) AS (
  SELECT workflow_uuid FROM dbos.workflow_status WHERE forked_from = $1
  UNION
  SELECT fork.workflow_uuid
  FROM dbos.workflow_status fork JOIN forks ON fork.forked_from = forks.id)
SELECT id FROM forks ORDER BY id)";
  std::vector<std::string> forks;
  session.query(kSql, {workflow_id}, [&](const sql::Row& row) { forks.push_back(*row.copy(0)); });
  return forks;
}

void list_messages(sql::Session& session, const Layout& layout, std::string_view workflow_id,
                   sql::OnRow on_row) {
  std::string sql = "SELECT ";
  for (const auto& column : model::kMessageColumns) {
    sql += layout.has("notifications", column.column) ? column.column : "NULL";
    sql += ", ";
  }
  sql +=
      "message FROM dbos.notifications WHERE destination_uuid = $1"
      " ORDER BY created_at_epoch_ms, message_uuid";
  session.stream(sql, {workflow_id}, on_row);
}

}  // namespace dbosc::store
