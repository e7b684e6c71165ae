#include "store/rename.h"

#include "store/conditions.h"

namespace dbosc::store {
namespace {

Conditions to_rename(const sql::Session& session, const Renaming& renaming) {
  Conditions where(session.dialect());
  if (!renaming.old_name) {
    where.raw("application_name IS NULL");
  } else if (renaming.unclaimed) {
    where.add("(application_name = ", *renaming.old_name, " OR application_name IS NULL)");
  } else {
    where.add("application_name = ", *renaming.old_name);
  }
  return where;
}

std::int64_t rename(sql::Session& session, std::string_view table, const Renaming& renaming,
                    Conditions where) {
  const auto name = where.bind(renaming.new_name);
  const auto sql = "UPDATE dbos." + std::string(table) + " SET application_name = " + name;
  return session.execute(sql + where.sql(), where.params());
}

std::int64_t rename_all(sql::Session& session, std::string_view table, const Renaming& renaming) {
  return rename(session, table, renaming, to_rename(session, renaming));
}

std::string_view table_of(History history) {
  return history == History::kWorkflows ? "workflow_status" : "operation_outputs";
}

}  // namespace

std::int64_t rename_queues(sql::Session& session, const Renaming& renaming) {
  return rename_all(session, "queues", renaming);
}

std::int64_t rename_schedules(sql::Session& session, const Renaming& renaming) {
  return rename_all(session, "workflow_schedules", renaming);
}

std::int64_t rename_versions(sql::Session& session, const Renaming& renaming) {
  return rename_all(session, "application_versions", renaming);
}

std::int64_t rename_unfinished_workflows(sql::Session& session, const Renaming& renaming) {
  auto where = to_rename(session, renaming);
  where.raw("status IN ('PENDING', 'ENQUEUED', 'DELAYED')");
  return rename(session, "workflow_status", renaming, std::move(where));
}

// Ranges and not LIMIT, which would page through all that is renamed already.
Range next_range(sql::Session& session, History history, const Renaming& renaming,
                 const std::optional<std::string>& after, std::int64_t size) {
  auto where = to_rename(session, renaming);
  if (after) where.add("workflow_uuid > ", *after);
  const auto skipped = where.bind(size - 1);
  Range range{after, std::nullopt};
  // Distinct, so that the steps of one workflow stay in one range.
  session.query("SELECT DISTINCT workflow_uuid FROM dbos." + std::string(table_of(history)) +
                    where.sql() + " ORDER BY workflow_uuid LIMIT 1 OFFSET " + skipped,
                where.params(), [&](const sql::Row& row) { range.last = row.copy(0); });
  return range;
}

std::int64_t rename_range(sql::Session& session, History history, const Renaming& renaming,
                          const Range& range) {
  auto where = to_rename(session, renaming);
  if (range.last) {
    if (range.after) where.add("workflow_uuid > ", *range.after);
    where.add("workflow_uuid <= ", *range.last);
  }
  return rename(session, table_of(history), renaming, std::move(where));
}

}  // namespace dbosc::store
