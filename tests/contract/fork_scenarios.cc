#include "contract/levels.h"

namespace dbosc::test {
namespace {

/// A failed workflow of two steps, with an event, a stream and a message of its second.
void source(Level& on) {
  Row columns{{"status", "PENDING"}, {"inputs", "{}"}, {"attributes", R"({"a": 1})"}};
  if (on.has(100)) columns["application_name"] = "theirs";
  on.worker().insert_workflow("source", columns);
  on.worker().add_step("source", 1, {{"function_name", "f"}, {"output", "1"}});
  on.worker().add_step("source", 2, {{"function_name", "g"}, {"error", "boom"}});
  on.worker().set_event("source", "k", "2");
  for (const std::string step : {"1", "2"}) {
    on.sql().insert(
        "workflow_events_history",
        {{"workflow_uuid", "source"}, {"function_id", step}, {"key", "k"}, {"value", step}});
    on.sql().insert("streams", {{"workflow_uuid", "source"},
                                {"key", "s"},
                                {"value", step},
                                {"offset", step},
                                {"function_id", step}});
  }
  on.client().call("send", {{"destination_id", "source"}, {"message", 1}});
  on.worker().fail("source", "{}", on.place());
}

void expect_fork(Level& on, const std::string& id) {
  const auto row = on.row_of(id);
  EXPECT_EQ(row.at("status"), "ENQUEUED");
  EXPECT_EQ(row.at("forked_from"), "source");
  EXPECT_EQ(row.at("inputs"), "{}");
  EXPECT_EQ(Json::parse(*row.at("attributes")), Json({{"a", 1}}));
  EXPECT_TRUE(row.at(on.has(123) ? "creator_xid" : "owner_xid").has_value());
  EXPECT_EQ(on.column_of("source", "was_forked_from"), "true");
  const auto value = [&](const std::string& select) {
    return on.sql().value(select + " WHERE workflow_uuid = $1", {id});
  };
  EXPECT_EQ(value("SELECT function_name FROM dbos.operation_outputs"), "f");
  EXPECT_EQ(value("SELECT value FROM dbos.workflow_events"), "1");
  EXPECT_EQ(value("SELECT value FROM dbos.streams"), "1");
  if (on.has(100)) {
    EXPECT_EQ(row.at("application_name"), "theirs");
  }
}

const Scenarios kForks(
    "forks",
    {
        {.operation = "fork_workflow",
         .request = {{"workflow_id", "source"}, {"start_step", 2}, {"new_workflow_id", "fork"}},
         .arrange = source,
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply, Json({{"workflow_id", "fork"}, {"start_step", 2}}));
               expect_fork(on, "fork");
             }},
        {.operation = "fork_workflows",
         .request = {{"forks",
                      {{{"workflow_id", "source"}, {"start_step", "last_failure"}},
                       {{"workflow_id", "source"}, {"start_step", "g"}}}}},
         .arrange = source,
         .check =
             [](Level& on, const Json& reply) {
               ASSERT_EQ(reply.at("forks").size(), 2u);
               for (const auto& fork : reply.at("forks")) expect_fork(on, fork.at("workflow_id"));
             }},
        {.operation = "fork_workflows",
         .request = {{"filter", {{"workflow_ids", "source"}}}, {"start_step", "last_failure"}},
         .arrange = source,
         .check =
             [](Level& on, const Json& reply) {
               ASSERT_EQ(reply.at("forks").size(), 1u);
               expect_fork(on, reply.at("forks")[0].at("workflow_id"));
             }},
        {.operation = "rewind_workflow",
         .request = {{"workflow_id", "source"}, {"start_step", 2}},
         .arrange = source,
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply, Json({{"workflow_id", "source"}, {"start_step", 2}}));
               EXPECT_EQ(on.column_of("source", "status"), "ENQUEUED");
               EXPECT_EQ(on.count("operation_outputs"), 1);
               EXPECT_EQ(on.count("notifications"), 0);
               EXPECT_EQ(on.count("workflow_output"), 0);
               EXPECT_EQ(on.sql().value("SELECT value FROM dbos.workflow_events"), "1");
             },
         .since = {121, "Python 3.1"}},
    });

}  // namespace
}  // namespace dbosc::test
