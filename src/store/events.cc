#include "store/events.h"

namespace dbosc::store {
namespace {

Event read_row(const sql::Row& row) {
  return {*row.copy(0), *row.copy(1), row.copy(2).value_or("null"), row.copy(3)};
}

}  // namespace

std::string announcement(std::string_view workflow_id, std::string_view key) {
  return std::string(workflow_id) + "::" + std::string(key);
}

std::optional<Event> read_event(sql::Session& session, std::string_view workflow_id,
                                std::string_view key) {
  static constexpr std::string_view kSql = R"(
SELECT workflow_uuid, key, value, serialization
FROM dbos.workflow_events WHERE workflow_uuid = $1 AND key = $2)";
  std::optional<Event> event;
  session.query(kSql, {workflow_id, key}, [&](const sql::Row& row) { event = read_row(row); });
  return event;
}

std::vector<Event> read_events(sql::Session& session, const std::vector<std::string>& workflow_ids,
                               const std::vector<std::string>& keys) {
  static constexpr std::string_view kSql = R"(
SELECT workflow_uuid, key, value, serialization
FROM dbos.workflow_events WHERE workflow_uuid = ANY ($1) AND key = ANY ($2))";
  std::vector<Event> events;
  session.query(kSql, {workflow_ids, keys},
                [&](const sql::Row& row) { events.push_back(read_row(row)); });
  return events;
}

void list_events(sql::Session& session, std::string_view workflow_id, sql::OnRow on_row) {
  static constexpr std::string_view kSql = R"(
SELECT key, value, serialization FROM dbos.workflow_events WHERE workflow_uuid = $1 ORDER BY key)";
  session.stream(kSql, {workflow_id}, on_row);
}

}  // namespace dbosc::store
