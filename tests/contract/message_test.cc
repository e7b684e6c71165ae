#include "contract/contract.h"

// Sending messages.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Send);

class Messages {
 public:
  explicit Messages(Sql& sql) : sql_(sql) {}
  std::vector<Row> all() {
    return sql_.rows("SELECT * FROM dbos.notifications ORDER BY message_uuid");
  }
  std::vector<Value> destinations() {
    std::vector<Value> found;
    for (const auto& row :
         sql_.rows("SELECT destination_uuid FROM dbos.notifications ORDER BY destination_uuid")) {
      found.push_back(row.at("destination_uuid"));
    }
    return found;
  }

 private:
  Sql& sql_;
};

TEST_P(Send, WritesEveryColumn) {
  worker().insert_workflow("id");
  const auto reply = client().call(
      "send", {{"destination_id", "id"}, {"message", {{"a", {1, 2.5}}}}, {"topic", "t"}});
  auto rows = Messages(sql()).all();
  ASSERT_EQ(rows.size(), 1u);
  auto& row = rows[0];
  EXPECT_THAT(*row.at("message_uuid"), ::testing::MatchesRegex(kUuid));
  EXPECT_EQ(reply, Json({{"message_id", *row.at("message_uuid")}, {"recipients", {"id"}}}));
  EXPECT_GT(std::stoll(*row.at("created_at_epoch_ms")), 1700000000000);
  row.erase("message_uuid");
  row.erase("created_at_epoch_ms");
  EXPECT_EQ(row, (Row{{"destination_uuid", "id"},
                      {"topic", "t"},
                      {"message", R"({"a":[1,2.5]})"},
                      {"serialization", "portable_json"},
                      {"consumed", "false"},
                      {"consumed_by_function_id", std::nullopt}}));
}

TEST_P(Send, WritesTheNameOfNoTopic) {
  worker().insert_workflow("id");
  client().call("send", {{"destination_id", "id"}, {"message", 1}});
  EXPECT_EQ(Messages(sql()).all()[0].at("topic"), "__null__topic__");
}

TEST_P(Send, SendsEveryValueNullIncluded) {
  worker().insert_workflow("id");
  for (const std::string value : {"null", "false", "0", "\"\"", "[]", "{}", "1.10"}) {
    SCOPED_TRACE(value);
    client().call_text("send", R"({"destination_id":"id","message":)" + value + "}");
    EXPECT_EQ(sql().value("SELECT message FROM dbos.notifications"), value);
    sql().rows("DELETE FROM dbos.notifications");
  }
}

TEST_P(Send, ReachesAWorkflowOfAnyStatus) {
  for (const std::string status : {"SUCCESS", "CANCELLED", "DELAYED"}) {
    worker().insert_workflow(status, {{"status", status}});
    EXPECT_NO_THROW(client().call("send", {{"destination_id", status}, {"message", 1}}));
  }
}

TEST_P(Send, RefusesADestinationThatDoesNotExist) {
  const auto failure = client().refused("send", {{"destination_id", "none"}, {"message", 1}});
  EXPECT_EQ(failure.status, DBOSC_NOT_FOUND);
  EXPECT_EQ(failure.kind, "non_existent_workflow");
  EXPECT_EQ(failure.detail("workflow_id"), "none");
  EXPECT_THAT(failure.message, ::testing::HasSubstr("'none'"));
}

TEST_P(Send, DropsASecondMessageWithTheSameKey) {
  worker().insert_workflow("id");
  const Json request{{"destination_id", "id"}, {"message", 1}, {"idempotency_key", "k"}};
  const Json reply{{"message_id", "k::id"}, {"recipients", {"id"}}};
  EXPECT_EQ(client().call("send", request), reply);
  EXPECT_EQ(client().call("send", request), reply);
  auto other = request;
  other["message"] = 2;
  EXPECT_EQ(client().call("send", other), reply);
  const auto rows = Messages(sql()).all();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].at("message"), "1");
}

TEST_P(Send, GoesRawWithAndWithoutAFormat) {
  worker().insert_workflow("id");
  client().call("send", {{"destination_id", "id"},
                         {"payloads", "raw"},
                         {"idempotency_key", "a"},
                         {"message", {{"$raw", "gASV"}, {"serialization", "py_pickle"}}}});
  client().call("send", {{"destination_id", "id"},
                         {"payloads", "raw"},
                         {"idempotency_key", "b"},
                         {"message", {{"$raw", "own"}, {"serialization", nullptr}}}});
  const auto rows = Messages(sql()).all();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at("message"), "gASV");
  EXPECT_EQ(rows[0].at("serialization"), "py_pickle");
  EXPECT_EQ(rows[1].at("message"), "own");
  EXPECT_EQ(rows[1].at("serialization"), std::nullopt);
}

TEST_P(Send, GoesToForksOfForksOnlyWhereAskedTo) {
  worker().insert_workflow("root");
  worker().insert_workflow("z child", {{"forked_from", "root"}});
  worker().insert_workflow("a child", {{"forked_from", "root"}});
  worker().insert_workflow("grandchild", {{"forked_from", "z child"}});
  worker().insert_workflow("stranger");
  Json request{{"destination_id", "root"}, {"message", 1}, {"idempotency_key", "k"}};
  EXPECT_EQ(client().call("send", request).at("recipients"), Json({"root"}));
  request["send_to_forks"] = true;
  const auto reply = client().call("send", request);
  EXPECT_EQ(reply.at("message_id"), "k::root");
  EXPECT_EQ(reply.at("recipients"), Json({"root", "a child", "grandchild", "z child"}));
  client().call("send", request);
  std::vector<Value> ids;
  for (const auto& row : Messages(sql()).all()) ids.push_back(row.at("message_uuid"));
  EXPECT_EQ(ids, (std::vector<Value>{"k::a child", "k::grandchild", "k::root", "k::z child"}));
}

TEST_P(Send, EndsOnAForkOfItself) {
  worker().insert_workflow("a", {{"forked_from", "b"}});
  worker().insert_workflow("b", {{"forked_from", "a"}});
  const auto reply =
      client().call("send", {{"destination_id", "a"}, {"message", 1}, {"send_to_forks", true}});
  EXPECT_EQ(reply.at("recipients").size(), Messages(sql()).destinations().size());
  for (const auto& id : {"a", "b"}) {
    EXPECT_THAT(reply.at("recipients"), ::testing::Contains(Json(id)));
  }
}

TEST_P(Send, RefusesWhatItsSchemaForbids) {
  const std::string nul("a\0", 2);
  struct Refusal {
    Json keys;
    const char* kind;
    const char* path;
  };
  for (const auto& [keys, kind, path] :
       {Refusal{{{"message", 1}}, "missing_key", "destination_id"},
        Refusal{{{"destination_id", "id"}}, "missing_key", "message"},
        Refusal{{{"destination_id", ""}, {"message", 1}}, "empty_value", "destination_id"},
        Refusal{{{"destination_id", nul}, {"message", 1}}, "nul_character", "destination_id"},
        Refusal{
            {{"destination_id", "i"}, {"message", 1}, {"topic", nul}}, "nul_character", "topic"},
        Refusal{
            {{"destination_id", "i"}, {"message", 1}, {"topics", "t"}}, "unknown_key", "topics"},
        Refusal{{{"destination_id", "i"}, {"message", 1}, {"idempotency_key", ""}},
                "empty_value",
                "idempotency_key"},
        Refusal{{{"destination_id", "i"}, {"message", 1}, {"serialization", "mine"}},
                "unsupported_serialization",
                "serialization"}}) {
    const auto failure = client().refused("send", keys);
    EXPECT_EQ(failure.kind, kind) << keys;
    EXPECT_EQ(failure.detail("path"), path);
  }
}

TEST_P(Send, SendsManyInOrder) {
  worker().insert_workflow("a");
  worker().insert_workflow("b");
  const auto reply = client().call(
      "send_many",
      {{"messages",
        {{{"destination_id", "a"}, {"message", 1}, {"idempotency_key", "1"}},
         {{"destination_id", "b"}, {"message", 2}, {"topic", "t"}, {"idempotency_key", "2"}},
         {{"destination_id", "a"}, {"message", 3}, {"idempotency_key", "3"}}}}});
  EXPECT_EQ(reply, Json({{"sent",
                          {{{"message_id", "1::a"}, {"recipients", {"a"}}},
                           {{"message_id", "2::b"}, {"recipients", {"b"}}},
                           {{"message_id", "3::a"}, {"recipients", {"a"}}}}}}));
  const auto rows = Messages(sql()).all();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].at("message"), "2");
  EXPECT_EQ(rows[1].at("topic"), "t");
}

TEST_P(Send, SendsAllOfManyOrNone) {
  worker().insert_workflow("a");
  for (const bool forks : {false, true}) {
    const auto failure = client().refused(
        "send_many", {{"messages",
                       {{{"destination_id", "a"}, {"message", 1}},
                        {{"destination_id", "none"}, {"message", 2}, {"send_to_forks", forks}},
                        {{"destination_id", "a"}, {"message", 3}}}}});
    EXPECT_EQ(failure.kind, "non_existent_workflow");
    EXPECT_EQ(failure.detail("workflow_id"), "none");
    EXPECT_EQ(count("notifications"), 0);
  }
  EXPECT_NO_THROW(client().call("send", {{"destination_id", "a"}, {"message", 1}}))
      << "the connection is of use afterwards";
}

TEST_P(Send, RefusesTheSameKeyTwiceInOneBatch) {
  worker().insert_workflow("a");
  const Json one{{"destination_id", "a"}, {"message", 1}, {"idempotency_key", "k"}};
  const auto failure = client().refused("send_many", {{"messages", {one, one}}});
  EXPECT_EQ(failure.status, DBOSC_INVALID_ARGUMENT);
  EXPECT_EQ(failure.kind, "repeated_idempotency_key");
  EXPECT_EQ(failure.detail("path"), "messages[1].idempotency_key");
  EXPECT_EQ(count("notifications"), 0);
}

TEST_P(Send, NamesTheMessageThatIsWrong) {
  const auto failure =
      client().refused("send_many", {{"messages",
                                      {{{"destination_id", "a"}, {"message", 1}},
                                       {{"destination_id", "a"}, {"message", 1}, {"topic", 7}}}}});
  EXPECT_EQ(failure.detail("path"), "messages[1].topic");
  EXPECT_EQ(client().refused("send_many", {{"messages", Json::array()}}).detail("path"),
            "messages");
  EXPECT_EQ(client().refused("send_many", {{"messages", {1}}}).detail("path"), "messages[0]");
}

TEST_P(Send, SendsThousandsAtOnce) {
  worker().insert_workflow("a");
  Json messages = Json::array();
  for (int i = 0; i < 6000; ++i) {
    messages.push_back({{"destination_id", "a"}, {"message", std::string(200, 'x')}});
  }
  EXPECT_EQ(client().call("send_many", {{"messages", messages}}).at("sent").size(), 6000u);
  EXPECT_EQ(count("notifications"), 6000);
}

TEST_P(Send, RunsTheTriggerThatWakesAReceiver) {
  if (!postgres()) {
    EXPECT_EQ(sql().value("SELECT count(*) AS n FROM sqlite_master WHERE type = 'trigger'"), "0");
    return;
  }
  worker().insert_workflow("id");
  // The trigger that announces is the database's; that it stands says the message is announced.
  EXPECT_EQ(
      sql().value("SELECT count(*) FROM pg_trigger WHERE tgname ="
                  " 'dbos_notifications_trigger' AND tgrelid = 'dbos.notifications'::regclass"),
      "1");
}

}  // namespace
}  // namespace dbosc::test
