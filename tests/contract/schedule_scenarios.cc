#include "contract/levels.h"

namespace dbosc::test {
namespace {

Json schedule(const Json& more = Json::object()) {
  Json request{{"schedule_name", "s"}, {"workflow_name", "w"}, {"schedule", "0 0 12 * * *"}};
  request.update(more);
  return request;
}

void create(Level& on) {
  on.client().call("create_schedule", schedule({{"language", "python"}, {"queue_name", "q"}}));
}

void create_with_version(Level& on) {
  create(on);
  on.sql().insert("application_versions", {{"version_id", "v1"},
                                           {"version_name", "v1"},
                                           {"version_timestamp", "1000"},
                                           {"created_at", "1000"}});
}

auto leaves(std::string outcome, std::string column, Value value) {
  return [=](Level& on, const Json& reply) {
    EXPECT_EQ(reply.at("outcome"), outcome);
    EXPECT_EQ(on.sql().row("SELECT * FROM dbos.workflow_schedules")[column], value);
  };
}

const Scenarios kSchedules(
    "schedules",
    {
        {.operation = "create_schedule",
         .request = schedule({{"language", "go"}, {"context", {1}}}),
         .check =
             [](Level& on, const Json& reply) {
               const auto owner = on.has(102) ? Json("app") : Json(nullptr);
               EXPECT_EQ(reply.at("schedule").at("application_name"), owner);
               EXPECT_EQ(reply.at("schedule").at("context"), Json({1}));
               EXPECT_EQ(on.count("workflow_schedules"), 1);
             }},
        {.operation = "get_schedule",
         .request = {{"schedule_name", "s"}},
         .arrange = create,
         .check =
             [](Level&, const Json& reply) {
               EXPECT_EQ(reply.at("schedule").at("queue_name"), "q");
               EXPECT_EQ(reply.at("schedule").at("cron_timezone"), "UTC");
             }},
        {.operation = "list_schedules",
         .request = {{"status", "ACTIVE"}, {"schedule_name_prefix", {"s"}}},
         .arrange = create,
         .check = [](Level&, const Json& reply) { EXPECT_EQ(reply.at("schedules").size(), 1u); }},
        {.operation = "update_schedule",
         .request = {{"schedule_name", "s"}, {"queue_name", nullptr}},
         .arrange = create,
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("schedule").at("queue_name"), nullptr);
               EXPECT_EQ(on.sql().row("SELECT * FROM dbos.workflow_schedules")["queue_name"],
                         std::nullopt);
             }},
        {.operation = "pause_schedule",
         .request = {{"schedule_name", "s"}},
         .arrange = create,
         .check = leaves("paused", "status", "PAUSED")},
        {.operation = "resume_schedule",
         .request = {{"schedule_name", "s"}},
         .arrange = create,
         .check = leaves("unchanged", "status", "ACTIVE")},
        {.operation = "delete_schedule",
         .request = {{"schedule_name", "s"}},
         .arrange = create,
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("outcome"), "deleted");
               EXPECT_EQ(on.count("workflow_schedules"), 0);
             }},
        {.operation = "apply_schedules",
         .request = {{"schedules", {schedule({{"schedule", "0 0 13 * * *"}})}},
                     {"language", "python"}},
         .arrange = create,
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("outcomes")[0].at("outcome"), "updated");
               EXPECT_EQ(on.sql().row("SELECT * FROM dbos.workflow_schedules")["schedule"],
                         "0 0 13 * * *");
             }},
        {.operation = "apply_schedules",
         .request = {{"schedules", Json::array()}, {"delete_others", true}},
         .check = [](Level&, const Json& reply) { EXPECT_EQ(reply.at("deleted").size(), 0u); },
         .since = {102, "Python 2.30"}},
        {.operation = "trigger_schedule",
         .request = {{"schedule_name", "s"}},
         .arrange = create_with_version,
         .check =
             [](Level& on, const Json& reply) {
               const auto id = reply.at("workflow_id").get<std::string>();
               EXPECT_EQ(on.column_of(id, "schedule_name"), "s");
               EXPECT_EQ(on.column_of(id, "application_version"), "v1");
               EXPECT_EQ(on.column_of(id, "queue_name"), "q");
             }},
        {.operation = "backfill_schedule",
         .request = {{"schedule_name", "s"}, {"start", 1704067200000}, {"end", 1704153600000}},
         .arrange = create_with_version,
         .check =
             [](Level& on, const Json& reply) {
               ASSERT_EQ(reply.at("outcomes").size(), 1u);
               EXPECT_EQ(on.column_of("sched-s-2024-01-01T12:00:00+00:00", "status"), "ENQUEUED");
             }},
        {.operation = "preview_schedule",
         .request = {{"schedule_name", "s"}, {"after", 1704067200000}, {"count", 1}},
         .arrange = create,
         .check =
             [](Level&, const Json& reply) {
               EXPECT_EQ(reply.at("firings_at_ms"), Json({1704110400000}));
             }},
    });

}  // namespace
}  // namespace dbosc::test
