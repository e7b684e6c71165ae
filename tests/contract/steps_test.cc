#include "contract/contract.h"

// The recorded steps of a workflow.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Steps);

TEST_P(Steps, ShowEveryFieldInTheirOrder) {
  worker().insert_workflow("id");
  worker().add_step("id", 10, {{"function_name", "later"}, {"serialization", "portable_json"}});
  worker().add_step("id", 2,
                    {{"function_name", "fetch"},
                     {"output", R"({"a":1.10})"},
                     {"serialization", "portable_json"},
                     {"child_workflow_id", "child"},
                     {"started_at_epoch_ms", "5"},
                     {"completed_at_epoch_ms", "6"}});
  worker().add_step("other", 1, {{"function_name", "not ours"}});
  const auto reply = client().call("list_workflow_steps", {{"workflow_id", "id"}});
  const Json first{
      {"function_id", 2},       {"function_name", "fetch"}, {"child_workflow_id", "child"},
      {"started_at_ms", 5},     {"completed_at_ms", 6},     {"serialization", "portable_json"},
      {"output", {{"a", 1.1}}}, {"error", nullptr}};
  ASSERT_EQ(reply.at("steps").size(), 2u);
  EXPECT_EQ(reply.at("steps")[0], first);
  EXPECT_EQ(reply.at("steps")[1].at("function_id"), 10);
  EXPECT_EQ(reply.at("steps")[1].at("output"), nullptr);
}

TEST_P(Steps, ShowErrorsAndTakeGosEmptyOneForNone) {
  worker().add_step(
      "id", 0, {{"error", R"({"name":"E","message":"m"})"}, {"serialization", "portable_json"}});
  worker().add_step("id", 1, {{"error", ""}, {"output", "1"}, {"serialization", "portable_json"}});
  worker().add_step("id", 2, {{"output", "gASV"}});
  const auto steps = client().call("list_workflow_steps", {{"workflow_id", "id"}}).at("steps");
  EXPECT_EQ(steps[0].at("error").at("message"), "m");
  EXPECT_EQ(steps[1].at("error"), nullptr);
  EXPECT_EQ(steps[1].at("output"), 1);
  EXPECT_EQ(steps[2].at("output"), Json({{"$raw", "gASV"}, {"serialization", nullptr}}));
}

TEST_P(Steps, LeaveOutOutputsThatAreNotAskedFor) {
  worker().add_step("id", 1, {{"output", "1"}, {"serialization", "portable_json"}});
  const auto step =
      client()
          .call("list_workflow_steps", {{"workflow_id", "id"}, {"load_output", false}})
          .at("steps")[0];
  EXPECT_FALSE(step.contains("output"));
  EXPECT_FALSE(step.contains("error"));
}

TEST_P(Steps, TakeLimitAndOffset) {
  for (int i = 0; i < 5; ++i) worker().add_step("id", i, {});
  const auto ids = [&](Json request) {
    request["workflow_id"] = "id";
    std::vector<int> found;
    const auto reply = client().call("list_workflow_steps", request);
    for (const auto& step : reply.at("steps")) found.push_back(step.at("function_id"));
    return found;
  };
  EXPECT_EQ(ids({{"limit", 2}}), (std::vector<int>{0, 1}));
  EXPECT_EQ(ids({{"limit", 2}, {"offset", 2}}), (std::vector<int>{2, 3}));
  EXPECT_EQ(ids({{"offset", 4}}), (std::vector<int>{4}));
  EXPECT_EQ(client()
                .refused("list_workflow_steps", {{"workflow_id", "id"}, {"limit", -1}})
                .detail("path"),
            "limit");
}

TEST_P(Steps, AreNoneForAnUnknownWorkflow) {
  EXPECT_EQ(client().call("list_workflow_steps", {{"workflow_id", "none"}}),
            Json({{"steps", Json::array()}}));
}

}  // namespace
}  // namespace dbosc::test
