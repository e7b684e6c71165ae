#include <algorithm>

#include "contract/levels.h"

namespace dbosc::test {
namespace {

/// A workflow of this status on queue q, with a row in every table that can hold one.
auto workflow(std::string status) {
  return [status = std::move(status)](Level& on) {
    on.worker().insert_workflow("id",
                                {{"status", status}, {"inputs", "{}"}, {"deduplication_id", "d"}});
    on.worker().add_step("id", 1, {{"function_name", "f"}});
    on.worker().set_event("id", "k", "1");
    on.client().call("send", {{"destination_id", "id"}, {"message", 1}});
    if (on.place() == Place::kOld) return;
    for (const std::string table : {"workflow_input", "workflow_output"}) {
      on.sql().insert(table, {{"workflow_uuid", "id"}});
    }
  };
}

/// A check that the workflow's outcome is this and its columns are those.
auto leaves(std::string outcome, Row columns) {
  return
      [outcome = std::move(outcome), columns = std::move(columns)](Level& on, const Json& reply) {
        EXPECT_EQ(
            reply.contains("outcome") ? reply.at("outcome") : reply.at("outcomes")[0].at("outcome"),
            outcome);
        const auto row = on.row_of("id");
        for (const auto& [name, value] : columns) EXPECT_EQ(row.at(name), value) << name;
      };
}

const Scenarios kManage(
    "manage",
    {
        {.operation = "cancel_workflows",
         .request = {{"workflow_ids", {"id"}}, {"cancel_children", true}},
         .arrange = workflow("PENDING"),
         .check =
             [](Level& on, const Json& reply) {
               leaves("cancelled", {{"status", "CANCELLED"},
                                    {"queue_name", std::nullopt},
                                    {"deduplication_id", std::nullopt}})(on, reply);
               EXPECT_TRUE(on.column_of("id", "completed_at").has_value());
             }},
        {.operation = "resume_workflows",
         .request = {{"workflow_ids", {"id"}}, {"queue_name", "other"}},
         .arrange = workflow("CANCELLED"),
         .check = leaves("resumed", {{"status", "ENQUEUED"},
                                     {"queue_name", "other"},
                                     {"completed_at", std::nullopt}})},
        {.operation = "delete_workflows",
         .request = {{"workflow_ids", {"id"}}, {"delete_children", true}},
         .arrange = workflow("SUCCESS"),
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("outcomes")[0].at("outcome"), "deleted");
               const auto everything = on.contents();
               const auto rows = std::count_if(everything.begin(), everything.end(),
                                               [](const auto& table) { return !table.empty(); });
               EXPECT_EQ(rows, 1) << "what is left is the level";
             }},
        {.operation = "delete_workflows",
         .request = {{"filter", {{"is_debounced", false}}}, {"dry_run", true}},
         .arrange = workflow("SUCCESS"),
         .check = leaves("deleted", {}),
         .since = {42, "Python 2.27"}},
        {.operation = "move_workflows",
         .request = {{"workflow_ids", {"id"}},
                     {"queue_name", "other"},
                     {"queue_partition_key", "p"}},
         .arrange =
             [](Level& on) {
               on.worker().insert_workflow("id", {{"status", "ENQUEUED"}});
             },
         .check = leaves("moved", {{"queue_name", "other"}, {"queue_partition_key", "p"}})},
        {.operation = "set_workflow_delay",
         .request = {{"workflow_id", "id"}, {"delay_until", 4102444800000}},
         .arrange = workflow("DELAYED"),
         .check = leaves("updated", {{"delay_until_epoch_ms", "4102444800000"}})},
        {.operation = "set_workflow_priority",
         .request = {{"workflow_id", "id"}, {"priority", 5}},
         .arrange = workflow("ENQUEUED"),
         .check = leaves("updated", {{"priority", "5"}})},
        {.operation = "update_workflow_attributes",
         .request = {{"workflow_id", "id"}, {"attributes", {{"b", 2}}}, {"merge", true}},
         .arrange =
             [](Level& on) {
               on.worker().insert_workflow("id", {{"attributes", R"({"a": 1})"}});
             },
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("outcome"), "updated");
               EXPECT_EQ(Json::parse(*on.column_of("id", "attributes")),
                         Json({{"a", 1}, {"b", 2}}));
             }},
        {.operation = "delete_finished_workflows",
         .request = {{"completed_before", 4102444800000}},
         .arrange =
             [](Level& on) {
               on.worker().insert_workflow("id");
               on.worker().succeed("id", "1", on.place());
               on.worker().insert_workflow("running");
             },
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply, Json({{"deleted", 1}}));
               EXPECT_EQ(on.column_of("running", "status"), "PENDING");
               EXPECT_EQ(on.count("workflow_status"), 1);
             }},
        {.operation = "import_workflow",
         .request = {{"workflows",
                      {{{"workflow_status",
                         {{"workflow_uuid", "id"}, {"status", "ENQUEUED"}, {"name", "w"}}}}}}},
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("workflow_ids"), Json({"id"}));
               EXPECT_EQ(on.column_of("id", "status"), "ENQUEUED");
             }},
    });

}  // namespace
}  // namespace dbosc::test
