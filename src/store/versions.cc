#include "store/versions.h"

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

std::optional<model::ApplicationVersion> find_version(sql::Session& session, const Layout& layout,
                                                      std::string_view version_name,
                                                      const std::optional<std::string>& owner) {
  std::optional<model::ApplicationVersion> found;
  // Names are unique today; the schema is on its way to one of each name for each application.
  const auto rank = [&](const model::ApplicationVersion& version) {
    return version.application_name == owner ? 0 : version.application_name ? 2 : 1;
  };
  session.query(select_versions(layout) + " WHERE version_name = $1 ORDER BY version_id",
                {version_name}, [&](const sql::Row& row) {
                  auto version = read_version(row);
                  if (!found || rank(version) < rank(*found)) found = std::move(version);
                });
  return found;
}

std::optional<model::ApplicationVersion> promote_version(sql::Session& session,
                                                         const Layout& layout,
                                                         const model::ApplicationVersion& found,
                                                         const std::optional<std::string>& owner,
                                                         std::int64_t now_ms) {
  const bool owned = layout.has("application_versions", "application_name");
  const auto names = owned ? texts_of(owner) : std::vector<std::string>();
  Conditions statement(session.dialect());
  const auto now = statement.bind(now_ms);
  std::string claim = owned ? ", application_name = " + statement.bind(owner) : "";
  statement.add("version_id <> ", found.version_id);
  if (owned) statement.claimed_by("application_name", names);
  const auto others = statement.sql();
  statement.restart();
  statement.add("version_id = ", found.version_id);
  if (owned && found.application_name) {
    statement.add("application_name = ", *found.application_name);
  } else if (owned) {
    statement.raw("application_name IS NULL");
  }
  std::optional<model::ApplicationVersion> promoted;
  session.execute(
      "UPDATE dbos.application_versions SET version_timestamp ="
      " (SELECT max(stamp) FROM (SELECT " +
          now +
          "::bigint AS stamp UNION ALL SELECT version_timestamp + 1"
          " FROM dbos.application_versions" +
          others + ") AS stamps)" + claim + statement.sql() + " RETURNING version_timestamp",
      statement.params(), [&](const sql::Row& row) {
        promoted = found;
        promoted->version_timestamp_ms = row.integer(0).value_or(0);
        promoted->application_name = owned ? owner : std::nullopt;
      });
  return promoted;
}

}  // namespace dbosc::store
