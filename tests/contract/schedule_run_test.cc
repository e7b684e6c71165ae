#include "contract/contract.h"

// Runs of schedules: when they come, under which ids, with which arguments.

namespace dbosc::test {
namespace {

using ::testing::ElementsAre;
using ::testing::MatchesRegex;

constexpr std::int64_t kNewYear = 1704067200000;  // 2024-01-01T00:00:00Z

class ScheduleRuns : public Contract {
 protected:
  void SetUp() override { app_ = open({{"application_name", "app"}}); }
  void add_version(const std::string& name = "v1") {
    sql().insert("application_versions", {{"version_id", name},
                                          {"version_name", name},
                                          {"version_timestamp", "1000"},
                                          {"created_at", "1000"},
                                          {"application_name", "app"}});
  }
  void create(const std::string& language, const Json& more = Json::object()) {
    Json request{{"schedule_name", "s"},
                 {"workflow_name", "w"},
                 {"schedule", "0 0 * * * *"},
                 {"language", language},
                 {"context", {{"a", 1}}}};
    request.update(more);
    app_.call("create_schedule", request);
  }
  std::vector<std::string> backfill(std::int64_t start, std::int64_t end) {
    std::vector<std::string> ids;
    const auto reply =
        app_.call("backfill_schedule", {{"schedule_name", "s"}, {"start", start}, {"end", end}});
    for (const auto& run : reply.at("outcomes")) {
      ids.push_back(run.at("outcome").get<std::string>() + " " +
                    run.at("workflow_id").get<std::string>());
    }
    return ids;
  }
  std::string trigger() {
    return app_.call("trigger_schedule", {{"schedule_name", "s"}}).at("workflow_id");
  }

  Client app_;
};
INSTANTIATE_TEST_SUITE_P(Contract, ScheduleRuns,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

TEST_P(ScheduleRuns, OfAWindowAreThoseBetweenItsEnds) {
  add_version();
  create("typescript");
  EXPECT_THAT(backfill(kNewYear, kNewYear + 3 * 3600000),
              ElementsAre("created sched-s-2024-01-01T01:00:00.000Z",
                          "created sched-s-2024-01-01T02:00:00.000Z"));
  EXPECT_THAT(backfill(kNewYear - 1, kNewYear + 3 * 3600000 + 1),
              ElementsAre("created sched-s-2024-01-01T00:00:00.000Z",
                          "existing sched-s-2024-01-01T01:00:00.000Z",
                          "existing sched-s-2024-01-01T02:00:00.000Z",
                          "created sched-s-2024-01-01T03:00:00.000Z"));
  EXPECT_EQ(count("workflow_status"), 4);
}

TEST_P(ScheduleRuns, HaveIdsAsTheirOwnersSchedulerSpellsThem) {
  add_version();
  const auto id = [&](const std::string& language) {
    create(language, {{"cron_timezone", "America/New_York"},
                      {"schedule", "0 0 3 * * *"},
                      {"workflow_class_name", "C"}});
    const auto ids = backfill(1710054000000 - 1, 1710054000000 + 1);
    app_.call("delete_schedule", {{"schedule_name", "s"}});
    return ids.at(0);
  };
  EXPECT_EQ(id("python"), "created sched-s-2024-03-10T03:00:00-04:00");
  EXPECT_EQ(id("typescript"), "created sched-s-2024-03-10T07:00:00.000Z");
  EXPECT_EQ(id("go"), "created sched-s-2024-03-10T07:00:00Z");
  EXPECT_EQ(id("java"), "created sched-s-2024-03-10T03:00-04:00");
}

TEST_P(ScheduleRuns, AreRowsAsASchedulerWritesThem) {
  add_version();
  create("typescript", {{"workflow_class_name", "C"}});
  backfill(kNewYear - 1, kNewYear + 1);
  const auto run = row_of("sched-s-2024-01-01T00:00:00.000Z");
  EXPECT_EQ(run.at("status"), "ENQUEUED");
  EXPECT_EQ(run.at("name"), "w");
  EXPECT_EQ(run.at("class_name"), "C");
  EXPECT_EQ(run.at("queue_name"), "_dbos_internal_queue");
  EXPECT_EQ(run.at("application_version"), "v1");
  EXPECT_EQ(run.at("application_name"), "app");
  EXPECT_EQ(run.at("schedule_name"), "s");
  EXPECT_EQ(run.at("serialization"), "js_superjson");
  EXPECT_EQ(run.at("inputs"),
            R"({"json":["2024-01-01T00:00:00.000Z",{"a":1}],"meta":{"values":{"0":["Date"]}},)"
            R"("__dbos_serializer":"superjson"})");
}

TEST_P(ScheduleRuns, KeepAnnotationsOfTheirContext) {
  add_version();
  create("typescript");
  sql().rows("UPDATE dbos.workflow_schedules SET context = $1",
             {R"({"json":{"d":"2020-01-01T00:00:00.000Z","e":{"f":null}},"meta":{"values":)"
              R"({"d":["Date"],"e.f":["undefined"]},"referentialEqualities":{"d":["g"]}},)"
              R"("__dbos_serializer":"superjson"})"});
  backfill(kNewYear - 1, kNewYear + 1);
  EXPECT_EQ(
      row_of("sched-s-2024-01-01T00:00:00.000Z").at("inputs"),
      R"({"json":["2024-01-01T00:00:00.000Z",{"d":"2020-01-01T00:00:00.000Z","e":{"f":null}}],)"
      R"("meta":{"values":{"0":["Date"],"1.d":["Date"],"1.e.f":["undefined"]},)"
      R"("referentialEqualities":{"1.d":["1.g"]}},"__dbos_serializer":"superjson"})");
}

TEST_P(ScheduleRuns, GoOnTheSchedulesQueue) {
  add_version();
  create("go", {{"queue_name", "q"}});
  backfill(kNewYear - 1, kNewYear + 1);
  const auto run = row_of("sched-s-2024-01-01T00:00:00Z");
  EXPECT_EQ(run.at("queue_name"), "q");
  EXPECT_EQ(run.at("serialization"), "DBOS_JSON");
  // {"scheduled_time":"2024-01-01T00:00:00Z","context":{"a":1}}
  EXPECT_EQ(run.at("inputs"),
            "eyJzY2hlZHVsZWRfdGltZSI6IjIwMjQtMDEtMDFUMDA6MDA6MDBaIiwiY29udGV4dCI6eyJhIjoxfX0=");
}

TEST_P(ScheduleRuns, OfJavaGetAnInstant) {
  add_version();
  create("java", {{"workflow_class_name", "C"}});
  backfill(kNewYear - 1, kNewYear + 1);
  const auto run = row_of("sched-s-2024-01-01T00:00Z");
  EXPECT_EQ(run.at("serialization"), "java_jackson");
  EXPECT_EQ(run.at("inputs"),
            R"(["[Ljava.lang.Object;",[["java.time.Instant","2024-01-01T00:00:00Z"],)"
            R"({"@class":"java.util.LinkedHashMap","a":1}]])");
}

TEST_P(ScheduleRuns, OfJavaAreRefusedWithoutTheClassThatItsWorkersLookFor) {
  add_version();
  create("java");
  EXPECT_EQ(app_.refused("trigger_schedule", {{"schedule_name", "s"}}).kind, "missing_class_name");
  EXPECT_EQ(app_.refused("backfill_schedule",
                         {{"schedule_name", "s"}, {"start", kNewYear - 1}, {"end", kNewYear + 1}})
                .kind,
            "missing_class_name");
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(ScheduleRuns, AreStartedAtOnceByATrigger) {
  add_version();
  create("python");
  const auto python = trigger();
  EXPECT_THAT(python, MatchesRegex("sched-s-trigger-[0-9-]+T[0-9:]+(\\.[0-9]{6})?\\+00:00"));
  EXPECT_EQ(row_of(python).at("serialization"), std::nullopt);
  EXPECT_EQ(row_of(python).at("schedule_name"), "s");
  app_.call("delete_schedule", {{"schedule_name", "s"}});
  create("typescript");
  EXPECT_THAT(trigger(), MatchesRegex("sched-s-trigger-[0-9-]+T[0-9:]+\\.[0-9]{3}Z"));
}

TEST_P(ScheduleRuns, NeedAVersionThatWorkersTake) {
  create("python");
  EXPECT_EQ(app_.refused("trigger_schedule", {{"schedule_name", "s"}}).kind,
            "no_application_versions");
  EXPECT_EQ(app_.refused("backfill_schedule",
                         {{"schedule_name", "s"}, {"start", kNewYear - 1}, {"end", kNewYear + 1}})
                .kind,
            "no_application_versions");
  EXPECT_EQ(count("workflow_status"), 0);
  app_.call("delete_schedule", {{"schedule_name", "s"}});
  create("go");
  EXPECT_EQ(row_of(trigger()).at("application_version"), std::nullopt);
}

TEST_P(ScheduleRuns, AreRefusedWhereTheyCannotBeMade) {
  add_version();
  for (const auto* operation : {"trigger_schedule", "preview_schedule"}) {
    EXPECT_EQ(app_.refused(operation, {{"schedule_name", "none"}}).kind, "schedule_not_found");
  }
  create("python");
  const auto refusal = [&](std::int64_t start, std::int64_t end) {
    return app_
        .refused("backfill_schedule", {{"schedule_name", "s"}, {"start", start}, {"end", end}})
        .kind;
  };
  EXPECT_EQ(refusal(kNewYear, kNewYear), "out_of_range");
  app_.call("update_schedule", {{"schedule_name", "s"}, {"schedule", "* * * * * *"}});
  EXPECT_EQ(refusal(kNewYear, kNewYear + 200'000'000), "too_large");
  sql().rows("UPDATE dbos.workflow_schedules SET context = 'a format of its own'");
  const auto own =
      app_.refused("trigger_schedule", {{"schedule_name", "s"}, {"language", "python"}});
  EXPECT_EQ(own.kind, "unsupported_serialization");
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(ScheduleRuns, CanBeForeseen) {
  create("python", {{"cron_timezone", "Europe/Berlin"}, {"schedule", "30 2 * * *"}});
  const auto preview = [&](const Json& more) {
    Json request{{"after", "2024-03-30T00:00:00Z"}, {"count", 3}};
    request.update(more);
    return app_.call("preview_schedule", request).at("firings_at_ms");
  };
  const Json python{1711762200000, 1711846800000, 1711931400000};
  EXPECT_EQ(preview({{"schedule_name", "s"}}), python);
  const Json text{{"schedule", "0 30 2 * * *"}, {"cron_timezone", "Europe/Berlin"}};
  auto go = text;
  go["language"] = "go";
  // Python moves on what falls into the gap, Go leaves it out.
  EXPECT_EQ(preview(go), Json({1711762200000, 1711931400000, 1712017800000}));
  EXPECT_EQ(app_.refused("preview_schedule", text).detail("path"), "language");
  EXPECT_EQ(app_.refused("preview_schedule", Json::object()).detail("path"), "schedule_name");
  EXPECT_EQ(app_.refused("preview_schedule", {{"schedule_name", "s"}, {"schedule", "x"}}).kind,
            "conflicting_keys");
  EXPECT_EQ(preview({{"schedule", "0 0 31 2 *"}, {"language", "python"}}), Json::array());
  EXPECT_EQ(app_.call("preview_schedule", {{"schedule_name", "s"}}).at("firings_at_ms").size(),
            10u);
}

}  // namespace
}  // namespace dbosc::test
