#include "contract/contract.h"
#include "support/clock.h"
#include "support/submitted.h"

// Waits that are submitted: driven by the watcher, they answer as the blocking ones do.

namespace dbosc::test {
namespace {

class Submitted : public Contract {
 protected:
  void TearDown() override { client().free(); }
  void submit(const std::string& operation, const Json& request) {
    calls_.submit(client(), operation, request);
  }
  Json next() { return calls_.next(); }
  Json answer() { return next().at("reply"); }
  bool none_yet() { return calls_.none_yet(); }
  /// One after which the watcher has looked at all that was submitted before.
  void let_the_watcher_look() {
    worker().insert_workflow("mark", {{"status", "SUCCESS"}});
    submit("wait_first", {{"workflow_ids", {"mark"}}});
    EXPECT_EQ(answer(), Json({{"workflow_id", "mark"}}));
  }

 private:
  SubmittedCalls calls_;
};
INSTANTIATE_TEST_SUITE_P(Contract, Submitted,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

TEST_P(Submitted, ResultsComeHoweverTheWorkflowEnds) {
  for (const std::string id : {"a", "b", "c"}) worker().insert_workflow(id);
  submit("get_result", {{"workflow_id", "a"}});
  let_the_watcher_look();
  EXPECT_TRUE(none_yet());
  worker().succeed("a", "[0.10]");
  EXPECT_EQ(answer().at("result"), Json({0.10}));
  submit("get_result", {{"workflow_id", "b"}});
  worker().fail("b", R"({"name": "E", "message": "m"})");
  EXPECT_EQ(next().at("status"), DBOSC_WORKFLOW_FAILED);
  worker().end("c", "CANCELLED");
  submit("get_result", {{"workflow_id", "c"}});
  EXPECT_EQ(next().at("error").at("kind"), "awaited_workflow_cancelled");
}

TEST_P(Submitted, EventsComeWhetherTheyWereThereOrAreSetLater) {
  worker().insert_workflow("a");
  worker().set_event("a", "early", "1");
  submit("get_event", {{"workflow_id", "a"}, {"key", "early"}});
  EXPECT_EQ(answer(), Json({{"found", true}, {"value", 1}}));
  submit("get_event", {{"workflow_id", "a"}, {"key", "late"}});
  let_the_watcher_look();
  EXPECT_TRUE(none_yet());
  worker().set_event("a", "late", "2");
  EXPECT_EQ(answer(), Json({{"found", true}, {"value", 2}}));
  submit("get_event", {{"workflow_id", "a"}, {"key", "never"}, {"timeout_ms", 5}});
  EXPECT_EQ(answer().at("found"), false);
}

TEST_P(Submitted, WaitsWithoutTimeAreGivenALook) {
  worker().insert_workflow("a");
  const Json look = {{"workflow_id", "a"}, {"key", "none"}, {"timeout_ms", 0}};
  for (int i = 0; i < 20; ++i) {
    submit("get_event", look);
    EXPECT_EQ(answer().value("found", true), false);
    submit("read_stream", look);
    EXPECT_EQ(answer().value("values", Json("none")), Json::array());
  }
}

TEST_P(Submitted, StreamsAreReadAsTheyGrowAndEnd) {
  worker().insert_workflow("a");
  const auto write = [&](int offset, const std::string& value) {
    sql().insert("streams", {{"workflow_uuid", "a"},
                             {"key", "k"},
                             {"value", value},
                             {"offset", std::to_string(offset)},
                             {"serialization", "portable_json"}});
  };
  submit("read_stream", {{"workflow_id", "a"}, {"key", "k"}});
  let_the_watcher_look();
  EXPECT_TRUE(none_yet());
  write(0, "1");
  EXPECT_EQ(answer(), Json({{"values", {1}}, {"next_offset", 1}, {"closed", false}}));
  submit("read_stream", {{"workflow_id", "a"}, {"key", "k"}, {"offset", 1}});
  worker().end("a", "SUCCESS");
  EXPECT_EQ(answer(), Json({{"values", Json::array()}, {"next_offset", 1}, {"closed", true}}));
  submit("read_stream", {{"workflow_id", "nobody"}, {"key", "k"}});
  EXPECT_EQ(next().at("error").at("kind"), "non_existent_workflow");
}

TEST_P(Submitted, AStreamEndsWhenItsWorkflowIsDeleted) {
  worker().insert_workflow("a");
  submit("read_stream", {{"workflow_id", "a"}, {"key", "k"}});
  let_the_watcher_look();
  client().call("delete_workflows", {{"workflow_ids", {"a"}}});
  EXPECT_EQ(next().at("error").at("kind"), "non_existent_workflow");
}

TEST_P(Submitted, OfSeveralWorkflowsTheFirstOrAllAreAwaited) {
  for (const std::string id : {"a", "b", "c"}) worker().insert_workflow(id);
  submit("wait_first", {{"workflow_ids", {"a", "b", "c"}}});
  let_the_watcher_look();
  worker().succeed("b", "1");
  EXPECT_EQ(answer(), Json({{"workflow_id", "b"}}));
  const Json ids{"b", "a", "c", "b"};
  submit("wait_all", {{"workflow_ids", ids}});
  worker().end("c", "CANCELLED");
  EXPECT_TRUE(none_yet());
  worker().succeed("a", "1");
  EXPECT_EQ(answer(), Json({{"workflow_ids", ids}}));
}

TEST_P(Submitted, WaitsBeyondAThousandAreAllAnswered) {
  constexpr int kWaits = 2500;
  for (int i = 0; i < kWaits; ++i) {
    submit("get_result", {{"workflow_id", "w" + std::to_string(i)}});
  }
  let_the_watcher_look();
  // Some with a stamp, some without, and one in the future of a worker's clock.
  for (int i = 0; i < 60; ++i) {
    Row columns{{"status", "SUCCESS"}, {"output", "1"}};
    if (i % 3 == 0) columns["completed_at"] = std::to_string(now_ms());
    if (i == 1) columns["completed_at"] = std::to_string(now_ms() + 3600000);
    worker().insert_workflow("w" + std::to_string(i * 40), columns);
  }
  for (int i = 0; i < 60; ++i) EXPECT_EQ(answer().at("result"), 1);
}

}  // namespace
}  // namespace dbosc::test
