#include "contract/contract.h"
#include "support/official.h"

// Exporting workflows as one document and making them anew from it.

namespace dbosc::test {
namespace {

/// A workflow with a value in every column that the level has, and something in every table.
void make_workflow(Database& database, const std::string& id, int level, Row more = {}) {
  Worker worker(database);
  Row columns{{"status", "ERROR"},
              {"name", "w"},
              {"authenticated_user", "u"},
              {"assumed_role", "r"},
              {"authenticated_roles", R"(["r", "s"])"},
              {"request", "{}"},
              {"executor_id", "e"},
              {"created_at", "1000"},
              {"updated_at", "2000"},
              {"application_version", "v"},
              {"application_id", "a"},
              {"class_name", "c"},
              {"config_name", "i"},
              {"recovery_attempts", "3"},
              {"workflow_timeout_ms", "4"},
              {"workflow_deadline_epoch_ms", "5"},
              {"started_at_epoch_ms", "6"},
              {"deduplication_id", "d of " + id},
              {"inputs", R"({"positionalArgs":[1.50,"ä\n😀"]})"},
              {"priority", "7"},
              {"queue_partition_key", "p"},
              {"forked_from", "f"},
              {"delay_until_epoch_ms", "8"},
              {"was_forked_from", "1"},
              {"rate_limited", "1"},
              {"completed_at", "9"},
              {"attributes", R"({"a": 1})"},
              {"schedule_name", "s"}};
  columns.merge(std::move(more));
  worker.insert_workflow(id, columns);
  const std::string error = R"({"name":"E","message":"m"})";
  if (level >= 109) {
    database.sql().insert("workflow_output",
                          {{"workflow_uuid", id}, {"output", "null"}, {"error", error}});
  } else {
    worker.update(id, {{"output", "null"}, {"error", error}});
  }
  worker.add_step(id, 0,
                  {{"function_name", "f"},
                   {"output", "gAROLg=="},
                   {"serialization", "py_pickle"},
                   {"started_at_epoch_ms", "1"},
                   {"completed_at_epoch_ms", "2"}});
  worker.add_step(id, 1, {{"function_name", "g"}, {"error", "x"}, {"child_workflow_id", "y"}});
  worker.set_event(id, "k", "1");
  auto& sql = database.sql();
  for (const std::string step : {"0", "1"}) {
    sql.insert("workflow_events_history",
               {{"workflow_uuid", id}, {"function_id", step}, {"key", "k"}, {"value", step}});
    sql.insert("streams", {{"workflow_uuid", id},
                           {"key", "s"},
                           {"value", "\"" + step + "\""},
                           {"offset", step},
                           {"function_id", "4"}});
    sql.insert("notifications", {{"message_uuid", "m" + step + id},
                                 {"destination_uuid", id},
                                 {"topic", "__null__topic__"},
                                 {"message", step},
                                 {"created_at_epoch_ms", step},
                                 {"consumed", step}});
  }
}

void make_workflow_of_newest_level(Database& database, const std::string& id, Row more = {}) {
  more.insert(
      {{"debounce_deadline_epoch_ms", "10"}, {"is_debounced", "1"}, {"application_name", "app"}});
  make_workflow(database, id, 125, more);
}

const std::vector<std::string> kTables{"workflow_status", "operation_outputs",
                                       "workflow_events", "workflow_events_history",
                                       "streams",         "notifications"};

DBOSC_CONTRACT(Transfers);

TEST_P(Transfers, RoundTripIntoAnotherDatabaseOfEitherKind) {
  make_workflow_of_newest_level(database(), "w");
  const auto document = client().call("export_workflow", {{"workflow_id", "w"}});
  for (const auto backend : {Backend::kPostgres, Backend::kSqlite}) {
    for (const std::string placement : {"status", "split", "both"}) {
      Database target(backend);
      const auto client = target.open({{"payload_columns", placement}});
      EXPECT_EQ(client.call("import_workflow", document), Json({{"workflow_ids", {"w"}}}));
      EXPECT_EQ(client.call("export_workflow", {{"workflow_id", "w"}}), document)
          << name_of(backend) << ' ' << placement;
      const auto row = target.sql().row("SELECT * FROM dbos.workflow_status");
      EXPECT_EQ(row.at("inputs").has_value(), placement != "split");
      EXPECT_EQ(row.at("error").has_value(), placement != "split");
      EXPECT_EQ(target.sql().value("SELECT count(*) FROM dbos.workflow_output"),
                placement == "status" ? "0" : "1");
    }
  }
}

TEST_P(Transfers, HaveTheKeysOfGosDocumentAndTextAsItIsStored) {
  make_workflow_of_newest_level(database(), "w");
  const auto workflows = client().call("export_workflow", {{"workflow_id", "w"}}).at("workflows");
  ASSERT_EQ(workflows.size(), 1u);
  const auto& workflow = workflows[0];
  EXPECT_EQ(workflow.size(), kTables.size());
  for (const auto& table : kTables) EXPECT_TRUE(workflow.contains(table)) << table;
  const auto& status = workflow.at("workflow_status");
  EXPECT_EQ(status.size(), 37u) << "Go's 36 and `request`";
  EXPECT_EQ(status.at("workflow_uuid"), "w");
  EXPECT_EQ(status.at("inputs"), R"({"positionalArgs":[1.50,"ä\n😀"]})");
  EXPECT_EQ(status.at("output"), "null");
  EXPECT_EQ(status.at("error"), R"({"name":"E","message":"m"})");
  EXPECT_EQ(status.at("created_at"), 1000);
  EXPECT_EQ(status.at("is_debounced"), true);
  EXPECT_EQ(status.at("attributes"), R"({"a": 1})");
  EXPECT_EQ(workflow.at("operation_outputs")[0], Json({{"workflow_uuid", "w"},
                                                       {"function_id", 0},
                                                       {"function_name", "f"},
                                                       {"output", "gAROLg=="},
                                                       {"error", nullptr},
                                                       {"child_workflow_id", nullptr},
                                                       {"started_at_epoch_ms", 1},
                                                       {"completed_at_epoch_ms", 2},
                                                       {"serialization", "py_pickle"},
                                                       {"application_name", nullptr}}));
  EXPECT_EQ(workflow.at("streams")[1], Json({{"workflow_uuid", "w"},
                                             {"key", "s"},
                                             {"value", "\"1\""},
                                             {"offset", 1},
                                             {"function_id", 4},
                                             {"serialization", nullptr}}));
  EXPECT_EQ(workflow.at("notifications")[1].at("consumed"), true);
  EXPECT_FALSE(client()
                   .call("export_workflow", {{"workflow_id", "w"}, {"export_messages", false}})
                   .at("workflows")[0]
                   .contains("notifications"));
}

TEST_P(Transfers, TakeWhatGoLeavesOutOrWritesAsNull) {
  const Json document{{"workflows",
                       {{{"workflow_status",
                          {{"workflow_uuid", "w"},
                           {"status", "SUCCESS"},
                           {"created_at", 1000},
                           {"updated_at", nullptr},
                           {"priority", nullptr},
                           {"was_forked_from", nullptr},
                           {"attributes", nullptr}}},
                         {"operation_outputs", nullptr},
                         {"workflow_events", {{{"key", "k"}, {"value", "1"}}}}}}}};
  client().call("import_workflow", document);
  const auto row = row_of("w");
  EXPECT_EQ(row.at("created_at"), "1000");
  EXPECT_TRUE(row.at("updated_at").has_value());
  EXPECT_EQ(row.at("priority"), "0");
  EXPECT_EQ(row.at("attributes"), std::nullopt);
  EXPECT_EQ(sql().value("SELECT workflow_uuid FROM dbos.workflow_events"), "w");
  EXPECT_EQ(workflow("w").at("was_forked_from"), false);
}

TEST_P(Transfers, TakeWhatAWorkflowStartedAlong) {
  make_workflow_of_newest_level(database(), "root");
  make_workflow_of_newest_level(database(), "child", {{"parent_workflow_id", "root"}});
  make_workflow_of_newest_level(database(), "grandchild", {{"parent_workflow_id", "child"}});
  make_workflow_of_newest_level(database(), "stranger");
  EXPECT_EQ(client().call("export_workflow", {{"workflow_id", "root"}}).at("workflows").size(), 1u);
  const auto document =
      client().call("export_workflow", {{"workflow_id", "root"}, {"export_children", true}});
  client().call("delete_workflows", {{"workflow_ids", {"root"}}, {"delete_children", true}});
  EXPECT_EQ(client().call("import_workflow", document),
            Json({{"workflow_ids", {"root", "child", "grandchild"}}}));
  EXPECT_EQ(client().call("export_workflow", {{"workflow_id", "root"}, {"export_children", true}}),
            document);
}

TEST_P(Transfers, TakeThePlaceOfWhatADeletedWorkflowLeft) {
  make_workflow_of_newest_level(database(), "w");
  const auto document = client().call("export_workflow", {{"workflow_id", "w"}});
  // As one who knows neither payload tables nor that steps lost their foreign key.
  for (const std::string table : {"workflow_events", "workflow_events_history", "streams",
                                  "notifications", "workflow_status"}) {
    sql().rows("DELETE FROM dbos." + table);
  }
  sql().rows("UPDATE dbos.workflow_output SET error = 'stale'");
  sql().rows("UPDATE dbos.operation_outputs SET output = 'stale'");
  client().call("import_workflow", document);
  EXPECT_EQ(client().call("export_workflow", {{"workflow_id", "w"}}), document);
}

TEST_P(Transfers, AreAllOrNone) {
  make_workflow_of_newest_level(database(), "a");
  make_workflow_of_newest_level(database(), "b");
  Json document{{"workflows", Json::array()}};
  for (const std::string id : {"a", "b"}) {
    document["workflows"].push_back(
        client().call("export_workflow", {{"workflow_id", id}}).at("workflows")[0]);
  }
  const auto left = [&] { return count("workflow_status") * 100 + count("streams"); };
  client().call("delete_workflows", {{"workflow_ids", {"a"}}});
  auto failure = client().refused("import_workflow", document);
  EXPECT_EQ(failure.status, DBOSC_CONFLICT);
  EXPECT_EQ(failure.kind, "workflow_id_in_use");
  EXPECT_EQ(failure.detail("workflow_id"), "b");
  EXPECT_EQ(left(), 102);

  client().call("delete_workflows", {{"workflow_ids", {"b"}}});
  enqueue({{"workflow_id", "holder"}, {"deduplication_id", "d of b"}});
  failure = client().refused("import_workflow", document);
  EXPECT_EQ(failure.kind, "queue_deduplicated");
  EXPECT_EQ(failure.detail("workflow_id"), "b");
  EXPECT_EQ(left(), 100);

  client().call("delete_workflows", {{"workflow_ids", {"holder"}}});
  auto repeated = document;
  repeated["workflows"][1]["streams"].push_back(document["workflows"][1]["streams"][0]);
  failure = client().refused("import_workflow", repeated);
  EXPECT_EQ(failure.status, DBOSC_CONFLICT);
  EXPECT_THAT(failure.message, ::testing::HasSubstr("'streams' of workflow 'b'"));
  EXPECT_EQ(left(), 0);
  client().call("import_workflow", document);
  EXPECT_EQ(left(), 204);
}

TEST_P(Transfers, RefuseAWrongDocumentWithThePathOfWhatIsWrong) {
  make_workflow_of_newest_level(database(), "w");
  const auto document = client().call("export_workflow", {{"workflow_id", "w"}});
  client().call("delete_workflows", {{"workflow_ids", {"w"}}});
  struct Wrong {
    const char* where;
    Json value;
    const char* kind;
    const char* path;
  };
  const Wrong wrongs[] = {
      {"/workflows", Json::array(), "missing_key", "workflows"},
      {"/workflows/0", 1, "wrong_type", "workflows[0]"},
      {"/workflows/0/workflow_status", "x", "wrong_type", "workflows[0].workflow_status"},
      {"/workflows/0/workflow_status/name", 1, "wrong_type", "workflows[0].workflow_status.name"},
      {"/workflows/0/workflow_status/created_at", "1", "wrong_type",
       "workflows[0].workflow_status.created_at"},
      {"/workflows/0/workflow_status/created_at", 1.5, "out_of_range",
       "workflows[0].workflow_status.created_at"},
      {"/workflows/0/workflow_status/rate_limited", 1, "wrong_type",
       "workflows[0].workflow_status.rate_limited"},
      {"/workflows/0/workflow_status/attributes", "{", "invalid_json",
       "workflows[0].workflow_status.attributes"},
      {"/workflows/0/workflow_status/workflow_uuid", nullptr, "missing_key",
       "workflows[0].workflow_status.workflow_uuid"},
      {"/workflows/0/workflow_status/colour", "red", "unknown_key",
       "workflows[0].workflow_status.colour"},
      {"/workflows/0/workflow_status/name", std::string("a\0b", 3), "nul_character",
       "workflows[0]"},
      {"/workflows/0/more", Json::array(), "unknown_key", "workflows[0].more"},
      {"/workflows/0/streams", "x", "wrong_type", "workflows[0].streams"},
      {"/workflows/0/streams/1/offset", "1", "wrong_type", "workflows[0].streams[1].offset"},
      {"/workflows/0/streams/1/offset", nullptr, "missing_key", "workflows[0].streams[1].offset"},
      {"/workflows/0/operation_outputs/1/workflow_uuid", "other", "conflicting_keys",
       "workflows[0].operation_outputs[1].workflow_uuid"},
      {"/workflows/0/notifications/0/destination_uuid", "other", "conflicting_keys",
       "workflows[0].notifications[0].destination_uuid"},
      {"/workflows/1", document.at("workflows")[0], "repeated_value", "workflows[1]"},
  };
  for (const auto& wrong : wrongs) {
    auto changed = document;
    changed[Json::json_pointer(wrong.where)] = wrong.value;
    const auto failure = client().refused("import_workflow", changed);
    EXPECT_EQ(failure.kind, wrong.kind) << wrong.where;
    EXPECT_EQ(failure.detail("path"), wrong.path) << wrong.where;
  }
  auto without = document;
  without["workflows"][0].erase("workflow_status");
  EXPECT_EQ(client().refused("import_workflow", without).detail("path"),
            "workflows[0].workflow_status");
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(Transfers, NeedAWorkflowThatIsThere) {
  const auto failure = client().refused("export_workflow", Json{{"workflow_id", "none"}});
  EXPECT_EQ(failure.status, DBOSC_NOT_FOUND);
  EXPECT_EQ(failure.kind, "non_existent_workflow");
  EXPECT_EQ(failure.detail("workflow_id"), "none");
}

TEST_P(Transfers, OfAnUnfinishedWorkflowGoOn) {
  const auto id = enqueue({{"args", {1}}});
  client().call("send", {{"destination_id", id}, {"message", "hello"}});
  const auto document = client().call("export_workflow", {{"workflow_id", id}});
  Database target(GetParam());
  const auto client = target.open();
  client.call("import_workflow", document);
  Worker(target).succeed(id, "2");
  EXPECT_EQ(client.call("get_result", {{"workflow_id", id}}).at("result"), 2);
  EXPECT_EQ(client.call("list_messages", {{"workflow_id", id}}).at("messages")[0].at("message"),
            "hello");
  EXPECT_EQ(client
                .refused("enqueue", enqueue_request({{"workflow_id", id},
                                                     {"workflow_id_reuse_policy", "reject"}}))
                .kind,
            "workflow_id_in_use");
}

class TransfersBetweenLevels : public ::testing::TestWithParam<OfficialSchema> {};
INSTANTIATE_TEST_SUITE_P(Contract, TransfersBetweenLevels, ::testing::ValuesIn(official_schemas()),
                         [](const auto& info) { return official_name(info.param); });

TEST_P(TransfersBetweenLevels, GoThereAndBack) {
  Database newest(GetParam().backend), old(GetParam());
  make_workflow(newest, "w", 125);
  const auto client = newest.open();
  const auto document = client.call("export_workflow", {{"workflow_id", "w"}});
  const auto old_client = old.open();
  old_client.call("import_workflow", document);
  const auto back = old_client.call("export_workflow", {{"workflow_id", "w"}});
  EXPECT_EQ(old_client.call("get_workflow", {{"workflow_id", "w"}})
                .at("workflow")
                .at("error")
                .at("message"),
            "m");
  client.call("delete_workflows", {{"workflow_ids", {"w"}}});
  client.call("import_workflow", back);
  EXPECT_EQ(client.call("export_workflow", {{"workflow_id", "w"}}), document);
}

TEST_P(TransfersBetweenLevels, RefuseWhatTheLevelHasNoPlaceFor) {
  Database newest(GetParam().backend), old(GetParam());
  const auto level = GetParam().level;
  make_workflow_of_newest_level(newest, "w");
  newest.sql().rows("UPDATE dbos.notifications SET consumed_by_function_id = 1");
  const auto document = newest.open().call("export_workflow", {{"workflow_id", "w"}});
  const auto answer = old.open().try_call("import_workflow", document);
  if (level >= 121) {
    EXPECT_TRUE(answer.ok()) << answer.failure.message;
    return;
  }
  EXPECT_EQ(answer.failure.status, DBOSC_UNSUPPORTED);
  EXPECT_EQ(answer.failure.kind, "schema_too_old");
  EXPECT_EQ(answer.failure.details.at("schema_version"), level);
  const std::string needed = level < 42 ? "42" : "121";
  EXPECT_EQ(answer.failure.details.at("needed_schema_version").dump(), needed);
  EXPECT_THAT(answer.failure.message,
              ::testing::HasSubstr("level " + needed + " (brought by " +
                                   (level < 42 ? "Python 2.27" : "Python 3.1")));
  EXPECT_EQ(answer.failure.detail("workflow_id"), "w");
  EXPECT_EQ(answer.failure.detail("column"), level < 42
                                                 ? "workflow_status.debounce_deadline_epoch_ms"
                                                 : "notifications.consumed_by_function_id");
  EXPECT_EQ(old.sql().value("SELECT count(*) FROM dbos.workflow_status"), "0");
}

}  // namespace
}  // namespace dbosc::test
