#include "contract/levels.h"

namespace dbosc::test {
namespace {

const Scenarios kEnqueue(
    "enqueue",
    {
        {.operation = "enqueue",
         .request = {{"workflow_name", "w"},
                     {"queue_name", "q"},
                     {"workflow_id", "id"},
                     {"args", {1}},
                     {"class_name", "c"},
                     {"config_name", "i"},
                     {"app_version", "v"},
                     {"workflow_timeout_ms", 7},
                     {"delay_ms", 60000},
                     {"deduplication_id", "d"},
                     {"priority", 3},
                     {"authenticated_user", "u"},
                     {"authenticated_roles", {"r"}},
                     {"attributes", {{"a", 1}}},
                     {"application_name", "app"}},
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply, Json({{"workflow_id", "id"}, {"outcome", "created"}}));
               const auto row = on.row_of("id");
               EXPECT_EQ(row.at("status"), "DELAYED");
               EXPECT_EQ(row.at("inputs"), R"({"positionalArgs":[1],"namedArgs":{}})");
               EXPECT_EQ(row.at("class_name"), "c");
               EXPECT_EQ(row.at("workflow_timeout_ms"), "7");
               EXPECT_EQ(row.at("deduplication_id"), "d");
               EXPECT_EQ(Json::parse(*row.at("attributes")), Json({{"a", 1}}));
               EXPECT_TRUE(row.at(on.has(123) ? "creator_xid" : "owner_xid").has_value());
               // Without ownership every workflow is everybody's, and the name is not kept.
               EXPECT_EQ(row.count("application_name"), on.has(100));
               if (on.has(100)) {
                 EXPECT_EQ(row.at("application_name"), "app");
               }
             }},
        {.operation = "enqueue",
         .request = {{"workflow_name", "w"},
                     {"queue_name", "q"},
                     {"queue_partition_key", "p"},
                     {"workflow_id", "id"},
                     {"workflow_id_reuse_policy", "reject"}},
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("outcome"), "created");
               EXPECT_EQ(on.column_of("id", "status"), "ENQUEUED");
               EXPECT_EQ(on.column_of("id", "queue_partition_key"), "p");
             }},
        {.operation = "enqueue",
         .request = {{"workflow_name", "w"},
                     {"queue_name", "q"},
                     {"deduplication_id", "d"},
                     {"duplication_policy", "return_existing"}},
         .arrange =
             [](Level& on) {
               on.worker().insert_workflow("id", {{"deduplication_id", "d"}});
             },
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply, Json({{"workflow_id", "id"}, {"outcome", "existing"}}));
               EXPECT_EQ(on.count("workflow_status"), 1);
             }},
        {.operation = "find_deduplicated_workflow",
         .request = {{"queue_name", "q"}, {"deduplication_id", "d"}},
         .arrange =
             [](Level& on) {
               on.worker().insert_workflow("id", {{"deduplication_id", "d"}});
             },
         .check = [](Level&, const Json& reply) { EXPECT_EQ(reply.at("workflow_id"), "id"); }},
        {.operation = "enqueue_many",
         .request = {{"workflows",
                      {{{"workflow_name", "w"}, {"queue_name", "q"}, {"workflow_id", "id"}},
                       {{"workflow_name", "w"}, {"queue_name", "q"}, {"workflow_id", "id"}}}}},
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("outcomes")[0].at("outcome"), "created");
               EXPECT_EQ(reply.at("outcomes")[1].at("outcome"), "existing");
               EXPECT_EQ(on.column_of("id", "inputs"), R"({"positionalArgs":[],"namedArgs":{}})");
               EXPECT_TRUE(
                   on.column_of("id", on.has(123) ? "creator_xid" : "owner_xid").has_value());
             }},
        {.operation = "enqueue_and_send",
         .request = {{"workflow_name", "w"},
                     {"queue_name", "q"},
                     {"workflow_id", "id"},
                     {"messages", {{{"message", 1}, {"idempotency_key", "k"}}}}},
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("message_ids"), Json({"k::id"}));
               EXPECT_EQ(on.column_of("id", "status"), "ENQUEUED");
               EXPECT_EQ(on.count("notifications"), 1);
             }},
        {.operation = "debounce",
         .request = {{"workflow_name", "w"},
                     {"debounce_key", "k"},
                     {"debounce_period_ms", 1000},
                     {"workflow_id", "id"}},
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply, Json({{"workflow_id", "id"}, {"outcome", "created"}}));
               const Json again{{"workflow_name", "w"},
                                {"debounce_key", "k"},
                                {"debounce_period_ms", 1000},
                                {"args", {2}}};
               EXPECT_EQ(on.client().call("debounce", again),
                         Json({{"workflow_id", "id"}, {"outcome", "extended"}}));
               EXPECT_EQ(on.column_of("id", "status"), "DELAYED");
               EXPECT_EQ(on.column_of("id", "deduplication_id"), "w-k");
               const auto shown = on.client().call("get_workflow", {{"workflow_id", "id"}});
               EXPECT_EQ(shown.at("workflow").at("input").at("args"), Json({2}));
             },
         .since = {42, "Python 2.27"}},
        {.operation = "prepare_enqueue",
         .request = {{"workflow_name", "w"}, {"queue_name", "q"}, {"workflow_id", "id"}},
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(on.count("workflow_status"), 0);
               run_prepared(on.sql(), reply);
               EXPECT_EQ(on.column_of("id", "inputs"), R"({"positionalArgs":[],"namedArgs":{}})");
             }},
        {.operation = "prepare_send",
         .request = {{"destination_id", "id"}, {"message", 1}, {"send_to_forks", true}},
         .arrange = [](Level& on) { on.worker().insert_workflow("id"); },
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(on.count("notifications"), 0);
               run_prepared(on.sql(), reply);
               EXPECT_EQ(on.count("notifications"), 1);
             }},
    });

}  // namespace
}  // namespace dbosc::test
