#include "store/streams.h"

#include "sql/dialect.h"

namespace dbosc::store {

bool is_stream_end(std::string_view stored) {
  return stored == R"("__DBOS_STREAM_CLOSED__")" || stored == "__DBOS_STREAM_CLOSED__";
}

std::optional<std::string> read_stream(sql::Session& session, std::string_view workflow_id,
                                       std::string_view key, std::int64_t from, std::int64_t limit,
                                       OnStreamEntry on_entry) {
  static constexpr std::string_view kSql = R"(
SELECT ws.status, s."offset", s.value, s.serialization
FROM dbos.workflow_status ws
LEFT JOIN dbos.streams s
  ON s.workflow_uuid = ws.workflow_uuid AND s.key = $2 AND s."offset" >= $3
WHERE ws.workflow_uuid = $1
ORDER BY s."offset")";
  static constexpr std::string_view kLimit = " LIMIT $4";
  std::optional<std::string> status;
  const auto on_row = [&](const sql::Row& row) {
    if (!status) status = row.copy(0).value_or("");
    if (const auto offset = row.integer(1)) {
      on_entry({*offset, row.text(2).value_or("null"), row.text(3)});
    }
  };
  if (limit > 0) {
    session.query(std::string(kSql) + std::string(kLimit), {workflow_id, key, from, limit}, on_row);
  } else {
    session.query(kSql, {workflow_id, key, from}, on_row);
  }
  return status;
}

void list_stream_entries(sql::Session& session, std::string_view workflow_id, sql::OnRow on_row) {
  static constexpr std::string_view kSql = R"(
SELECT key, "offset", value, serialization
FROM dbos.streams WHERE workflow_uuid = $1 ORDER BY key, "offset")";
  session.stream(kSql, {workflow_id}, on_row);
}

std::vector<bool> stream_positions_ready(sql::Session& session,
                                         const std::vector<StreamPosition>& positions) {
  // Three lists side by side: Postgres unnests them together; SQLite has no such thing and gets
  // them joined by their index.
  static constexpr std::string_view kWanted = R"(
SELECT wanted.number, EXISTS (
    SELECT 1 FROM dbos.streams s
    WHERE s.workflow_uuid = wanted.id AND s.key = wanted.key AND s."offset" = wanted.start)
  OR NOT EXISTS (
    SELECT 1 FROM dbos.workflow_status ws
    WHERE ws.workflow_uuid = wanted.id
      AND ws.status NOT IN ('SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'))
FROM )";
  static constexpr std::string_view kPostgres = R"(
  unnest($1::text[], $2::text[], $3::text[]::bigint[]) WITH ORDINALITY AS wanted (id, key, start, number))";
  static constexpr std::string_view kSqlite = R"(
  (SELECT i.key + 1 AS number, i.value AS id, json_extract($2, '$[' || i.key || ']') AS key,
          CAST(json_extract($3, '$[' || i.key || ']') AS INTEGER) AS start
   FROM json_each($1) i) AS wanted)";
  std::vector<std::string> ids, keys, offsets;
  for (const auto& position : positions) {
    ids.push_back(position.workflow_id);
    keys.push_back(position.key);
    offsets.push_back(std::to_string(position.offset));
  }
  std::vector<bool> ready(positions.size());
  const bool postgres = session.dialect().is_postgres();
  session.query(std::string(kWanted) + std::string(postgres ? kPostgres : kSqlite),
                {ids, keys, offsets}, [&](const sql::Row& row) {
                  ready[static_cast<std::size_t>(*row.integer(0)) - 1] = row.boolean(1);
                });
  return ready;
}

}  // namespace dbosc::store
