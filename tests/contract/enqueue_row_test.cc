#include "contract/contract.h"
#include "support/clock.h"

// The row that an enqueue writes, column by column.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Enqueue);

/// Takes out what differs from call to call, after checking it.
void take_times_and_tokens(Row& row, std::int64_t before, std::int64_t after) {
  const auto created = row.at("created_at").value();
  EXPECT_EQ(row.at("updated_at"), created);
  EXPECT_GE(std::stoll(created), before);
  EXPECT_LE(std::stoll(created), after);
  EXPECT_THAT(row.at("creator_xid").value_or(""), ::testing::MatchesRegex(kUuid));
  for (const auto* column : {"created_at", "updated_at", "creator_xid"}) row.erase(column);
}

/// The row of an enqueue without options.
Row plain_row(const std::string& id) {
  return {{"workflow_uuid", id},
          {"status", "ENQUEUED"},
          {"name", "w"},
          {"queue_name", "q"},
          {"inputs", R"({"positionalArgs":[],"namedArgs":{}})"},
          {"serialization", "portable_json"},
          {"priority", "0"},
          {"recovery_attempts", "0"},
          {"rate_limited", "false"},
          {"was_forked_from", "false"},
          {"is_debounced", "false"}};
}

/// Every other column is NULL.
Row with_nulls(Row row, const Row& like) {
  for (const auto& [column, value] : like) row.try_emplace(column, std::nullopt);
  return row;
}

TEST_P(Enqueue, WritesEveryColumnOfARowWithoutOptions) {
  database();
  const auto before = now_ms() - 2000;
  const auto id = enqueue();
  auto row = row_of(id);
  take_times_and_tokens(row, before, now_ms() + 2000);
  EXPECT_EQ(row, with_nulls(plain_row(id), row));
  EXPECT_EQ(count("workflow_input"), 0);
  EXPECT_THAT(id, ::testing::MatchesRegex(kUuid));
}

TEST_P(Enqueue, WritesEveryColumnOfARowWithAllOptions) {
  database();
  const auto before = now_ms() - 2000;
  const auto id = enqueue({{"args", {1, "two"}},
                           {"kwargs", {{"k", nullptr}}},
                           {"workflow_id", "my id"},
                           {"class_name", "Class"},
                           {"config_name", "instance"},
                           {"app_version", "v1"},
                           {"workflow_timeout_ms", 1500},
                           {"delay_ms", 60000},
                           {"deduplication_id", "dedup"},
                           {"priority", 2147483647},
                           {"authenticated_user", "user"},
                           {"authenticated_roles", {"a", "b \"c\""}},
                           {"assumed_role", "a"},
                           {"application_name", "app"},
                           {"max_recovery_attempts", 3},
                           {"serialization", "portable_json"}});
  auto row = row_of(id);
  take_times_and_tokens(row, before, now_ms() + 2000);
  const auto until = std::stoll(row.at("delay_until_epoch_ms").value());
  EXPECT_GE(until, before + 60000);
  EXPECT_LE(until, now_ms() + 60000);
  row.erase("delay_until_epoch_ms");
  EXPECT_EQ(Json::parse(*row.at("authenticated_roles")), Json({"a", "b \"c\""}));
  row.erase("authenticated_roles");
  auto expected = plain_row("my id");
  expected.insert_or_assign("status", "DELAYED");
  expected.insert_or_assign("inputs", R"({"positionalArgs":[1,"two"],"namedArgs":{"k":null}})");
  expected.insert_or_assign("priority", "2147483647");
  expected.insert({{"class_name", "Class"},
                   {"config_name", "instance"},
                   {"application_version", "v1"},
                   {"workflow_timeout_ms", "1500"},
                   {"deduplication_id", "dedup"},
                   {"authenticated_user", "user"},
                   {"assumed_role", "a"},
                   {"application_name", "app"}});
  EXPECT_EQ(row, with_nulls(expected, row));
}

TEST_P(Enqueue, TakesADeadlineAsMillisecondsOrAsText) {
  EXPECT_EQ(row_of(enqueue({{"deadline", 1700000000123}})).at("workflow_deadline_epoch_ms"),
            "1700000000123");
  EXPECT_EQ(row_of(enqueue({{"deadline", "2023-11-14T23:13:20.123456+01:00"}}))
                .at("workflow_deadline_epoch_ms"),
            "1700000000123");
}

TEST_P(Enqueue, WritesAPartitionKey) {
  EXPECT_EQ(row_of(enqueue({{"queue_partition_key", "p"}})).at("queue_partition_key"), "p");
}

TEST_P(Enqueue, StaysDelayedForAnyDelayThatIsGiven) {
  const auto row = row_of(enqueue({{"delay_ms", 0}}));
  EXPECT_EQ(row.at("status"), "DELAYED");
  EXPECT_TRUE(row.at("delay_until_epoch_ms").has_value());
}

TEST_P(Enqueue, TakesTheOtherSpellingOfTheInstance) {
  EXPECT_EQ(row_of(enqueue({{"instance_name", "i"}})).at("config_name"), "i");
}

TEST_P(Enqueue, WritesNullForAnEmptyClassOrInstance) {
  const auto row = row_of(enqueue({{"class_name", ""}, {"config_name", ""}}));
  EXPECT_EQ(row.at("class_name"), std::nullopt);
  EXPECT_EQ(row.at("config_name"), std::nullopt);
}

TEST_P(Enqueue, WritesNullForNoRolesAndTakesNullAsAbsent) {
  const auto row = row_of(enqueue({{"authenticated_roles", Json::array()},
                                   {"workflow_id", nullptr},
                                   {"priority", nullptr},
                                   {"attributes", nullptr},
                                   {"args", nullptr},
                                   {"delay_ms", nullptr}}));
  EXPECT_EQ(row.at("authenticated_roles"), std::nullopt);
  EXPECT_EQ(row.at("attributes"), std::nullopt);
  EXPECT_EQ(row.at("status"), "ENQUEUED");
}

TEST_P(Enqueue, WritesAttributesAsJson) {
  const auto id =
      enqueue({{"attributes", {{"customer", "é\"'"}, {"n", 1}, {"deep", {{"a", {1, nullptr}}}}}}});
  const Json expected{{"customer", "é\"'"}, {"n", 1}, {"deep", {{"a", {1, nullptr}}}}};
  EXPECT_EQ(Json::parse(*row_of(id).at("attributes")), expected);
  EXPECT_EQ(workflow(id).at("attributes"), expected);
}

constexpr const char* kTraceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST_P(Enqueue, PutsTheTraceContextAmongTheAttributes) {
  const auto id = enqueue({{"attributes", {{"a", 1}, {"dbos.otelContext", "by hand"}}},
                           {"traceparent", kTraceparent},
                           {"tracestate", "vendor=1"}});
  EXPECT_EQ(
      Json::parse(*row_of(id).at("attributes")),
      Json({{"a", 1},
            {"dbos.otelContext", {{"traceparent", kTraceparent}, {"tracestate", "vendor=1"}}}}));
  const auto alone = enqueue({{"traceparent", kTraceparent}});
  EXPECT_EQ(Json::parse(*row_of(alone).at("attributes")),
            Json({{"dbos.otelContext", {{"traceparent", kTraceparent}}}}));
}

TEST_P(Enqueue, WritesTheClientsApplicationUnlessOneIsGiven) {
  const auto client = open({{"application_name", "mine"}});
  const auto id = client.call("enqueue", enqueue_request()).at("workflow_id");
  EXPECT_EQ(row_of(id).at("application_name"), "mine");
  const auto other =
      client.call("enqueue", enqueue_request({{"application_name", "other"}})).at("workflow_id");
  EXPECT_EQ(row_of(other).at("application_name"), "other");
}

TEST_P(Enqueue, PutsInputsWhereTheConfigSays) {
  const std::string inputs = R"({"positionalArgs":[7],"namedArgs":{}})";
  struct Case {
    const char* placement;
    Value in_status, in_table;
  };
  for (const auto& [placement, in_status, in_table] :
       {Case{"status", inputs, std::nullopt}, Case{"split", std::nullopt, inputs},
        Case{"both", inputs, inputs}}) {
    SCOPED_TRACE(placement);
    const auto client = open({{"payload_columns", placement}});
    const std::string id =
        client.call("enqueue", enqueue_request({{"args", {7}}})).at("workflow_id");
    EXPECT_EQ(row_of(id).at("inputs"), in_status);
    const auto input = sql().rows(
        "SELECT inputs, retention_timestamp FROM dbos.workflow_input WHERE workflow_uuid = $1",
        {id});
    ASSERT_EQ(input.size(), in_table ? 1u : 0u);
    if (in_table) {
      EXPECT_EQ(input[0].at("inputs"), in_table);
      EXPECT_EQ(input[0].at("retention_timestamp"), row_of(id).at("created_at"));
    }
    EXPECT_EQ(workflow(id).at("input"), Json({{"args", {7}}, {"kwargs", Json::object()}}));
  }
}

TEST_P(Enqueue, AddsNoInputToAWorkflowThatWasThereBefore) {
  const auto client = open({{"payload_columns", "both"}});
  worker().insert_workflow("there", {{"inputs", R"({"positionalArgs":["first"]})"}});
  const auto reply =
      client.call("enqueue", enqueue_request({{"workflow_id", "there"}, {"args", {"second"}}}));
  EXPECT_EQ(reply, Json({{"workflow_id", "there"}, {"outcome", "existing"}}));
  EXPECT_EQ(count("workflow_input"), 0);
  EXPECT_EQ(row_of("there").at("inputs"), R"({"positionalArgs":["first"]})");
}

TEST_P(Enqueue, KeepsAWorkflowIdAsItWasGiven) {
  for (const std::string id : {" spaced ", "ünï-😀", "a::b", "'; DROP TABLE x; --", "$1", "%_\\"}) {
    EXPECT_EQ(enqueue({{"workflow_id", id}}), id);
    EXPECT_EQ(row_of(id).at("workflow_uuid"), id);
    EXPECT_EQ(workflow(id).at("workflow_id"), id);
  }
}

TEST_P(Enqueue, DoesNotAskWhetherTheQueueExists) {
  EXPECT_EQ(count("queues"), 0);
  EXPECT_EQ(row_of(enqueue({{"queue_name", "no such queue"}})).at("queue_name"), "no such queue");
}

}  // namespace
}  // namespace dbosc::test
