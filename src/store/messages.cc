#include "store/messages.h"

#include "sql/dialect.h"

namespace dbosc::store {

namespace {

NewRow row_of(const sql::Dialect& dialect, const model::Message& message, std::int64_t now_ms) {
  NewRow row = {{"message_uuid", "text", message.message_id},
                {"destination_uuid", "text", message.destination_id},
                {"topic", "text", message.topic},
                {"message", "text", message.message},
                {"serialization", "text", message.serialization}};
  if (!dialect.clock_defaults_are_exact()) row.push_back({"created_at_epoch_ms", "bigint", now_ms});
  return row;
}

constexpr std::string_view kOnConflict = " ON CONFLICT (message_uuid) DO NOTHING";

void insert_one(sql::Session& session, const model::Message& message, std::int64_t now_ms) {
  const auto row = row_of(session.dialect(), message, now_ms);
  const auto make = [&] {
    return "INSERT INTO dbos.notifications " + values_text(row) + std::string(kOnConflict);
  };
  // Made once for each kind of database, which alone decides about the columns, and never
  // destroyed: threads may send while the process ends.
  if (session.dialect().is_postgres()) {
    static const auto& kPostgres = *new std::string(make());
    session.execute(kPostgres, values_params(row));
  } else {
    static const auto& kSqlite = *new std::string(make());
    session.execute(kSqlite, values_params(row));
  }
}

}  // namespace

void insert_messages(sql::Session& session, std::span<const model::Message* const> messages,
                     std::int64_t now_ms, LockPatience patience) {
  if (messages.size() == 1 && !patience) return insert_one(session, *messages.front(), now_ms);
  const auto bytes = [](const auto* message) { return bytes_of(*message); };
  for (std::size_t begin = 0; begin < messages.size();) {
    const auto end = end_of_part(messages, begin, bytes);
    std::vector<NewRow> rows;
    rows.reserve(end - begin);
    for (; begin < end; ++begin) {
      rows.push_back(row_of(session.dialect(), *messages[begin], now_ms));
    }
    insert_rows(session, "notifications", rows, {kOnConflict, "", patience});
  }
}

void insert_messages(sql::Session& session, std::span<const model::Message> messages,
                     std::int64_t now_ms) {
  std::vector<const model::Message*> pointers;
  pointers.reserve(messages.size());
  for (const auto& message : messages) pointers.push_back(&message);
  insert_messages(session, pointers, now_ms, std::nullopt);
}

std::size_t bytes_of(const model::Message& message) {
  // What a row takes beside its payload, about.
  static constexpr std::size_t kRow = 200;
  return message.message.size() + kRow;
}

bool fit_one_statement(std::span<const model::Message> messages) {
  return end_of_part(messages, 0, [](const auto& message) { return bytes_of(message); }) ==
         messages.size();
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
