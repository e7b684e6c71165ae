#include "store/versions.h"

#include <algorithm>
#include <vector>

#include "sql/dialect.h"
#include "store/conditions.h"

namespace dbosc::store {
namespace {

constexpr std::string_view kNewestFirst = " ORDER BY version_timestamp DESC, created_at DESC";

/// The application of a version, which older databases do not know.
std::string owner_column(const Layout& layout) {
  return layout.has("application_versions", "application_name") ? "application_name" : "NULL";
}

std::string select_versions(const Layout& layout) {
  return "SELECT version_id, version_name, version_timestamp, created_at, " + owner_column(layout) +
         " FROM dbos.application_versions";
}

model::ApplicationVersion read_version(const sql::Row& row) {
  return {.version_id = row.copy(0).value_or(""),
          .version_name = row.copy(1).value_or(""),
          .version_timestamp_ms = row.integer(2).value_or(0),
          .created_at_ms = row.integer(3).value_or(0),
          .application_name = row.copy(4)};
}

std::vector<model::ApplicationVersion> newest(sql::Session& session, const Layout& layout,
                                              const std::vector<std::string>& application_names,
                                              std::string_view limit) {
  Conditions where(session.dialect());
  if (layout.has("application_versions", "application_name")) {
    where.claimed_by("application_name", application_names);
  }
  std::vector<model::ApplicationVersion> versions;
  session.query(
      select_versions(layout) + where.sql() + std::string(kNewestFirst) + std::string(limit),
      where.params(), [&](const sql::Row& row) { versions.push_back(read_version(row)); });
  return versions;
}

}  // namespace

std::vector<model::ApplicationVersion> list_versions(
    sql::Session& session, const Layout& layout,
    const std::vector<std::string>& application_names) {
  return newest(session, layout, application_names, "");
}

std::optional<model::ApplicationVersion> find_latest_version(
    sql::Session& session, const Layout& layout,
    const std::optional<std::string>& application_name) {
  auto versions = newest(session, layout, texts_of(application_name), " LIMIT 1");
  if (versions.empty()) return std::nullopt;
  return std::move(versions.front());
}

std::optional<model::ApplicationVersion> lock_version(sql::Session& session, const Layout& layout,
                                                      std::string_view version_name,
                                                      const std::optional<std::string>& owner) {
  std::optional<model::ApplicationVersion> found;
  // Names are unique today; the schema is on its way to one of each name for each application.
  const auto rank = [&](const model::ApplicationVersion& version) {
    return version.application_name == owner ? 0 : version.application_name ? 2 : 1;
  };
  session.query(select_versions(layout) + " WHERE version_name = $1 ORDER BY version_id" +
                    std::string(session.dialect().locking_rows()),
                {version_name}, [&](const sql::Row& row) {
                  auto version = read_version(row);
                  if (!found || rank(version) < rank(*found)) found = std::move(version);
                });
  return found;
}

void promote_version(sql::Session& session, const Layout& layout,
                     model::ApplicationVersion& version, std::int64_t now_ms) {
  const bool owned = layout.has("application_versions", "application_name");
  if (!owned) version.application_name.reset();
  Conditions others(session.dialect());
  others.add("version_id <> ", version.version_id);
  const auto names = texts_of(version.application_name);
  if (owned) others.claimed_by("application_name", names);
  session.query("SELECT max(version_timestamp) FROM dbos.application_versions" + others.sql(),
                others.params(), [&](const sql::Row& row) {
                  version.version_timestamp_ms = std::max(now_ms, row.integer(0).value_or(0) + 1);
                });
  std::string update = "UPDATE dbos.application_versions SET version_timestamp = $2";
  std::vector<sql::Param> params{version.version_id, version.version_timestamp_ms};
  if (owned) {
    update += ", application_name = $3";
    params.emplace_back(version.application_name);
  }
  update += " WHERE version_id = $1";
  session.execute(update, params);
}

}  // namespace dbosc::store
