#include "contract/levels.h"

namespace dbosc::test {
namespace {

void three_workflows(Level& on) {
  on.worker().insert_workflow("a", {{"status", "ENQUEUED"}, {"created_at", "1"}});
  on.worker().insert_workflow("b", {{"created_at", "2"}, {"schedule_name", "s"}});
  on.worker().insert_workflow("c", {{"created_at", "3"}, {"attributes", R"({"a": 1})"}});
  on.worker().succeed("c", "[3]", on.place());
}

Json ids(const Json& workflows) {
  auto found = Json::array();
  for (const auto& workflow : workflows) found.push_back(workflow.at("workflow_id"));
  return found;
}

/// A check that the reply lists exactly these.
auto lists(Json expected) {
  return [expected = std::move(expected)](Level&, const Json& reply) {
    EXPECT_EQ(ids(reply.at("workflows")), expected);
  };
}

void two_applications(Level& on) {
  Row other;
  if (on.has(100)) other["application_name"] = "other";
  on.worker().insert_workflow("a", {{"created_at", "1"}});
  other["created_at"] = "2";
  on.worker().insert_workflow("b", other);
}

const Scenarios kLook(
    "look",
    {
        {.operation = "get_workflow",
         .request = {{"workflow_id", "c"}},
         .arrange = three_workflows,
         .check =
             [](Level& on, const Json& reply) {
               const auto& workflow = reply.at("workflow");
               EXPECT_EQ(workflow.at("status"), "SUCCESS");
               EXPECT_EQ(workflow.at("output"), Json({3}));
               EXPECT_EQ(workflow.at("attributes"), Json({{"a", 1}}));
               EXPECT_EQ(workflow.at("application_name"), nullptr);
               EXPECT_EQ(workflow.at("is_debounced").is_null(), !on.has(42));
             }},
        {.operation = "list_workflows",
         .arrange = three_workflows,
         .check = lists({"a", "b", "c"})},
        {.operation = "list_workflows",
         .request = {{"schedule_name", "s"}},
         .arrange = three_workflows,
         .check = lists({"b"})},
        {.operation = "list_workflows",
         .request = {{"completed_after", 1}, {"was_forked_from", false}, {"is_fork", false}},
         .arrange = three_workflows,
         .check = lists({"c"})},
        {.operation = "list_workflows",
         .request = {{"attributes", {{"a", 1}}}},
         .arrange = three_workflows,
         .check = lists({"c"}),
         .refused =
             [](const Level& on) {
               return std::string(on.postgres() ? "" : "unsupported_filter");
             }},
        {.operation = "list_workflows",
         .request = {{"is_debounced", false}},
         .arrange = three_workflows,
         .check = lists({"a", "b", "c"}),
         .since = {42, "Python 2.27"}},
        // Before there were owners, every row is everybody's.
        {.operation = "list_workflows",
         .request = {{"application_name", "app"}},
         .arrange = two_applications,
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(ids(reply.at("workflows")), on.has(100) ? Json({"a"}) : Json({"a", "b"}));
             }},
        {.operation = "list_queued_workflows",
         .arrange = three_workflows,
         .check = lists({"a", "b"})},
        {.operation = "list_queued_workflows",
         .request = {{"is_debounced", true}},
         .arrange = three_workflows,
         .check = lists(Json::array()),
         .since = {42, "Python 2.27"}},
        {.operation = "count_workflows",
         .request = {{"status", {"SUCCESS", "ENQUEUED"}}},
         .arrange = three_workflows,
         .check = [](Level&, const Json& reply) { EXPECT_EQ(reply.at("count"), 2); }},
        {.operation = "count_workflows",
         .request = {{"is_debounced", true}},
         .arrange = three_workflows,
         .check = [](Level&, const Json& reply) { EXPECT_EQ(reply.at("count"), 0); },
         .since = {42, "Python 2.27"}},
        {.operation = "list_workflow_steps",
         .request = {{"workflow_id", "a"}},
         .arrange =
             [](Level& on) {
               three_workflows(on);
               on.worker().add_step(
                   "a", 1,
                   {{"function_name", "f"}, {"output", "7"}, {"serialization", "portable_json"}});
             },
         .check =
             [](Level&, const Json& reply) {
               ASSERT_EQ(reply.at("steps").size(), 1u);
               EXPECT_EQ(reply.at("steps")[0].at("function_name"), "f");
               EXPECT_EQ(reply.at("steps")[0].at("output"), 7);
             }},
        {.operation = "get_workflow_aggregates",
         .request = {{"group_by", {"status"}}},
         .arrange = three_workflows,
         .check = [](Level&, const Json& reply) { EXPECT_EQ(reply.at("rows").size(), 3u); }},
        {.operation = "get_workflow_aggregates",
         .request = {{"group_by", {"application_name"}}},
         .arrange = two_applications,
         .check =
             [](Level&, const Json& reply) {
               EXPECT_EQ(reply.at("rows")[0].at("application_name"), nullptr);
             },
         .since = {100, "Python 2.30"}},
        {.operation = "get_step_aggregates",
         .request = {{"group_by", {"function_name"}}},
         .arrange =
             [](Level& on) {
               on.worker().insert_workflow("id");
               on.worker().add_step("id", 1, {{"function_name", "f"}});
             },
         .check =
             [](Level&, const Json& reply) {
               EXPECT_EQ(reply.at("rows"), Json({{{"function_name", "f"}, {"count", 1}}}));
             }},
        {.operation = "export_workflow",
         .request = {{"workflow_id", "c"}},
         .arrange = three_workflows,
         .check =
             [](Level&, const Json& reply) {
               const auto& row = reply.at("workflows")[0].at("workflow_status");
               EXPECT_EQ(row.at("status"), "SUCCESS");
               EXPECT_EQ(row.at("output"), "[3]");
             }},
    });

}  // namespace
}  // namespace dbosc::test
