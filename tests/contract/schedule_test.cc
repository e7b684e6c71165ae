#include "contract/contract.h"

// Schedules as rows: what is stored, found, changed and refused.

namespace dbosc::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Schedules : public Contract {
 protected:
  void SetUp() override { app_ = open({{"application_name", "app"}}); }
  static Json schedule(const Json& more = Json::object()) {
    Json request{{"schedule_name", "s"},
                 {"workflow_name", "w"},
                 {"schedule", "0 0 12 * * *"},
                 {"language", "python"}};
    request.update(more);
    return request;
  }
  Json create(const Json& more = Json::object()) {
    return app_.call("create_schedule", schedule(more)).at("schedule");
  }
  Failure refused(const Json& more) { return app_.refused("create_schedule", schedule(more)); }
  Row row(const std::string& name = "s") {
    return sql().row("SELECT * FROM dbos.workflow_schedules WHERE schedule_name = $1", {name});
  }
  Json found(const std::string& name = "s") {
    return app_.call("get_schedule", {{"schedule_name", name}}).at("schedule");
  }
  std::string outcome(const std::string& operation, const std::string& name = "s") {
    return app_.call(operation, {{"schedule_name", name}}).at("outcome");
  }
  std::vector<std::string> names(const Json& filter = Json::object()) {
    std::vector<std::string> names;
    const auto reply = app_.call("list_schedules", filter);
    for (const auto& one : reply.at("schedules")) names.push_back(one.at("schedule_name"));
    return names;
  }

  Client app_;
};
INSTANTIATE_TEST_SUITE_P(Contract, Schedules,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

TEST_P(Schedules, AreStoredWithAnOwnerAndATimeZoneAlways) {
  const auto created = create();
  const auto stored = row();
  EXPECT_EQ(stored.at("schedule_id"), created.at("schedule_id"));
  EXPECT_EQ(stored.at("status"), "ACTIVE");
  EXPECT_EQ(stored.at("cron_timezone"), "UTC");
  EXPECT_EQ(stored.at("application_name"), "app");
  EXPECT_EQ(stored.at("context"), "gAROLg==");
  EXPECT_EQ(stored.at("automatic_backfill"), "false");
  for (const auto* empty : {"workflow_class_name", "last_fired_at", "queue_name"}) {
    EXPECT_EQ(stored.at(empty), std::nullopt) << empty;
  }
}

TEST_P(Schedules, KeepAllThatTheyAreGiven) {
  const auto created = create({{"workflow_class_name", "C"},
                               {"context", {{"a", 1}}},
                               {"automatic_backfill", true},
                               {"cron_timezone", "Europe/Berlin"},
                               {"queue_name", "q"},
                               {"application_name", "other"},
                               {"language", "go"}});
  EXPECT_EQ(created, Json({{"schedule_id", created.at("schedule_id")},
                           {"schedule_name", "s"},
                           {"workflow_name", "w"},
                           {"workflow_class_name", "C"},
                           {"schedule", "0 0 12 * * *"},
                           {"status", "ACTIVE"},
                           {"context", {{"a", 1}}},
                           {"last_fired_at_ms", nullptr},
                           {"automatic_backfill", true},
                           {"cron_timezone", "Europe/Berlin"},
                           {"queue_name", "q"},
                           {"application_name", "other"}}));
  EXPECT_EQ(found(), created);
}

TEST_P(Schedules, HaveTheirContextInTheFormOfTheirOwnersLanguage) {
  const Json context{{"a", {1, "x", nullptr}}};
  create({{"schedule_name", "typescript"}, {"language", "typescript"}, {"context", context}});
  create({{"schedule_name", "go"}, {"language", "go"}, {"context", context}});
  create({{"schedule_name", "java"}, {"language", "java"}, {"context", context}});
  EXPECT_EQ(row("typescript").at("context"),
            R"({"json":{"a":[1,"x",null]},"__dbos_serializer":"superjson"})");
  EXPECT_EQ(row("typescript").at("workflow_class_name"), "");
  EXPECT_EQ(row("go").at("context"), R"({"a":[1,"x",null]})");
  EXPECT_EQ(row("java").at("context"),
            R"({"@class":"java.util.LinkedHashMap","a":["java.util.ArrayList",[1,"x",null]]})");
  for (const auto* name : {"typescript", "go", "java"}) {
    EXPECT_EQ(found(name).at("context"), context) << name;
  }
  create({{"schedule_name", "none"}, {"language", "typescript"}});
  EXPECT_EQ(found("none").at("context"), nullptr);
  EXPECT_EQ(row("none").at("context"),
            R"({"json":null,"meta":{"values":["undefined"]},"__dbos_serializer":"superjson"})");
  const auto raw = app_.call("create_schedule", schedule({{"schedule_name", "raw"},
                                                          {"payloads", "raw"},
                                                          {"context", {{"$raw", "gASIgS4="}}}}));
  EXPECT_EQ(row("raw").at("context"), "gASIgS4=");
}

TEST_P(Schedules, HaveTypesOfTheirOwnersLanguageInTheirContext) {
  const Json context{{"$type", "datetime"}, {"iso", "2024-02-29T12:34:56.789Z"}};
  for (const std::string language : {"typescript", "java"}) {
    create({{"schedule_name", language},
            {"language", language},
            {"payloads", "tagged"},
            {"context", context}});
    const auto shown =
        app_.call("get_schedule", {{"schedule_name", language}, {"payloads", "tagged"}});
    EXPECT_EQ(shown.at("schedule").at("context"), context);
  }
  EXPECT_EQ(row("java").at("context"), R"(["java.time.Instant","2024-02-29T12:34:56.789Z"])");
  EXPECT_THAT(*row("typescript").at("context"), HasSubstr(R"("values":["Date"])"));
  const Json bytes{{"$type", "bytes"}, {"base64", "AP8="}};
  create(
      {{"schedule_name", "b"}, {"language", "java"}, {"payloads", "tagged"}, {"context", bytes}});
  EXPECT_EQ(found("b").at("context"), "AP8=");
  create({{"schedule_name", "raw mode"}, {"language", "java"}, {"payloads", "raw"}});
  EXPECT_EQ(row("raw mode").at("context"), "null");
}

TEST_P(Schedules, ShowPythonsContextsAsTheyWereMeant) {
  const Json context{{"a", {1, "x", nullptr}}};
  EXPECT_EQ(create({{"language", "python"}, {"context", context}}).at("context"), context);
  EXPECT_EQ(found().at("context"), context);
  const Json moment{{"$type", "datetime"}, {"iso", "2024-02-29T12:34:56+01:00"}};
  const Json tagged{{"payloads", "tagged"}, {"schedule_name", "t"}, {"context", {moment}}};
  EXPECT_EQ(create(tagged).at("context"), Json({moment}));
  EXPECT_EQ(found("t").at("context"), Json({"2024-02-29T12:34:56+01:00"}));
}

TEST_P(Schedules, AreInTheLanguageOfTheirOwnersOtherRows) {
  EXPECT_EQ(app_.refused("create_schedule", schedule({{"language", nullptr}})).detail("path"),
            "language");
  worker().insert_workflow("theirs",
                           {{"application_name", "app"}, {"serialization", "js_superjson"}});
  worker().insert_workflow("portable",
                           {{"application_name", "app"}, {"serialization", "portable_json"}});
  create({{"schedule_name", "first"}, {"language", nullptr}});
  EXPECT_THAT(*row("first").at("context"), HasSubstr("superjson"));
  create({{"schedule_name", "of another"},
          {"application_name", "other"},
          {"language", "go"},
          {"context", {1}}});
  create({{"schedule_name", "second"},
          {"application_name", "other"},
          {"language", nullptr},
          {"context", {2}}});
  EXPECT_EQ(row("second").at("context"), "[2]");
  EXPECT_EQ(app_.refused("create_schedule", schedule({{"language", "rust"}})).kind,
            "unsupported_language");
}

TEST_P(Schedules, AreRefusedWhereTheirSchedulerCouldNotRunThem) {
  const auto refusal = [&](const std::string& language, const std::string& text) {
    const auto failure = refused({{"language", language}, {"schedule", text}});
    return failure.kind + " " + failure.detail("path");
  };
  EXPECT_EQ(refusal("python", "0 60 * * * *"), "invalid_cron schedule");
  EXPECT_EQ(refusal("python", "R * * * *"), "invalid_cron schedule");
  EXPECT_EQ(refusal("python", "0 0 31 2 *"), "invalid_cron schedule");
  EXPECT_EQ(refusal("python", "0 0 0 1 1 * 2020"), "invalid_cron schedule");
  EXPECT_EQ(refusal("typescript", "0 5/10 * * * *"), "invalid_cron schedule");
  EXPECT_EQ(refusal("go", "*/5 * * * *"), "invalid_cron schedule");
  EXPECT_EQ(refusal("java", "0 0 0 31W * *"), "invalid_cron schedule");
  const auto zone = [&](const std::string& language, const std::string& name) {
    const auto failure = refused({{"language", language}, {"cron_timezone", name}});
    return failure.kind + " " + failure.detail("path");
  };
  EXPECT_EQ(zone("python", "Mars/Phobos"), "invalid_timezone cron_timezone");
  EXPECT_EQ(zone("java", "EST"), "invalid_timezone cron_timezone");
  EXPECT_EQ(count("workflow_schedules"), 0);
}

TEST_P(Schedules, NeedAnOwner) {
  const auto failure = client().refused("create_schedule", schedule());
  EXPECT_EQ(failure.kind, "missing_key");
  EXPECT_EQ(failure.detail("path"), "application_name");
}

TEST_P(Schedules, HaveNamesThatAreUniqueInTheDatabase) {
  const auto id = create().at("schedule_id");
  const auto ours = refused({{"schedule", "0 0 13 * * *"}});
  EXPECT_EQ(ours.status, DBOSC_CONFLICT);
  EXPECT_EQ(ours.kind, "schedule_exists");
  EXPECT_EQ(ours.detail("schedule_id"), id);
  EXPECT_EQ(refused({{"application_name", "other"}}).kind, "name_owned_by_another_application");
  EXPECT_EQ(found().at("schedule"), "0 0 12 * * *");
}

TEST_P(Schedules, AreNullWhereThereIsNoneOfTheName) {
  EXPECT_EQ(found("missing"), nullptr);
  for (const auto* operation : {"pause_schedule", "resume_schedule", "delete_schedule"}) {
    EXPECT_EQ(outcome(operation, "missing"), "not_found");
  }
  EXPECT_EQ(app_.refused("update_schedule", {{"schedule_name", "missing"}}).kind,
            "schedule_not_found");
}

TEST_P(Schedules, AreListedByEveryFilter) {
  create({{"schedule_name", "b"}});
  create({{"schedule_name", "a%1"}, {"workflow_name", "v"}});
  create({{"schedule_name", "a2"}});
  create({{"schedule_name", "theirs"}, {"application_name", "other"}});
  outcome("pause_schedule", "b");
  EXPECT_THAT(names(), ElementsAre("a%1", "a2", "b"));
  EXPECT_THAT(names({{"status", "PAUSED"}}), ElementsAre("b"));
  EXPECT_THAT(names({{"status", {"PAUSED", "ACTIVE"}}}), ElementsAre("a%1", "a2", "b"));
  EXPECT_THAT(names({{"workflow_name", {"v"}}}), ElementsAre("a%1"));
  EXPECT_THAT(names({{"schedule_name_prefix", "a"}}), ElementsAre("a%1", "a2"));
  EXPECT_THAT(names({{"schedule_name_prefix", "a%"}}), ElementsAre("a%1"));
  EXPECT_THAT(names({{"schedule_name", {"b", "theirs"}}}), ElementsAre("b", "theirs"));
  EXPECT_THAT(names({{"application_name", "other"}}), ElementsAre("theirs"));
  EXPECT_THAT(names({{"workflow_name", "none"}}), IsEmpty());
}

TEST_P(Schedules, KeepWhatAnUpdateDoesNotNameAndClearWhatItNulls) {
  const auto before = create({{"context", {1}},
                              {"language", "go"},
                              {"queue_name", "q"},
                              {"automatic_backfill", true},
                              {"cron_timezone", "Europe/Berlin"}});
  auto after = app_.call("update_schedule", {{"schedule_name", "s"}, {"schedule", "@every 5s"}})
                   .at("schedule");
  auto expected = before;
  expected["schedule"] = "@every 5s";
  EXPECT_EQ(after, expected);
  after = app_.call("update_schedule", {{"schedule_name", "s"},
                                        {"context", nullptr},
                                        {"queue_name", nullptr},
                                        {"automatic_backfill", nullptr},
                                        {"language", "go"},
                                        {"cron_timezone", nullptr}})
              .at("schedule");
  expected.update({{"context", nullptr},
                   {"queue_name", nullptr},
                   {"automatic_backfill", false},
                   {"cron_timezone", "UTC"}});
  EXPECT_EQ(after, expected);
  EXPECT_EQ(found(), expected);
}

TEST_P(Schedules, KeepTheEmptyClassThatTypescriptWrites) {
  create({{"language", "typescript"}});
  app_.call("update_schedule", {{"schedule_name", "s"}, {"context", 1}});
  EXPECT_EQ(row().at("workflow_class_name"), "");
}

TEST_P(Schedules, ChangeOnAQueueWhateverTheirLanguage) {
  create({{"language", "java"}});
  const auto update = [](const Json& change) {
    Json request{{"schedule_name", "s"}};
    request.update(change);
    return request;
  };
  EXPECT_EQ(app_.refused("update_schedule", update({{"schedule", "@daily"}})).detail("path"),
            "language");
  app_.call("update_schedule", update({{"queue_name", "q"}}));
  EXPECT_EQ(row().at("queue_name"), "q");
}

TEST_P(Schedules, AreNotUpdatedToWhatTheirOwnerCannotRead) {
  create({{"context", {1}}, {"language", "go"}});
  const auto refusal = [&](const Json& change) {
    Json request{{"schedule_name", "s"}};
    request.update(change);
    return app_.refused("update_schedule", request).kind;
  };
  EXPECT_EQ(refusal({{"schedule", "*/5 * * * *"}}), "invalid_cron");
  EXPECT_EQ(refusal({{"cron_timezone", "nowhere"}}), "invalid_timezone");
  const auto other = open({{"application_name", "other"}});
  for (const auto* operation : {"update_schedule", "pause_schedule", "delete_schedule"}) {
    EXPECT_EQ(other.refused(operation, {{"schedule_name", "s"}}).kind,
              "name_owned_by_another_application");
  }
  EXPECT_EQ(found().at("schedule"), "0 0 12 * * *");
}

TEST_P(Schedules, ArePausedResumedAndDeleted) {
  create();
  EXPECT_EQ(outcome("pause_schedule"), "paused");
  EXPECT_EQ(row().at("status"), "PAUSED");
  EXPECT_EQ(outcome("pause_schedule"), "unchanged");
  EXPECT_EQ(outcome("resume_schedule"), "resumed");
  EXPECT_EQ(row().at("status"), "ACTIVE");
  EXPECT_EQ(outcome("delete_schedule"), "deleted");
  EXPECT_EQ(count("workflow_schedules"), 0);
}

TEST_P(Schedules, ShowWhenTheyFiredLastInEachSdksWriting) {
  create();
  for (const auto& [text, ms] : {std::pair("2024-01-01T00:00:00+00:00", 1704067200000),
                                 {"2024-01-01T00:00:00.000Z", 1704067200000},
                                 {"2024-01-01T01:00+01:00", 1704067200000},
                                 {"2024-01-01T00:00Z", 1704067200000}}) {
    sql().rows("UPDATE dbos.workflow_schedules SET last_fired_at = $1", {text});
    EXPECT_EQ(found().at("last_fired_at_ms"), ms) << text;
  }
}

TEST_P(Schedules, AreAppliedTogetherKeepingWhatTheirSchedulerKnows) {
  const auto id = create({{"schedule_name", "old"}}).at("schedule_id");
  outcome("pause_schedule", "old");
  sql().rows("UPDATE dbos.workflow_schedules SET last_fired_at = '2024-01-01T00:00:00Z'");
  auto old = schedule({{"schedule_name", "old"}, {"schedule", "0 0 13 * * *"}});
  auto fresh = schedule({{"schedule_name", "new"}});
  old.erase("language");
  fresh.erase("language");
  const Json request{{"schedules", {old, fresh}}, {"language", "python"}};
  EXPECT_EQ(app_.call("apply_schedules", request),
            Json({{"outcomes",
                   {{{"schedule_name", "old"}, {"outcome", "updated"}},
                    {{"schedule_name", "new"}, {"outcome", "created"}}}},
                  {"deleted", Json::array()}}));
  const auto kept = found("old");
  EXPECT_EQ(kept.at("schedule_id"), id);
  EXPECT_EQ(kept.at("status"), "PAUSED");
  EXPECT_EQ(kept.at("last_fired_at_ms"), 1704067200000);
  EXPECT_EQ(kept.at("schedule"), "0 0 13 * * *");
}

TEST_P(Schedules, AreAppliedAllOrNone) {
  create({{"schedule_name", "theirs"}, {"application_name", "other"}});
  const auto entry = [](const std::string& name, const std::string& cron) {
    return Json({{"schedule_name", name}, {"workflow_name", "w"}, {"schedule", cron}});
  };
  const auto refusal = [&](const Json& second) {
    return app_.refused(
        "apply_schedules",
        {{"language", "go"}, {"schedules", {entry("first", "0 0 12 * * *"), second}}});
  };
  EXPECT_EQ(refusal(entry("second", "0 60 * * * *")).detail("path"), "schedules[1].schedule");
  EXPECT_EQ(refusal(entry("theirs", "0 0 12 * * *")).kind, "name_owned_by_another_application");
  EXPECT_EQ(refusal(entry("first", "0 0 12 * * *")).kind, "repeated_value");
  EXPECT_EQ(count("workflow_schedules"), 1);
}

TEST_P(Schedules, AreDeletedByAnApplyOnlyWhereTheyAreItsOwnAndItIsAsked) {
  create({{"schedule_name", "kept"}});
  create({{"schedule_name", "gone"}});
  create({{"schedule_name", "theirs"}, {"application_name", "other"}});
  create({{"schedule_name", "unclaimed"}});
  sql().rows(
      "UPDATE dbos.workflow_schedules SET application_name = NULL WHERE schedule_name = "
      "'unclaimed'");
  Json kept = schedule({{"schedule_name", "kept"}});
  kept.erase("language");
  Json request{{"schedules", {kept}}, {"language", "python"}};
  EXPECT_EQ(app_.call("apply_schedules", request).at("deleted"), Json::array());
  request["delete_others"] = true;
  EXPECT_EQ(app_.call("apply_schedules", request).at("deleted"), Json({"gone"}));
  EXPECT_THAT(names({{"schedule_name_prefix", ""}, {"application_name", {"app", "other"}}}),
              ElementsAre("kept", "theirs", "unclaimed"));
}

TEST_P(Schedules, ThatNobodyOwnsAreClaimedByAnApply) {
  create();
  sql().rows("UPDATE dbos.workflow_schedules SET application_name = NULL");
  Json ours = schedule();
  ours.erase("language");
  app_.call("apply_schedules", {{"schedules", {ours}}, {"language", "python"}});
  EXPECT_EQ(row().at("application_name"), "app");
}

}  // namespace
}  // namespace dbosc::test
