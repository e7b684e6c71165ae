#include "store/workflows.h"

#include <bit>

#include "sql/dialect.h"

namespace dbosc::store {
namespace {

std::string outcome_columns(const Layout& layout) {
  return layout.has_payload_tables()
             ? "ws.workflow_uuid, ws.status, ws.serialization, COALESCE(wo.output, ws.output),"
               " COALESCE(wo.error, ws.error) FROM dbos.workflow_status ws"
               " LEFT JOIN dbos.workflow_output wo ON wo.workflow_uuid = ws.workflow_uuid"
             : "ws.workflow_uuid, ws.status, ws.serialization, ws.output, ws.error"
               " FROM dbos.workflow_status ws";
}

Outcome read_outcome_row(const sql::Row& row) {
  return {*row.copy(0), row.copy(1).value_or(""), row.copy(2), row.copy(3), row.copy(4)};
}

}  // namespace

std::optional<std::string> find_deduplicated_workflow(sql::Session& session,
                                                      std::string_view queue_name,
                                                      std::string_view deduplication_id) {
  static constexpr std::string_view kSql = R"(
SELECT workflow_uuid FROM dbos.workflow_status WHERE queue_name = $1 AND deduplication_id = $2)";
  std::optional<std::string> holder;
  session.query(kSql, {queue_name, deduplication_id},
                [&](const sql::Row& row) { holder = row.copy(0); });
  return holder;
}

std::optional<Outcome> read_outcome(sql::Session& session, const Layout& layout,
                                    std::string_view workflow_id) {
  std::optional<Outcome> outcome;
  session.query("SELECT " + outcome_columns(layout) + " WHERE ws.workflow_uuid = $1", {workflow_id},
                [&](const sql::Row& row) { outcome = read_outcome_row(row); });
  return outcome;
}

namespace {

/// For how many Postgres plans where any list may be given. It plans a statement anew each time as
/// long as that promises less work than its plan for any list, as it does for fewer; and to plan
/// this one takes it ten times as long as to run it.
constexpr std::size_t kAnyList = 10;

std::vector<std::string> as_any_list(std::vector<std::string> ids) {
  if (!ids.empty() && ids.size() < kAnyList) ids.resize(kAnyList, std::string(ids.back()));
  return ids;
}

}  // namespace

std::vector<Outcome> read_finished(sql::Session& session, const Layout& layout,
                                   std::vector<std::string> workflow_ids) {
  std::vector<Outcome> finished;
  if (session.dialect().is_postgres()) workflow_ids = as_any_list(std::move(workflow_ids));
  session.query("SELECT " + outcome_columns(layout) +
                    " WHERE ws.workflow_uuid = ANY ($1) AND ws.status IN ('SUCCESS', 'ERROR',"
                    " 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')",
                {workflow_ids},
                [&](const sql::Row& row) { finished.push_back(read_outcome_row(row)); });
  return finished;
}

void recently_finished(sql::Session& session, std::int64_t window_ms, std::int64_t now_ms,
                       FunctionRef<void(std::string_view)> on_id) {
  // now() and not a parameter: this machine's clock may be far from the database's. Without the
  // upper end one worker whose clock is ahead would be found again and again.
  static constexpr std::string_view kPostgres = R"(
SELECT workflow_uuid FROM dbos.workflow_status
WHERE completed_at <= (EXTRACT(EPOCH FROM pg_catalog.now()) * 1000)::bigint + 1000
  AND completed_at >= (EXTRACT(EPOCH FROM pg_catalog.now()) * 1000)::bigint - )";
  static constexpr std::string_view kPostgresLimit = " LIMIT 10000";
  // Python before 3.12 stamps whole seconds there.
  static constexpr std::string_view kSqlite = R"(
SELECT workflow_uuid FROM dbos.workflow_status
WHERE completed_at >= $2 - $1 - 1000 AND completed_at <= $2 + 1000
LIMIT 10000)";
  const auto on_row = [&](const sql::Row& row) { on_id(row.text(0).value_or("")); };
  if (session.dialect().is_postgres()) {
    // As a number in the text, one of few: for a parameter Postgres would plan it anew each time.
    const auto window = std::to_string(std::bit_ceil(static_cast<std::uint64_t>(window_ms)));
    session.query(std::string(kPostgres) + window + std::string(kPostgresLimit), {}, on_row);
  } else {
    session.query(kSqlite, {window_ms, now_ms}, on_row);
  }
}

namespace {

std::vector<std::string> select_ids(sql::Session& session, std::string_view sql,
                                    const std::vector<std::string>& workflow_ids) {
  std::vector<std::string> ids;
  session.query(sql, {workflow_ids}, [&](const sql::Row& row) { ids.push_back(*row.copy(0)); });
  return ids;
}

}  // namespace

std::vector<std::string> finished_workflows(sql::Session& session,
                                            const std::vector<std::string>& workflow_ids) {
  static constexpr std::string_view kSql = R"(
SELECT workflow_uuid FROM dbos.workflow_status
WHERE workflow_uuid = ANY ($1)
  AND status IN ('SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'))";
  return select_ids(session, kSql, workflow_ids);
}

std::vector<std::string> existing_workflows(sql::Session& session,
                                            const std::vector<std::string>& workflow_ids) {
  static constexpr std::string_view kSql =
      "SELECT workflow_uuid FROM dbos.workflow_status WHERE workflow_uuid = ANY ($1)";
  return select_ids(session, kSql, workflow_ids);
}

}  // namespace dbosc::store
