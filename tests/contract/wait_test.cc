#include <thread>

#include "contract/contract.h"

// Waiting for one of several workflows, or for all.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Waiting);

TEST_P(Waiting, ForTheFirstTakesOneThatIsOverAlreadyHoweverItEnded) {
  for (const std::string status :
       {"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}) {
    worker().insert_workflow("open " + status);
    worker().insert_workflow("over " + status, {{"status", status}});
    EXPECT_EQ(client().call("wait_first", {{"workflow_ids", {"open " + status, "over " + status}}}),
              Json({{"workflow_id", "over " + status}}));
  }
}

TEST_P(Waiting, ForTheFirstEndsWithTheFirst) {
  for (const std::string id : {"a", "b", "c"}) worker().insert_workflow(id);
  client();
  Json answer;
  std::thread thread([&] {
    answer = client().call("wait_first", {{"workflow_ids", {"a", "none", "b", "c"}}});
  });
  worker().fail("b", "null");
  thread.join();
  EXPECT_EQ(answer, Json({{"workflow_id", "b"}}));
}

TEST_P(Waiting, ForAllEndsWithTheLast) {
  for (const std::string id : {"a", "b", "c"}) worker().insert_workflow(id);
  worker().succeed("c", "1");
  client();
  const Json ids{"b", "a", "c", "b"};
  Json answer;
  std::thread thread([&] { answer = client().call("wait_all", {{"workflow_ids", ids}}); });
  worker().succeed("a", "1");
  EXPECT_EQ(client().refused("wait_all", Json{{"workflow_ids", ids}, {"timeout_ms", 0}}).kind,
            "timeout");
  worker().end("b", "CANCELLED");
  thread.join();
  EXPECT_EQ(answer, Json({{"workflow_ids", ids}}));
}

TEST_P(Waiting, RunsOutAtItsTimeout) {
  worker().insert_workflow("a");
  for (const std::string operation : {"wait_first", "wait_all"}) {
    const auto failure =
        client().refused(operation, Json{{"workflow_ids", {"a"}}, {"timeout_ms", 20}});
    EXPECT_EQ(failure.status, DBOSC_TIMEOUT) << operation;
  }
}

TEST_P(Waiting, ForTheFirstOfNoneOrOfOneTwiceIsRefused) {
  EXPECT_EQ(client().refused("wait_first", Json{{"workflow_ids", Json::array()}}).kind,
            "missing_key");
  EXPECT_EQ(client().refused("wait_first", Json::object()).kind, "missing_key");
  EXPECT_EQ(client().refused("wait_first", Json{{"workflow_ids", {"a", "a"}}}).kind,
            "repeated_value");
}

TEST_P(Waiting, ForAllOfNoneIsOverAtOnce) {
  EXPECT_EQ(client().call("wait_all", {{"workflow_ids", Json::array()}}),
            Json({{"workflow_ids", Json::array()}}));
}

TEST_P(Waiting, IsEndedByACancel) {
  worker().insert_workflow("a");
  client();
  for (const std::string operation : {"wait_first", "wait_all"}) {
    const CancelPtr cancel(dbosc_cancel_new());
    Answer answer;
    std::thread thread([&] {
      answer = client().try_call(operation, Json{{"workflow_ids", {"a"}}}, cancel.get());
    });
    dbosc_cancel_trigger(cancel.get());
    thread.join();
    EXPECT_EQ(answer.failure.status, DBOSC_CANCELLED) << operation;
  }
}

}  // namespace
}  // namespace dbosc::test
