#include "contract/levels.h"

namespace dbosc::test {
namespace {

void two_results(Level& on) {
  for (const std::string id : {"a", "b"}) {
    on.worker().insert_workflow(id);
    on.worker().succeed(id, "[1]", on.place());
  }
}

const Scenarios kWait(
    "wait",
    {
        {.operation = "get_result",
         .request = {{"workflow_id", "a"}},
         .arrange = two_results,
         .check = [](Level&, const Json& reply) { EXPECT_EQ(reply.at("result"), Json({1})); }},
        {.operation = "get_result",
         .request = {{"workflow_id", "a"}},
         .arrange =
             [](Level& on) {
               on.worker().insert_workflow("a");
               on.worker().fail("a", R"({"name":"E","message":"m"})", on.place());
             },
         .refused = [](const Level&) { return std::string("workflow_failed"); }},
        {.operation = "wait_first",
         .request = {{"workflow_ids", {"a", "c"}}},
         .arrange =
             [](Level& on) {
               two_results(on);
               on.worker().insert_workflow("c");
             },
         .check = [](Level&, const Json& reply) { EXPECT_EQ(reply.at("workflow_id"), "a"); }},
        {.operation = "wait_all",
         .request = {{"workflow_ids", {"b", "a"}}},
         .arrange = two_results,
         .check =
             [](Level&, const Json& reply) {
               EXPECT_EQ(reply.at("workflow_ids"), Json({"b", "a"}));
             }},
        {.operation = "get_event",
         .request = {{"workflow_id", "a"}, {"key", "k"}},
         .arrange =
             [](Level& on) {
               on.worker().insert_workflow("a");
               on.worker().set_event("a", "k", "1");
             },
         .check =
             [](Level&, const Json& reply) {
               EXPECT_EQ(reply, Json({{"found", true}, {"value", 1}}));
             }},
        {.operation = "read_stream",
         .request = {{"workflow_id", "a"}, {"key", "s"}},
         .arrange =
             [](Level& on) {
               on.worker().insert_workflow("a");
               on.sql().insert("streams", {{"workflow_uuid", "a"},
                                           {"key", "s"},
                                           {"value", "5"},
                                           {"offset", "0"},
                                           {"serialization", "portable_json"}});
             },
         .check = [](Level&, const Json& reply) { EXPECT_EQ(reply.at("values"), Json({5})); }},
    });

}  // namespace
}  // namespace dbosc::test
