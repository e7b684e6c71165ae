#include "contract/levels.h"

namespace dbosc::test {
namespace {

void one_workflow(Level& on) { on.worker().insert_workflow("id"); }

void workflow_with_fork(Level& on) {
  one_workflow(on);
  on.worker().insert_workflow("fork", {{"forked_from", "id"}});
}

/// The first row of the reply's list `key`, which has one.
auto has_one(std::string key, std::function<void(Level&, const Json&)> check) {
  return [key = std::move(key), check = std::move(check)](Level& on, const Json& reply) {
    ASSERT_EQ(reply.at(key).size(), 1u);
    check(on, reply.at(key)[0]);
  };
}

const Scenarios kMessages(
    "messages",
    {
        {.operation = "send",
         .request =
             {{"destination_id", "id"}, {"message", {1}}, {"topic", "t"}, {"idempotency_key", "k"}},
         .arrange = one_workflow,
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("message_id"), "k::id");
               const auto row = on.sql().row("SELECT * FROM dbos.notifications");
               EXPECT_EQ(row.at("message_uuid"), "k::id");
               EXPECT_EQ(row.at("destination_uuid"), "id");
               EXPECT_EQ(row.at("topic"), "t");
               EXPECT_EQ(row.at("message"), "[1]");
               EXPECT_EQ(row.at("consumed"), "false");
             }},
        {.operation = "send_many",
         .request = {{"messages",
                      {{{"destination_id", "id"}, {"message", 1}, {"send_to_forks", true}},
                       {{"destination_id", "id"}, {"message", 2}}}}},
         .arrange = workflow_with_fork,
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("sent")[0].at("recipients"), Json({"id", "fork"}));
               EXPECT_EQ(on.count("notifications"), 3);
             }},
        {.operation = "list_messages",
         .request = {{"workflow_id", "id"}},
         .arrange =
             [](Level& on) {
               one_workflow(on);
               Row row{{"message_uuid", "m"},
                       {"destination_uuid", "id"},
                       {"message", "1"},
                       {"serialization", "portable_json"}};
               if (on.has(121)) row["consumed_by_function_id"] = "4";
               on.sql().insert("notifications", row);
             },
         .check = has_one("messages",
                          [](Level& on, const Json& message) {
                            EXPECT_EQ(message.at("message"), 1);
                            EXPECT_EQ(message.at("consumed"), false);
                            EXPECT_EQ(message.at("consumed_by_function_id"),
                                      on.has(121) ? Json(4) : Json());
                          })},
        {.operation = "list_events",
         .request = {{"workflow_id", "id"}},
         .arrange =
             [](Level& on) {
               one_workflow(on);
               on.worker().set_event("id", "k", "1");
             },
         .check = has_one("events",
                          [](Level&, const Json& event) {
                            EXPECT_EQ(event.at("key"), "k");
                            EXPECT_EQ(event.at("value"), 1);
                          })},
        {.operation = "list_streams",
         .request = {{"workflow_id", "id"}},
         .arrange =
             [](Level& on) {
               one_workflow(on);
               on.sql().insert("streams", {{"workflow_uuid", "id"},
                                           {"key", "s"},
                                           {"value", "5"},
                                           {"offset", "0"},
                                           {"serialization", "portable_json"}});
             },
         .check = has_one("streams",
                          [](Level&, const Json& stream) {
                            EXPECT_EQ(stream.at("values"), Json({5}));
                          })},
    });

}  // namespace
}  // namespace dbosc::test
