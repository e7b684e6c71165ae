#include "contract/levels.h"

namespace dbosc::test {
namespace {

void add_versions(Level& on) {
  for (const std::string name : {"v1", "v2"}) {
    on.sql().insert("application_versions", {{"version_id", name},
                                             {"version_name", name},
                                             {"version_timestamp", name == "v1" ? "1000" : "2000"},
                                             {"created_at", "1000"}});
  }
}

const Scenarios kApplications(
    "applications",
    {
        {.operation = "list_application_versions",
         .arrange = add_versions,
         .check =
             [](Level&, const Json& reply) {
               ASSERT_EQ(reply.at("versions").size(), 2u);
               EXPECT_EQ(reply.at("versions")[0], Json({{"version_id", "v2"},
                                                        {"version_name", "v2"},
                                                        {"version_timestamp_ms", 2000},
                                                        {"created_at_ms", 1000},
                                                        {"application_name", nullptr}}));
             }},
        {.operation = "get_latest_application_version",
         .arrange = add_versions,
         .check =
             [](Level&, const Json& reply) {
               EXPECT_EQ(reply.at("version").at("version_name"), "v2");
             }},
        {.operation = "set_latest_application_version",
         .request = {{"version_name", "v1"}},
         .arrange = add_versions,
         .check =
             [](Level& on, const Json& reply) {
               const auto owner = on.has(103) ? Json("app") : Json(nullptr);
               EXPECT_EQ(reply.at("version").at("application_name"), owner);
               EXPECT_EQ(on.sql().value("SELECT version_name FROM dbos.application_versions"
                                        " ORDER BY version_timestamp DESC LIMIT 1"),
                         "v1");
             }},
        {.operation = "rename_application",
         .request = {{"new_name", "app"}, {"adopt_unclaimed_rows", true}},
         .arrange =
             [](Level& on) {
               add_versions(on);
               on.worker().insert_workflow("id", {{"status", "SUCCESS"}});
               on.worker().add_step("id", 1, {{"function_name", "s"}});
             },
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply, Json({{"queues", 0},
                                      {"schedules", 0},
                                      {"versions", 2},
                                      {"workflows", 1},
                                      {"steps", 1}}));
               EXPECT_EQ(on.column_of("id", "application_name"), "app");
             },
         .since = {104, "Python 2.30"}},
    });

}  // namespace
}  // namespace dbosc::test
