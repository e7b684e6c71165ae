#include "store/formats.h"

namespace dbosc::store {
namespace {

/// How far back is looked: enough for a busy fleet, little enough for a call to wait for.
constexpr std::int64_t kNewest = 5000;

std::string owner(const Layout& layout) {
  return layout.has_application_name() ? "application_name" : "CAST(NULL AS text)";
}

}  // namespace

std::vector<UsedFormat> recent_formats(sql::Session& session, const Layout& layout) {
  const auto sql =
      "SELECT serialization, name, queue_name, owner,"
      " MAX(CASE WHEN status = 'SUCCESS' THEN 1 ELSE 0 END), MAX(split), MAX(created_at)"
      " FROM (SELECT serialization, name, queue_name, " +
      owner(layout) +
      " AS owner, status, CASE WHEN inputs IS NULL THEN 1 ELSE 0 END AS split, created_at"
      " FROM dbos.workflow_status ORDER BY created_at DESC LIMIT $1) newest"
      " WHERE name IS NOT NULL AND serialization NOT IN ('', 'portable_json')"
      " GROUP BY serialization, name, queue_name, owner";
  std::vector<UsedFormat> formats;
  session.query(sql, {{kNewest}}, [&](const sql::Row& row) {
    formats.push_back({.serialization = row.copy(0).value_or(""),
                       .name = row.copy(1).value_or(""),
                       .queue_name = row.copy(2),
                       .application_name = row.copy(3),
                       .succeeded = row.integer(4) == 1,
                       .split = layout.has_payload_tables() && row.integer(5) == 1,
                       .last_used_at_ms = row.integer(6).value_or(0)});
  });
  return formats;
}

std::map<std::string, WorkflowFormat> formats_of(sql::Session& session, const Layout& layout,
                                                 const std::vector<std::string>& workflow_ids) {
  std::map<std::string, WorkflowFormat> formats;
  session.query("SELECT workflow_uuid, serialization, " + owner(layout) +
                    " FROM dbos.workflow_status WHERE workflow_uuid = ANY ($1)",
                {workflow_ids}, [&](const sql::Row& row) {
                  formats[row.copy(0).value_or("")] = {row.copy(1), row.copy(2)};
                });
  return formats;
}

}  // namespace dbosc::store
