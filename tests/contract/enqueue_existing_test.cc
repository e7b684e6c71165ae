#include <thread>
#include <vector>

#include "contract/contract.h"

// An id or a deduplication id that is taken.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(EnqueueExisting);

TEST_P(EnqueueExisting, HandsBackTheSameFunctionsWorkflowWhateverItsStatus) {
  for (const std::string status : {"ENQUEUED", "DELAYED", "PENDING", "SUCCESS", "ERROR",
                                   "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "FUTURE"}) {
    SCOPED_TRACE(status);
    worker().insert_workflow("id " + status, {{"status", status}, {"updated_at", "5"}});
    EXPECT_EQ(
        client().call("enqueue", enqueue_request({{"workflow_id", "id " + status}, {"args", {1}}})),
        Json({{"workflow_id", "id " + status}, {"outcome", "existing"}}));
    const auto row = row_of("id " + status);
    EXPECT_EQ(row.at("status"), status);
    EXPECT_EQ(row.at("updated_at"), "5") << "an existing row stays as it is";
    EXPECT_EQ(row.at("inputs"), std::nullopt);
    EXPECT_EQ(row.at("creator_xid"), std::nullopt);
  }
}

TEST_P(EnqueueExisting, LeavesTheQueueOfTheExistingWorkflow) {
  worker().insert_workflow("id", {{"queue_name", "other"}});
  worker().insert_workflow("cancelled", {{"status", "CANCELLED"}, {"queue_name", std::nullopt}});
  EXPECT_EQ(client().call("enqueue", enqueue_request({{"workflow_id", "id"}})).at("outcome"),
            "existing");
  EXPECT_EQ(row_of("id").at("queue_name"), "other");
  EXPECT_EQ(client().call("enqueue", enqueue_request({{"workflow_id", "cancelled"}})).at("outcome"),
            "existing");
}

TEST_P(EnqueueExisting, RefusesAnIdOfAnotherFunction) {
  worker().insert_workflow("name", {{"name", "other"}});
  worker().insert_workflow("class", {{"class_name", "Other"}});
  worker().insert_workflow("instance", {{"config_name", "other"}});
  for (const std::string id : {"name", "class", "instance"}) {
    SCOPED_TRACE(id);
    const auto failure = client().refused("enqueue", enqueue_request({{"workflow_id", id}}));
    EXPECT_EQ(failure.status, DBOSC_CONFLICT);
    EXPECT_EQ(failure.kind, "conflicting_workflow");
    EXPECT_EQ(failure.detail("workflow_id"), id);
    EXPECT_THAT(failure.message, ::testing::HasSubstr(id == "name" ? "'other'" : "'w'"));
  }
}

TEST_P(EnqueueExisting, TakesAnEmptyClassAndNoneForTheSame) {
  worker().insert_workflow("id", {{"class_name", ""}, {"config_name", ""}});
  EXPECT_EQ(client().call("enqueue", enqueue_request({{"workflow_id", "id"}})).at("outcome"),
            "existing");
}

TEST_P(EnqueueExisting, RefusesATakenIdWhereTheCallerInsistsOnANewOne) {
  const Json request =
      enqueue_request({{"workflow_id", "id"}, {"workflow_id_reuse_policy", "reject"}});
  EXPECT_EQ(client().call("enqueue", request).at("outcome"), "created");
  const auto failure = client().refused("enqueue", request);
  EXPECT_EQ(failure.status, DBOSC_CONFLICT);
  EXPECT_EQ(failure.kind, "workflow_id_in_use");
  EXPECT_EQ(failure.detail("workflow_id"), "id");
  EXPECT_EQ(failure.detail("workflow_status"), "ENQUEUED");
  EXPECT_EQ(failure.detail("name"), "w");
  EXPECT_EQ(count("workflow_status"), 1);
}

TEST_P(EnqueueExisting, SaysInUseBeforeItSaysConflicting) {
  worker().insert_workflow("id", {{"name", "other"}});
  EXPECT_EQ(client()
                .refused("enqueue", enqueue_request({{"workflow_id", "id"},
                                                     {"workflow_id_reuse_policy", "reject"}}))
                .kind,
            "workflow_id_in_use");
}

TEST_P(EnqueueExisting, RefusesAHeldDeduplicationIdAndNamesTheHolder) {
  const auto holder = enqueue({{"deduplication_id", "d"}});
  const auto failure = client().refused("enqueue", enqueue_request({{"deduplication_id", "d"}}));
  EXPECT_EQ(failure.status, DBOSC_CONFLICT);
  EXPECT_EQ(failure.kind, "queue_deduplicated");
  EXPECT_EQ(failure.detail("workflow_id"), holder);
  EXPECT_EQ(failure.detail("queue_name"), "q");
  EXPECT_EQ(failure.detail("deduplication_id"), "d");
  EXPECT_EQ(count("workflow_status"), 1);
}

TEST_P(EnqueueExisting, KeepsADeduplicationIdPerQueueAndInAnyStatus) {
  const auto holder = enqueue({{"deduplication_id", "d"}});
  EXPECT_NO_THROW(enqueue({{"deduplication_id", "d"}, {"queue_name", "other"}}));
  worker().end(holder, "SUCCESS");
  EXPECT_EQ(client().refused("enqueue", enqueue_request({{"deduplication_id", "d"}})).kind,
            "queue_deduplicated")
      << "held while the column is set";
  worker().update(holder, {{"deduplication_id", std::nullopt}});
  EXPECT_NO_THROW(enqueue({{"deduplication_id", "d"}}));
}

TEST_P(EnqueueExisting, HandsBackTheHolderWhereAskedTo) {
  const auto holder = enqueue({{"deduplication_id", "d"}, {"args", {"first"}}});
  const Json request = enqueue_request({{"deduplication_id", "d"},
                                        {"duplication_policy", "return_existing"},
                                        {"workflow_name", "another"},
                                        {"args", {"second"}}});
  EXPECT_EQ(client().call("enqueue", request),
            Json({{"workflow_id", holder}, {"outcome", "existing"}}));
  EXPECT_EQ(workflow(holder).at("input").at("args"), Json({"first"}));
  worker().update(holder, {{"deduplication_id", std::nullopt}});
  EXPECT_EQ(client().call("enqueue", request).at("outcome"), "created");
}

TEST_P(EnqueueExisting, LetsTheSameIdWinOverTheDeduplicationId) {
  const Json request = enqueue_request({{"workflow_id", "id"}, {"deduplication_id", "d"}});
  EXPECT_EQ(client().call("enqueue", request).at("outcome"), "created");
  EXPECT_EQ(client().call("enqueue", request).at("outcome"), "existing");
  enqueue({{"workflow_id", "holder"}, {"deduplication_id", "held"}});
  EXPECT_EQ(
      client()
          .call("enqueue", enqueue_request({{"workflow_id", "id"}, {"deduplication_id", "held"}}))
          .at("workflow_id"),
      "id")
      << "the id is looked at before a deduplication id that somebody else holds";
}

TEST_P(EnqueueExisting, LeavesNothingOfARefusedEnqueueInAnyPlacement) {
  for (const std::string placement : {"status", "split", "both"}) {
    const auto client = open({{"payload_columns", placement}});
    client.call("enqueue", enqueue_request({{"deduplication_id", placement}}));
    const int inputs = count("workflow_input");
    EXPECT_EQ(client.refused("enqueue", enqueue_request({{"deduplication_id", placement}})).kind,
              "queue_deduplicated");
    EXPECT_EQ(count("workflow_input"), inputs);
  }
}

TEST_P(EnqueueExisting, CreatesOnceForManyThreads) {
  const auto client = open({{"pool_size", 4}});
  std::vector<Answer> answers(16);
  std::vector<std::thread> threads;
  for (auto& answer : answers) {
    threads.emplace_back([&] {
      answer = client.try_call("enqueue", enqueue_request({{"workflow_id", "one"}}));
    });
  }
  for (auto& thread : threads) thread.join();
  int created = 0;
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer.ok()) << answer.failure.details;
    created += answer.reply.at("outcome") == "created";
  }
  EXPECT_EQ(created, 1);
}

TEST_P(EnqueueExisting, GivesADeduplicationIdToOneOfManyThreads) {
  const auto client = open({{"pool_size", 4}});
  std::vector<Answer> answers(16);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const char* policy = i % 2 ? "return_existing" : "reject";
    threads.emplace_back([&, i, policy] {
      answers[i] = client.try_call(
          "enqueue", enqueue_request({{"deduplication_id", "d"}, {"duplication_policy", policy}}));
    });
  }
  for (auto& thread : threads) thread.join();
  const auto holder = sql().value("SELECT workflow_uuid FROM dbos.workflow_status");
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.ok() ? answer.reply.at("workflow_id").get<std::string>()
                          : answer.failure.detail("workflow_id"),
              holder);
    if (!answer.ok()) {
      EXPECT_EQ(answer.failure.kind, "queue_deduplicated");
    }
  }
}

}  // namespace
}  // namespace dbosc::test
