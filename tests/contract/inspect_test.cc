#include "contract/contract.h"

// What belongs to one workflow: its events, messages and streams.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Inspecting);

TEST_P(Inspecting, ListsTheLatestValuesOfEventsByKey) {
  worker().insert_workflow("w");
  worker().set_event("w", "b", "1.50");
  worker().set_event("w", "a", "1");
  worker().set_event("w", "a", "2");
  worker().set_event("w", "c", "gASV", "py_pickle");
  const Json raw{{"$raw", "gASV"}, {"serialization", "py_pickle"}};
  EXPECT_EQ(client().call("list_events", {{"workflow_id", "w"}}).at("events"),
            Json({{{"key", "a"}, {"value", 2}, {"serialization", "portable_json"}},
                  {{"key", "b"}, {"value", 1.5}, {"serialization", "portable_json"}},
                  {{"key", "c"}, {"value", raw}, {"serialization", "py_pickle"}}}));
  EXPECT_THAT(client().call_text("list_events", R"({"workflow_id":"w"})"),
              ::testing::HasSubstr("\"value\":1.50"));
}

TEST_P(Inspecting, ListsMessagesInTheOrderOfTheirArrival) {
  worker().insert_workflow("w");
  client().call("send", {{"destination_id", "w"}, {"message", {1}}, {"idempotency_key", "k"}});
  sql().insert("notifications", {{"message_uuid", "second"},
                                 {"destination_uuid", "w"},
                                 {"topic", "t"},
                                 {"message", "2"},
                                 {"serialization", "portable_json"},
                                 {"created_at_epoch_ms", "99999999999999"},
                                 {"consumed", "1"},
                                 {"consumed_by_function_id", "3"}});
  const auto messages = client().call("list_messages", {{"workflow_id", "w"}}).at("messages");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].at("message_id"), "k::w");
  EXPECT_EQ(messages[0].at("topic"), nullptr) << "the sentinel means none";
  EXPECT_EQ(messages[0].at("message"), Json({1}));
  EXPECT_EQ(messages[0].at("consumed"), false);
  EXPECT_EQ(messages[1], Json({{"message_id", "second"},
                               {"topic", "t"},
                               {"created_at_ms", 99999999999999},
                               {"consumed", true},
                               {"consumed_by_function_id", 3},
                               {"serialization", "portable_json"},
                               {"message", 2}}));
}

TEST_P(Inspecting, ListsStreamsWithWhatHasBeenWritten) {
  worker().insert_workflow("w");
  const auto write = [&](const std::string& key, int offset, const std::string& value) {
    sql().insert("streams", {{"workflow_uuid", "w"},
                             {"key", key},
                             {"value", value},
                             {"offset", std::to_string(offset)},
                             {"serialization", "portable_json"}});
  };
  write("b", 0, "1");
  write("a", 0, "2");
  write("a", 1, "3");
  write("a", 2, R"("__DBOS_STREAM_CLOSED__")");
  EXPECT_EQ(client().call("list_streams", {{"workflow_id", "w"}}).at("streams"),
            Json({{{"key", "a"}, {"values", {2, 3}}, {"closed", true}},
                  {{"key", "b"}, {"values", {1}}, {"closed", false}}}));
}

TEST_P(Inspecting, FindsNothingOfAnUnknownWorkflow) {
  const Json request{{"workflow_id", "none"}};
  EXPECT_EQ(client().call("list_events", request).at("events"), Json::array());
  EXPECT_EQ(client().call("list_messages", request).at("messages"), Json::array());
  EXPECT_EQ(client().call("list_streams", request).at("streams"), Json::array());
}

TEST_P(Inspecting, FindsTheHolderOfADeduplicationId) {
  const auto id = enqueue({{"deduplication_id", "d"}});
  const auto holder = [&](const std::string& queue) {
    return client()
        .call("find_deduplicated_workflow", {{"queue_name", queue}, {"deduplication_id", "d"}})
        .at("workflow_id");
  };
  EXPECT_EQ(holder("q"), id);
  EXPECT_EQ(holder("other"), nullptr);
  client().call("cancel_workflows", {{"workflow_ids", {id}}});
  EXPECT_EQ(holder("q"), nullptr);
}

}  // namespace
}  // namespace dbosc::test
