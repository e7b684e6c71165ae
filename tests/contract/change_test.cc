#include "contract/contract.h"

// Deleting, moving and adjusting workflows.

namespace dbosc::test {
namespace {

using ::testing::UnorderedElementsAre;

DBOSC_CONTRACT(Changing);

TEST_P(Changing, DeletesAWorkflowWithAllThatBelongsToIt) {
  for (const std::string id : {"gone", "kept"}) {
    worker().insert_workflow(id, {{"status", "SUCCESS"}});
    sql().insert("workflow_input", {{"workflow_uuid", id}, {"inputs", "{}"}});
    sql().insert("workflow_output", {{"workflow_uuid", id}, {"output", "1"}});
    worker().add_step(id, 1, {{"function_name", "f"}});
    worker().set_event(id, "e", "1");
    client().call("send", {{"destination_id", id}, {"message", 1}});
    sql().insert("streams", {{"workflow_uuid", id}, {"key", "s"}, {"value", "1"}, {"offset", "0"}});
  }
  EXPECT_EQ(client().call("delete_workflows", {{"workflow_ids", {"gone", "none"}}}).at("outcomes"),
            Json({{{"workflow_id", "gone"}, {"outcome", "deleted"}},
                  {{"workflow_id", "none"}, {"outcome", "not_found"}}}));
  for (const std::string table :
       {"workflow_status", "workflow_input", "workflow_output", "operation_outputs",
        "workflow_events", "notifications", "streams"}) {
    EXPECT_EQ(count(table), 1) << table;
  }
}

TEST_P(Changing, DeletesWhateverTheStatus) {
  worker().insert_workflow("w", {{"status", "PENDING"}});
  const auto outcomes = client().call("delete_workflows", {{"workflow_ids", {"w"}}}).at("outcomes");
  EXPECT_EQ(outcomes[0].at("outcome"), "deleted");
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(Changing, DeletesDescendantsOnlyWhenAsked) {
  const auto family = [&] {
    worker().insert_workflow("root");
    worker().insert_workflow("child", {{"parent_workflow_id", "root"}});
    worker().insert_workflow("grandchild", {{"parent_workflow_id", "child"}});
  };
  family();
  client().call("delete_workflows", {{"workflow_ids", {"root"}}});
  EXPECT_EQ(count("workflow_status"), 2);
  client().call("delete_workflows", {{"workflow_ids", {"child", "grandchild"}}});
  family();
  const auto outcomes =
      client()
          .call("delete_workflows", {{"workflow_ids", {"root"}}, {"delete_children", true}})
          .at("outcomes");
  EXPECT_EQ(outcomes.size(), 3u);
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(Changing, ByFilterTouchesOnlyWhatMatches) {
  worker().insert_workflow("a", {{"name", "x"}});
  worker().insert_workflow("b", {{"name", "y"}});
  const Json request{{"filter", {{"name", "x"}}}, {"dry_run", true}};
  const Json outcomes{{{"workflow_id", "a"}, {"outcome", "deleted"}}};
  EXPECT_EQ(client().call("delete_workflows", request).at("outcomes"), outcomes);
  EXPECT_EQ(count("workflow_status"), 2) << "a dry run changes nothing";
  EXPECT_EQ(client().call("delete_workflows", {{"filter", {{"name", "x"}}}}).at("outcomes"),
            outcomes);
  EXPECT_EQ(*sql().value("SELECT workflow_uuid FROM dbos.workflow_status"), "b");
}

TEST_P(Changing, ByAnEmptyFilterIsRefused) {
  worker().insert_workflow("a");
  for (const Json& filter :
       {Json::object(), Json{{"attributes", Json::object()}}, Json{{"status", Json::array()}}}) {
    EXPECT_EQ(client().refused("delete_workflows", Json{{"filter", filter}}).kind, "missing_key");
  }
  EXPECT_EQ(client().refused("delete_workflows", Json::object()).kind, "missing_key");
  EXPECT_EQ(count("workflow_status"), 1);
}

TEST_P(Changing, MovesOnlyWhatWaits) {
  worker().insert_workflow("waits", {{"status", "ENQUEUED"}});
  worker().insert_workflow("delayed", {{"status", "DELAYED"}, {"queue_partition_key", "p"}});
  worker().insert_workflow("runs");
  const auto outcomes = client()
                            .call("move_workflows", {{"workflow_ids", {"waits", "delayed", "runs"}},
                                                     {"queue_name", "q2"}})
                            .at("outcomes");
  EXPECT_THAT(outcomes,
              UnorderedElementsAre(Json{{"workflow_id", "waits"}, {"outcome", "moved"}},
                                   Json{{"workflow_id", "delayed"}, {"outcome", "moved"}},
                                   Json{{"workflow_id", "runs"}, {"outcome", "unchanged"}}));
  EXPECT_EQ(row_of("waits").at("queue_name"), "q2");
  EXPECT_EQ(row_of("delayed").at("queue_partition_key"), std::nullopt);
  EXPECT_EQ(row_of("runs").at("queue_name"), "q");
}

TEST_P(Changing, DoesNotMoveOntoAHeldDeduplicationId) {
  enqueue({{"workflow_id", "a"}, {"deduplication_id", "d"}});
  enqueue({{"workflow_id", "b"}, {"queue_name", "q2"}, {"deduplication_id", "d"}});
  const auto failure =
      client().refused("move_workflows", Json{{"workflow_ids", {"a"}}, {"queue_name", "q2"}});
  EXPECT_EQ(failure.status, DBOSC_CONFLICT);
  EXPECT_EQ(failure.kind, "queue_deduplicated");
  EXPECT_EQ(row_of("a").at("queue_name"), "q");
}

TEST_P(Changing, SetsTheDelayOfADelayedWorkflowOnly) {
  enqueue({{"workflow_id", "delayed"}, {"delay_ms", 1000}});
  enqueue({{"workflow_id", "enqueued"}});
  const auto set = [&](const std::string& id, const Json& when) {
    Json request{{"workflow_id", id}};
    request.update(when);
    return client().call("set_workflow_delay", request).at("outcome");
  };
  EXPECT_EQ(set("delayed", {{"delay_until", "2030-01-01T00:00:00Z"}}), "updated");
  EXPECT_EQ(row_of("delayed").at("delay_until_epoch_ms"), "1893456000000");
  EXPECT_EQ(set("delayed", {{"delay_ms", 0}}), "updated");
  EXPECT_EQ(set("enqueued", {{"delay_ms", 0}}), "unchanged");
  EXPECT_EQ(set("none", {{"delay_ms", 0}}), "not_found");
  EXPECT_EQ(client().refused("set_workflow_delay", Json{{"workflow_id", "delayed"}}).kind,
            "missing_key");
  EXPECT_EQ(client()
                .refused("set_workflow_delay",
                         Json{{"workflow_id", "delayed"}, {"delay_ms", 1}, {"delay_until", 1}})
                .kind,
            "conflicting_keys");
}

TEST_P(Changing, SetsThePriorityOfAWaitingWorkflowOnly) {
  enqueue({{"workflow_id", "waits"}});
  enqueue({{"workflow_id", "delayed"}, {"delay_ms", 60000}});
  worker().insert_workflow("runs");
  const auto set = [&](const std::string& id) {
    return client()
        .call("set_workflow_priority", {{"workflow_id", id}, {"priority", 7}})
        .at("outcome");
  };
  for (const std::string id : {"waits", "delayed"}) {
    EXPECT_EQ(set(id), "updated");
    EXPECT_EQ(row_of(id).at("priority"), "7");
  }
  EXPECT_EQ(set("runs"), "unchanged");
  EXPECT_EQ(set("none"), "not_found");
  EXPECT_EQ(client()
                .refused("set_workflow_priority",
                         Json{{"workflow_id", "waits"}, {"priority", 2147483648}})
                .kind,
            "out_of_range");
}

TEST_P(Changing, ReplacesMergesAndClearsAttributes) {
  enqueue({{"workflow_id", "w"}, {"attributes", {{"old", 1}}}});
  const auto update = [&](const Json& attributes, bool merge) {
    return client()
        .call("update_workflow_attributes",
              {{"workflow_id", "w"}, {"attributes", attributes}, {"merge", merge}})
        .at("outcome");
  };
  EXPECT_EQ(update({{"a", 1}, {"b", {{"x", 1}}}}, false), "updated");
  EXPECT_EQ(workflow("w").at("attributes"), Json({{"a", 1}, {"b", {{"x", 1}}}}));
  EXPECT_EQ(update({{"b", {{"y", 2}}}, {"c", nullptr}}, true), "updated");
  EXPECT_EQ(workflow("w").at("attributes"), Json({{"a", 1}, {"b", {{"y", 2}}}, {"c", nullptr}}));
  EXPECT_EQ(update(nullptr, false), "updated");
  EXPECT_EQ(workflow("w").at("attributes"), nullptr);
  EXPECT_EQ(row_of("w").at("attributes"), std::nullopt);
  EXPECT_EQ(update({{"d", 1}}, true), "updated");
  EXPECT_EQ(workflow("w").at("attributes"), Json({{"d", 1}}));
}

TEST_P(Changing, RefusesAttributesThatCannotBe) {
  const auto kind = [&](const Json& more) {
    Json request{{"workflow_id", "w"}};
    request.update(more);
    return client().refused("update_workflow_attributes", request).kind;
  };
  EXPECT_EQ(kind({{"attributes", {1}}}), "wrong_type");
  EXPECT_EQ(kind({{"attributes", nullptr}, {"merge", true}}), "wrong_type");
  EXPECT_EQ(kind(Json::object()), "missing_key");
  EXPECT_EQ(kind({{"attributes", {{"a", std::string("\0", 1)}}}}), "nul_character");
  EXPECT_EQ(client()
                .call("update_workflow_attributes",
                      {{"workflow_id", "none"}, {"attributes", Json::object()}})
                .at("outcome"),
            "not_found");
}

}  // namespace
}  // namespace dbosc::test
