#include "contract/contract.h"

// SQL for the transactions of other drivers; tests/interop runs it through those drivers.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Prepare);

TEST_P(Prepare, WritesTheRowThatEnqueueWrites) {
  expect_what_enqueue_writes([&](const Client& client, const Json& request) {
    const auto prepared = client.call("prepare_enqueue", request);
    EXPECT_EQ(prepared.at("workflow_id"), request.at("workflow_id"));
    run_prepared(sql(), prepared);
  });
}

TEST_P(Prepare, WritesNothingByItself) {
  client().call("prepare_enqueue", enqueue_request());
  enqueue({{"workflow_id", "there"}});
  client().call("prepare_send", {{"destination_id", "there"}, {"message", 1}});
  EXPECT_EQ(count("workflow_status"), 1);
  EXPECT_EQ(count("notifications"), 0);
}

TEST_P(Prepare, RaisesTheDatabasesOwnViolationUnlessToldNotTo) {
  enqueue({{"workflow_id", "there"}, {"deduplication_id", "d"}});
  const auto client = open({{"payload_columns", "both"}});
  for (const Json& taken : {Json{{"workflow_id", "there"}}, Json{{"deduplication_id", "d"}}}) {
    auto request = enqueue_request(taken);
    request["args"] = {"ours"};
    const auto colliding = client.call("prepare_enqueue", request);
    EXPECT_THROW(run_prepared(sql(), colliding), std::runtime_error);
    request["on_conflict"] = "nothing";
    EXPECT_NO_THROW(run_prepared(sql(), client.call("prepare_enqueue", request)));
  }
  EXPECT_EQ(count("workflow_status"), 1);
  EXPECT_EQ(count("workflow_input"), 0) << "no input of ours beside a row that is not";
}

TEST_P(Prepare, MarksParametersInEveryStyle) {
  Database odd(GetParam(), Database::Content::kSystemDatabase, "odd 100% \"$1\" ?");
  const auto client = odd.open();
  const std::string percent = postgres() ? "100%" : "";
  for (const auto& [style, mark, schema] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"numbered", "$20", percent},
           {"question", "?", percent},
           {"format", "%s", percent.empty() ? "" : "100%%"},
           {"named", ":p20", percent}}) {
    const auto statement =
        client.call("prepare_enqueue", enqueue_request({{"params_style", style}}))
            .at("statements")[0];
    EXPECT_THAT(statement.at("sql").get<std::string>(), ::testing::HasSubstr(mark));
    EXPECT_THAT(statement.at("sql").get<std::string>(), ::testing::HasSubstr(schema));
    EXPECT_EQ(statement.at("params").is_object(), style == "named");
    if (style == "named") {
      EXPECT_EQ(statement.at("params").at("p3"), "w");
    }
  }
  run_prepared(odd.sql(), client.call("prepare_enqueue", enqueue_request()));
  EXPECT_EQ(client.call("count_workflows").at("count"), 1);
}

TEST_P(Prepare, SendsAMessageAndToForksToo) {
  worker().insert_workflow("a");
  worker().insert_workflow("b", {{"forked_from", "a"}});
  worker().insert_workflow("c", {{"forked_from", "b"}});
  const Json message{{"destination_id", "a"}, {"message", {1}}, {"topic", "t"}};
  run_prepared(sql(), client().call("prepare_send", message));
  auto to_forks = message;
  to_forks.update({{"send_to_forks", true}, {"idempotency_key", "k"}});
  const auto prepared = client().call("prepare_send", to_forks);
  EXPECT_EQ(prepared.at("message_id"), "k::a");
  run_prepared(sql(), prepared);
  EXPECT_EQ(count("notifications"), 4);
  for (const std::string id : {"a", "b", "c"}) {
    const auto row =
        sql().row("SELECT * FROM dbos.notifications WHERE message_uuid = $1", {"k::" + id});
    EXPECT_EQ(row.at("destination_uuid"), id);
    EXPECT_EQ(row.at("message"), "[1]");
    EXPECT_EQ(row.at("topic"), "t");
    EXPECT_EQ(row.at("serialization"), "portable_json");
    EXPECT_TRUE(row.at("created_at_epoch_ms").has_value());
  }
  EXPECT_THROW(run_prepared(sql(), prepared), std::runtime_error);
  to_forks["on_conflict"] = "nothing";
  EXPECT_NO_THROW(run_prepared(sql(), client().call("prepare_send", to_forks)));
  EXPECT_EQ(count("notifications"), 4);
  EXPECT_THROW(run_prepared(sql(), client().call("prepare_send",
                                                 {{"destination_id", "nobody"}, {"message", 1}})),
               std::runtime_error);
}

// Python's sqlite3 begins a transaction before such statements only, and counts their rows only.
TEST_P(Prepare, SaysInsertFirst) {
  const auto client = open({{"payload_columns", postgres() ? "status" : "both"}});
  const auto enqueue = client.call("prepare_enqueue", enqueue_request({{"args", {1}}}));
  const auto send = client.call("prepare_send", {{"destination_id", "a"}, {"message", 1}});
  for (const auto& prepared : {enqueue, send}) {
    for (const auto& statement : prepared.at("statements")) {
      EXPECT_THAT(statement.at("sql").get<std::string>(), ::testing::StartsWith("INSERT INTO "));
    }
  }
}

TEST_P(Prepare, RefusesWhatOnlyACallCanAnswer) {
  const auto policy = client().refused(
      "prepare_enqueue",
      enqueue_request({{"deduplication_id", "d"}, {"duplication_policy", "return_existing"}}));
  EXPECT_EQ(policy.kind, "unsupported_option");
  const auto both = client().refused(
      "prepare_enqueue",
      enqueue_request({{"workflow_id_reuse_policy", "reject"}, {"on_conflict", "nothing"}}));
  EXPECT_EQ(both.kind, "conflicting_keys");
  EXPECT_EQ(client().refused("prepare_enqueue", enqueue_request({{"priority", 0}})).kind,
            "invalid_priority");
}

}  // namespace
}  // namespace dbosc::test
