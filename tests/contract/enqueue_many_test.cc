#include "contract/contract.h"

// Many workflows at once, and a workflow with its first messages.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(EnqueueMany);

Json entry(const std::string& id, const Json& more = Json::object()) {
  Json entry{{"workflow_name", "w"}, {"queue_name", "q"}, {"workflow_id", id}};
  entry.update(more);
  return entry;
}

std::vector<std::string> words_of(const Json& reply) {
  std::vector<std::string> words;
  for (const auto& outcome : reply.at("outcomes")) words.push_back(outcome.at("outcome"));
  return words;
}

using ::testing::ElementsAre;

TEST_P(EnqueueMany, TellsAnOutcomeForEachEntry) {
  enqueue({{"workflow_id", "there"}});
  enqueue({{"workflow_id", "holder"}, {"deduplication_id", "d"}});
  enqueue({{"workflow_id", "other"}, {"workflow_name", "another function"}});
  const Json reuse{{"workflow_id_reuse_policy", "reject"}};
  const Json held{{"deduplication_id", "d"}};
  const Json attach{{"deduplication_id", "d"}, {"duplication_policy", "return_existing"}};
  for (const bool atomic : {true, false}) {
    const std::string made = atomic ? "made" : "made apart";
    const auto reply = client().call("enqueue_many",
                                     {{"atomic", atomic},
                                      {"workflows",
                                       {entry("there"), entry("there", reuse), entry("new 1", held),
                                        entry("new 2", attach), entry("other"), entry(made)}}});
    EXPECT_THAT(words_of(reply), ElementsAre("existing", "rejected", "deduplicated", "existing",
                                             "rejected", "created"));
    const auto& outcomes = reply.at("outcomes");
    EXPECT_EQ(outcomes[1].at("error").at("kind"), "workflow_id_in_use");
    EXPECT_EQ(outcomes[2].at("workflow_id"), "holder");
    EXPECT_EQ(outcomes[2].at("error").at("kind"), "queue_deduplicated");
    EXPECT_EQ(outcomes[3].at("workflow_id"), "holder");
    EXPECT_EQ(outcomes[4].at("error").at("kind"), "conflicting_workflow");
    EXPECT_EQ(outcomes[5],
              Json({{"outcome", "created"}, {"workflow_id", made}, {"error", nullptr}}));
  }
  EXPECT_EQ(count("workflow_status"), 5);
}

TEST_P(EnqueueMany, WritesTheRowsThatEnqueueWrites) {
  expect_what_enqueue_writes([](const Client& client, const Json& request) {
    client.call("enqueue_many", {{"workflows", {request}}});
  });
}

TEST_P(EnqueueMany, CountsTheFirstOfARepeatedIdOrKey) {
  const Json held{{"deduplication_id", "d"}};
  const auto client = open({{"payload_columns", "both"}});
  const auto reply = client.call(
      "enqueue_many",
      {{"workflows",
        {entry("a", {{"args", {1}}}), entry("a", {{"args", {2}}}),
         entry("a", {{"workflow_name", "another"}}), entry("b", held), entry("c", held)}}});
  EXPECT_THAT(words_of(reply),
              ElementsAre("created", "existing", "rejected", "created", "deduplicated"));
  EXPECT_EQ(reply.at("outcomes")[4].at("workflow_id"), "b");
  EXPECT_EQ(row_of("a").at("inputs"), R"({"positionalArgs":[1],"namedArgs":{}})");
  EXPECT_EQ(sql().value("SELECT inputs FROM dbos.workflow_input WHERE workflow_uuid = 'a'"),
            row_of("a").at("inputs"));
}

TEST_P(EnqueueMany, TakesThousandsAndNone) {
  Json workflows = Json::array();
  for (int i = 0; i < 1200; ++i) workflows.push_back({{"workflow_name", "w"}, {"queue_name", "q"}});
  for (const bool atomic : {true, false}) {
    const auto reply =
        client().call("enqueue_many", {{"atomic", atomic}, {"workflows", workflows}});
    EXPECT_EQ(reply.at("outcomes").size(), workflows.size());
  }
  EXPECT_EQ(count("workflow_status"), 2400);
  EXPECT_EQ(client().call("enqueue_many", {{"workflows", Json::array()}}).at("outcomes"),
            Json::array());
}

TEST_P(EnqueueMany, KeepsTheOrderOfEachPartition) {
  Json workflows = Json::array();
  for (int i = 0; i < 5; ++i) {
    for (const std::string key : {"x", "y"}) {
      workflows.push_back(entry(key + std::to_string(i), {{"queue_partition_key", key}}));
    }
  }
  client().call("enqueue_many", {{"workflows", workflows}});
  for (const std::string key : {"x", "y"}) {
    const auto rows = sql().rows(
        "SELECT workflow_uuid AS id, created_at FROM dbos.workflow_status"
        " WHERE queue_partition_key = $1 ORDER BY created_at",
        {key});
    ASSERT_EQ(rows.size(), 5u);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(rows[i].at("id"), key + std::to_string(i));
    EXPECT_NE(rows[0].at("created_at"), rows[1].at("created_at"));
  }
}

TEST_P(EnqueueMany, RefusesWrongInputWithItsPlaceBeforeAnythingIsWritten) {
  for (const bool atomic : {true, false}) {
    const auto late = client().refused(
        "enqueue_many",
        {{"atomic", atomic}, {"workflows", {entry("a"), entry("b", {{"priority", 0}})}}});
    EXPECT_EQ(late.kind, "invalid_priority");
    EXPECT_EQ(late.detail("path"), "workflows[1].priority");
  }
  const auto unknown =
      client().refused("enqueue_many", Json({{"workflows", {entry("a", {{"queue", "q"}})}}}));
  EXPECT_EQ(unknown.kind, "unknown_key");
  EXPECT_EQ(unknown.detail("path"), "workflows[0].queue");
  EXPECT_EQ(client().refused("enqueue_many", Json::object()).kind, "missing_key");
  EXPECT_EQ(count("workflow_status"), 0);
}

DBOSC_CONTRACT(EnqueueAndSend);

TEST_P(EnqueueAndSend, StartsAWorkflowWithItsFirstMessages) {
  const auto reply =
      client().call("enqueue_and_send",
                    entry("id", {{"args", {1}},
                                 {"messages",
                                  {{{"message", "first"}, {"topic", "t"}, {"idempotency_key", "k"}},
                                   {{"message", {2}}}}}}));
  EXPECT_EQ(reply.at("workflow_id"), "id");
  EXPECT_EQ(reply.at("outcome"), "created");
  EXPECT_EQ(reply.at("message_ids")[0], "k::id");
  const auto messages = client().call("list_messages", {{"workflow_id", "id"}}).at("messages");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(workflow("id").at("input").at("args"), Json({1}));
}

TEST_P(EnqueueAndSend, SendsToTheWorkflowThatIsThereAlready) {
  enqueue({{"workflow_id", "holder"}, {"deduplication_id", "d"}});
  const Json request = entry("id", {{"deduplication_id", "d"},
                                    {"duplication_policy", "return_existing"},
                                    {"messages", {{{"message", 1}, {"idempotency_key", "k"}}}}});
  for (int i = 0; i < 2; ++i) {
    const auto reply = client().call("enqueue_and_send", request);
    EXPECT_EQ(reply.at("workflow_id"), "holder");
    EXPECT_EQ(reply.at("outcome"), "existing");
    EXPECT_EQ(reply.at("message_ids"), Json({"k::holder"}));
  }
  EXPECT_EQ(count("notifications"), 1);
}

TEST_P(EnqueueAndSend, WritesNothingWhereTheWorkflowIsRefused) {
  enqueue({{"workflow_id", "holder"}, {"deduplication_id", "d"}});
  const Json messages{{{"message", 1}}};
  EXPECT_EQ(client()
                .refused("enqueue_and_send",
                         entry("id", {{"deduplication_id", "d"}, {"messages", messages}}))
                .kind,
            "queue_deduplicated");
  const Json repeated{{{"message", 1}, {"idempotency_key", "k"}},
                      {{"message", 2}, {"idempotency_key", "k"}}};
  EXPECT_EQ(client().refused("enqueue_and_send", entry("id", {{"messages", repeated}})).kind,
            "repeated_idempotency_key");
  EXPECT_EQ(client().refused("enqueue_and_send", entry("id")).kind, "missing_key");
  EXPECT_EQ(count("notifications"), 0);
  EXPECT_EQ(count("workflow_status"), 1);
}

}  // namespace
}  // namespace dbosc::test
