#include "store/events.h"

#include "sql/dialect.h"

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

std::vector<Event> read_events(sql::Session& session, const std::vector<EventPlace>& places) {
  static constexpr std::string_view kSelect = R"(
SELECT e.workflow_uuid, e.key, e.value, e.serialization
FROM )";
  static constexpr std::string_view kPostgres =
      "unnest($1::text[], $2::text[]) AS wanted (id, key)";
  static constexpr std::string_view kSqlite = R"(
  (SELECT i.value AS id, json_extract($2, '$[' || i.key || ']') AS key FROM json_each($1) i)
  AS wanted)";
  static constexpr std::string_view kJoin = R"(
JOIN dbos.workflow_events e ON e.workflow_uuid = wanted.id AND e.key = wanted.key)";
  std::vector<std::string> ids, keys;
  for (const auto& place : places) {
    ids.push_back(place.workflow_id);
    keys.push_back(place.key);
  }
  const auto wanted = session.dialect().is_postgres() ? kPostgres : kSqlite;
  std::vector<Event> events;
  session.query(std::string(kSelect) + std::string(wanted) + std::string(kJoin), {ids, keys},
                [&](const sql::Row& row) { events.push_back(read_row(row)); });
  return events;
}

void list_events(sql::Session& session, std::string_view workflow_id, sql::OnRow on_row) {
  static constexpr std::string_view kSql = R"(
SELECT key, value, serialization FROM dbos.workflow_events WHERE workflow_uuid = $1 ORDER BY key)";
  session.stream(kSql, {workflow_id}, on_row);
}

}  // namespace dbosc::store
