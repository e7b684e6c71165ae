#include <future>

#include "contract/contract.h"

// Cancelling and resuming.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Manage);

Json outcome(const std::string& id, const std::string& outcome) {
  return {{"workflow_id", id}, {"outcome", outcome}};
}

TEST_P(Manage, CancelsWhatIsNotOverAndSaysSoOfEach) {
  for (const std::string status :
       {"ENQUEUED", "DELAYED", "PENDING", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "FUTURE", "SUCCESS",
        "ERROR", "CANCELLED"}) {
    worker().insert_workflow(status, {{"status", status}, {"updated_at", "5"}});
  }
  const auto reply =
      client().call("cancel_workflows",
                    {{"workflow_ids",
                      {"ENQUEUED", "none", "DELAYED", "PENDING", "SUCCESS", "ERROR", "CANCELLED",
                       "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "FUTURE", "ENQUEUED"}}});
  EXPECT_EQ(reply.at("outcomes"),
            Json({outcome("ENQUEUED", "cancelled"), outcome("none", "not_found"),
                  outcome("DELAYED", "cancelled"), outcome("PENDING", "cancelled"),
                  outcome("SUCCESS", "unchanged"), outcome("ERROR", "unchanged"),
                  outcome("CANCELLED", "unchanged"),
                  outcome("MAX_RECOVERY_ATTEMPTS_EXCEEDED", "cancelled"),
                  outcome("FUTURE", "cancelled")}));
  for (const std::string untouched : {"SUCCESS", "ERROR", "CANCELLED"}) {
    EXPECT_EQ(row_of(untouched).at("status"), untouched);
    EXPECT_EQ(row_of(untouched).at("updated_at"), "5");
    EXPECT_EQ(row_of(untouched).at("queue_name"), "q");
  }
}

TEST_P(Manage, WritesTheColumnsOfACancelledWorkflow) {
  const auto id = enqueue({{"deduplication_id", "d"}, {"workflow_timeout_ms", 9}, {"priority", 2}});
  worker().update(id, {{"status", "PENDING"},
                       {"owner_xid", "x"},
                       {"started_at_epoch_ms", "1"},
                       {"executor_id", "e"},
                       {"updated_at", "1"}});
  auto expected = row_of(id);
  client().call("cancel_workflows", {{"workflow_ids", {id}}});
  auto row = row_of(id);
  EXPECT_GT(std::stoll(*row.at("updated_at")), 1700000000000);
  EXPECT_EQ(row.at("completed_at"), row.at("updated_at"));
  for (const std::string cleared :
       {"owner_xid", "queue_name", "deduplication_id", "started_at_epoch_ms"}) {
    expected[cleared] = std::nullopt;
  }
  expected["status"] = "CANCELLED";
  for (const std::string stamped : {"updated_at", "completed_at"}) expected[stamped] = row[stamped];
  EXPECT_EQ(row, expected);
}

TEST_P(Manage, CancelsChildrenOfChildrenWhereAskedTo) {
  worker().insert_workflow("root");
  worker().insert_workflow("child", {{"parent_workflow_id", "root"}});
  worker().insert_workflow("done", {{"parent_workflow_id", "root"}, {"status", "SUCCESS"}});
  worker().insert_workflow("grandchild", {{"parent_workflow_id", "done"}});
  worker().insert_workflow("stranger");
  client().call("cancel_workflows", {{"workflow_ids", {"root"}}});
  EXPECT_EQ(row_of("child").at("status"), "PENDING");
  const auto reply =
      client().call("cancel_workflows", {{"workflow_ids", {"root"}}, {"cancel_children", true}});
  EXPECT_THAT(reply.at("outcomes"),
              ::testing::UnorderedElementsAre(
                  outcome("root", "unchanged"), outcome("child", "cancelled"),
                  outcome("done", "unchanged"), outcome("grandchild", "cancelled")));
  EXPECT_EQ(row_of("stranger").at("status"), "PENDING");
}

TEST_P(Manage, EndsOnACycleOfParents) {
  worker().insert_workflow("a", {{"parent_workflow_id", "b"}});
  worker().insert_workflow("b", {{"parent_workflow_id", "a"}});
  EXPECT_EQ(client()
                .call("cancel_workflows", {{"workflow_ids", {"a"}}, {"cancel_children", true}})
                .at("outcomes"),
            Json({outcome("a", "cancelled"), outcome("b", "cancelled")}));
}

TEST_P(Manage, ResumesWhatIsNotOverAndSaysSoOfEach) {
  auto ids = Json::array(), outcomes = Json::array();
  const auto add = [&](const std::string& id, const std::string& word) {
    ids.push_back(id);
    outcomes.push_back(outcome(id, word));
  };
  for (const std::string status :
       {"CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "PENDING", "ENQUEUED", "DELAYED"}) {
    worker().insert_workflow(status, {{"status", status}});
    add(status, "resumed");
  }
  for (const std::string status : {"SUCCESS", "ERROR"}) {
    worker().insert_workflow(status, {{"status", status}});
    add(status, "unchanged");
  }
  add("none", "not_found");
  EXPECT_EQ(client().call("resume_workflows", {{"workflow_ids", ids}}).at("outcomes"), outcomes);
  for (const auto& each : outcomes) {
    if (each.at("outcome") != "resumed") continue;
    EXPECT_EQ(row_of(each.at("workflow_id")).at("status"), "ENQUEUED");
    EXPECT_EQ(row_of(each.at("workflow_id")).at("queue_name"), "_dbos_internal_queue");
  }
  EXPECT_EQ(row_of("SUCCESS").at("status"), "SUCCESS");
}

TEST_P(Manage, WritesTheColumnsOfAResumedWorkflow) {
  const auto id = enqueue({{"deduplication_id", "d"},
                           {"workflow_timeout_ms", 9},
                           {"priority", 2},
                           {"app_version", "v"}});
  worker().update(id, {{"status", "CANCELLED"},
                       {"recovery_attempts", "7"},
                       {"owner_xid", "x"},
                       {"workflow_deadline_epoch_ms", "1"},
                       {"started_at_epoch_ms", "1"},
                       {"completed_at", "1"},
                       {"updated_at", "1"},
                       {"queue_partition_key", "p"}});
  auto expected = row_of(id);
  client().call("resume_workflows", {{"workflow_ids", {id}}});
  auto row = row_of(id);
  EXPECT_GT(std::stoll(*row.at("updated_at")), 1700000000000);
  for (const std::string cleared : {"owner_xid", "workflow_deadline_epoch_ms", "deduplication_id",
                                    "started_at_epoch_ms", "completed_at"}) {
    expected[cleared] = std::nullopt;
  }
  expected["status"] = "ENQUEUED";
  expected["queue_name"] = "_dbos_internal_queue";
  expected["recovery_attempts"] = "0";
  expected["updated_at"] = row.at("updated_at");
  EXPECT_EQ(row, expected);
  client().call("resume_workflows", {{"workflow_ids", {id}}, {"queue_name", "given"}});
  EXPECT_EQ(row_of(id).at("queue_name"), "given");
}

TEST_P(Manage, ChangesWhatAFilterSelects) {
  for (const std::string id : {"a", "b", "c"}) {
    worker().insert_workflow(id, {{"created_at", "1"}, {"name", id == "c" ? "other" : "w"}});
  }
  EXPECT_EQ(client().call("cancel_workflows", {{"filter", {{"name", "w"}}}}).at("outcomes"),
            Json({outcome("a", "cancelled"), outcome("b", "cancelled")}));
  EXPECT_EQ(
      client().call("resume_workflows", {{"filter", {{"status", "CANCELLED"}}}}).at("outcomes"),
      Json({outcome("a", "resumed"), outcome("b", "resumed")}));
  EXPECT_EQ(client().call("cancel_workflows", {{"filter", {{"name", "none"}}}}).at("outcomes"),
            Json::array());
  EXPECT_EQ(row_of("c").at("status"), "PENDING");
}

TEST_P(Manage, KeepsAFilterInsideTheClientsApplication) {
  worker().insert_workflow("mine", {{"application_name", "mine"}});
  worker().insert_workflow("theirs", {{"application_name", "theirs"}});
  const auto own = open({{"application_name", "mine"}});
  EXPECT_EQ(own.call("cancel_workflows", {{"filter", {{"name", "w"}}}}).at("outcomes"),
            Json({outcome("mine", "cancelled")}));
  EXPECT_EQ(own.call("cancel_workflows", {{"workflow_ids", {"theirs"}}}).at("outcomes"),
            Json({outcome("theirs", "cancelled")}))
      << "ids need no application";
  worker().insert_workflow("theirs too", {{"application_name", "theirs"}});
  EXPECT_EQ(own.call("cancel_workflows",
                     {{"filter", {{"status", "PENDING"}, {"application_name", Json::array()}}}})
                .at("outcomes"),
            Json::array())
      << "nor does an empty list, which may be a mistake, reach what others own";
}

TEST_P(Manage, RefusesASelectionThatIsUnclear) {
  worker().insert_workflow("id");
  for (const std::string operation : {"cancel_workflows", "resume_workflows"}) {
    const auto kind = [&](const Json& request) {
      return client().refused(operation, request).kind;
    };
    EXPECT_EQ(kind(Json::object()), "missing_key");
    EXPECT_EQ(kind({{"workflow_ids", {"a"}}, {"filter", {{"name", "w"}}}}), "conflicting_keys");
    EXPECT_EQ(kind({{"filter", Json::object()}}), "missing_key");
    EXPECT_EQ(kind({{"filter", {{"name", Json::array()}}}}), "missing_key");
    EXPECT_EQ(kind({{"filter", {{"attributes", Json::object()}}}}), "missing_key");
    EXPECT_EQ(kind({{"filter", {{"nam", "w"}}}}), "unknown_key");
    EXPECT_EQ(client().refused(operation, {{"filter", {{"nam", "w"}}}}).detail("path"),
              "filter.nam");
    EXPECT_EQ(kind({{"workflow_ids", "a"}}), "wrong_type");
    EXPECT_EQ(kind({{"workflow_ids", {"a"}}, {"batch_size", 0}}), "out_of_range");
    EXPECT_EQ(client().refused(operation, {{"workflow_ids", {"a", 1}}}).detail("path"),
              "workflow_ids[1]");
    EXPECT_EQ(client().call(operation, {{"workflow_ids", Json::array()}}).at("outcomes"),
              Json::array());
  }
  EXPECT_EQ(row_of("id").at("status"), "PENDING");
}

TEST_P(Manage, OnlyTellsInADryRun) {
  worker().insert_workflow("a", {{"updated_at", "5"}});
  worker().insert_workflow("child", {{"parent_workflow_id", "a"}});
  EXPECT_EQ(client()
                .call("cancel_workflows",
                      {{"workflow_ids", {"a"}}, {"cancel_children", true}, {"dry_run", true}})
                .at("outcomes"),
            Json({outcome("a", "cancelled"), outcome("child", "cancelled")}));
  EXPECT_EQ(client()
                .call("resume_workflows", {{"workflow_ids", {"a"}}, {"dry_run", true}})
                .at("outcomes"),
            Json({outcome("a", "resumed")}));
  EXPECT_EQ(row_of("a").at("status"), "PENDING");
  EXPECT_EQ(row_of("a").at("updated_at"), "5");
}

TEST_P(Manage, WorksInBatches) {
  Json ids = Json::array();
  for (int i = 0; i < 7; ++i) {
    worker().insert_workflow(std::to_string(i));
    ids.push_back(std::to_string(i));
  }
  const auto reply = client().call("cancel_workflows", {{"workflow_ids", ids}, {"batch_size", 3}});
  ASSERT_EQ(reply.at("outcomes").size(), 7u);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(reply.at("outcomes")[i], outcome(std::to_string(i), "cancelled"));
  }
  EXPECT_EQ(
      sql().value("SELECT count(*) AS n FROM dbos.workflow_status WHERE status = 'CANCELLED'"),
      "7");
}

TEST_P(Manage, LetsCallersWithOverlappingIdsPass) {
  Json forward = Json::array(), backward = Json::array();
  for (int i = 0; i < 40; ++i) {
    worker().insert_workflow(std::to_string(i));
    forward.push_back(std::to_string(i));
    backward.push_back(std::to_string(39 - i));
  }
  const auto client = database().open();
  const auto call = [&client](const std::string& operation, const Json& ids) {
    return std::async(std::launch::async, [&, operation] {
      for (int i = 0; i < 10; ++i) client.call(operation, {{"workflow_ids", ids}});
    });
  };
  auto first = call("cancel_workflows", forward);
  auto second = call("resume_workflows", backward);
  EXPECT_NO_THROW(first.get());
  EXPECT_NO_THROW(second.get());
}

TEST_P(Manage, DoesNotCancelWhatEndsWhileItWaitsForTheRow) {
  worker().insert_workflow("ends");
  worker().insert_workflow("goes on");
  const auto other = database().another_sql();
  other->rows(postgres() ? "BEGIN" : "BEGIN IMMEDIATE");
  other->rows(
      "UPDATE dbos.workflow_status SET status = 'SUCCESS', updated_at = 7"
      " WHERE workflow_uuid = 'ends'");
  const auto client = database().open();
  auto reply = std::async(std::launch::async, [&] {
    return client.call("cancel_workflows", {{"workflow_ids", {"ends", "goes on", "nobody"}}});
  });
  if (postgres()) {
    ASSERT_TRUE(eventually([&] { return database().waiting_for_locks() == 1; }));
  }
  other->rows("COMMIT");
  EXPECT_EQ(reply.get().at("outcomes"),
            Json::parse(R"([{"workflow_id": "ends", "outcome": "unchanged"},
                            {"workflow_id": "goes on", "outcome": "cancelled"},
                            {"workflow_id": "nobody", "outcome": "not_found"}])"));
  EXPECT_EQ(workflow("ends").at("status"), "SUCCESS");
  EXPECT_EQ(workflow("ends").at("updated_at_ms"), 7);
  EXPECT_EQ(workflow("goes on").at("status"), "CANCELLED");
}

}  // namespace
}  // namespace dbosc::test
