#include "store/finished_workflows.h"

#include "store/conditions.h"

namespace dbosc::store {
namespace {

/// Asked one after the other and not joined by OR: only so the first is answered from the index on
/// completed_at.
struct Stamp {
  std::string_view column;
  std::string_view guard;
};
constexpr Stamp kStamps[] = {{"completed_at", "completed_at IS NOT NULL"},
                             {"updated_at", "completed_at IS NULL"}};

Conditions finished(const sql::Session& session, const Layout& layout, const FinishedFilter& filter,
                    const Stamp& stamp) {
  Conditions where(session.dialect());
  where.raw(stamp.guard);
  where.bound(std::string(stamp.column) + " <= ", filter.until_ms);
  where.any_of("status", filter.statuses);
  if (layout.has_application_name()) {
    where.claimed_by("application_name", filter.application_names);
  }
  return where;
}

}  // namespace

StatesBefore find_finished(sql::Session& session, const Layout& layout,
                           const FinishedFilter& filter, std::int64_t limit) {
  StatesBefore found;
  for (const auto& stamp : kStamps) {
    auto where = finished(session, layout, filter, stamp);
    const auto sql = "SELECT workflow_uuid, status, updated_at FROM dbos.workflow_status" +
                     where.sql() + " ORDER BY " + std::string(stamp.column) + where.page(limit);
    session.query(sql, where.params(), [&](const sql::Row& row) { add_state(found, row); });
    if (!found.empty()) break;
  }
  return found;
}

std::int64_t count_finished(sql::Session& session, const Layout& layout,
                            const FinishedFilter& filter) {
  std::int64_t count = 0;
  for (const auto& stamp : kStamps) {
    const auto where = finished(session, layout, filter, stamp);
    session.query("SELECT count(*) FROM dbos.workflow_status" + where.sql(), where.params(),
                  [&](const sql::Row& row) { count += row.integer(0).value_or(0); });
  }
  return count;
}

}  // namespace dbosc::store
