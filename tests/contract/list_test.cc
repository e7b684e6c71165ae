#include "contract/contract.h"

// Looking at one workflow, and at lists of them.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Listing);

std::vector<std::string> ids_of(const Json& reply) {
  std::vector<std::string> ids;
  for (const auto& workflow : reply.at("workflows")) ids.push_back(workflow.at("workflow_id"));
  return ids;
}

using Ids = std::vector<std::string>;

TEST_P(Listing, ShowsEveryFieldOfAWorkflow) {
  worker().insert_workflow("id", {{"status", "SUCCESS"},
                                  {"name", "n"},
                                  {"class_name", "c"},
                                  {"config_name", "i"},
                                  {"queue_name", "q"},
                                  {"priority", "3"},
                                  {"deduplication_id", "d"},
                                  {"queue_partition_key", "p"},
                                  {"application_version", "v"},
                                  {"application_name", "app"},
                                  {"application_id", "app id"},
                                  {"executor_id", "e"},
                                  {"authenticated_user", "u"},
                                  {"assumed_role", "r"},
                                  {"authenticated_roles", R"(["r", "s"])"},
                                  {"created_at", "1"},
                                  {"updated_at", "2"},
                                  {"started_at_epoch_ms", "3"},
                                  {"completed_at", "4"},
                                  {"delay_until_epoch_ms", "5"},
                                  {"workflow_timeout_ms", "6"},
                                  {"workflow_deadline_epoch_ms", "9007199254740993"},
                                  {"recovery_attempts", "8"},
                                  {"forked_from", "f"},
                                  {"was_forked_from", "1"},
                                  {"parent_workflow_id", "parent"},
                                  {"schedule_name", "s"},
                                  {"attributes", R"({"a":1.10})"},
                                  {"is_debounced", "1"},
                                  {"debounce_deadline_epoch_ms", "10"},
                                  {"rate_limited", "1"},
                                  {"owner_xid", "x"},
                                  {"request", "{}"},
                                  {"inputs", R"({"positionalArgs":[1]})"},
                                  {"output", "2"},
                                  {"error", ""}});
  const Json expected{{"workflow_id", "id"},
                      {"status", "SUCCESS"},
                      {"name", "n"},
                      {"class_name", "c"},
                      {"config_name", "i"},
                      {"queue_name", "q"},
                      {"priority", 3},
                      {"deduplication_id", "d"},
                      {"queue_partition_key", "p"},
                      {"app_version", "v"},
                      {"application_name", "app"},
                      {"app_id", "app id"},
                      {"executor_id", "e"},
                      {"authenticated_user", "u"},
                      {"assumed_role", "r"},
                      {"authenticated_roles", {"r", "s"}},
                      {"created_at_ms", 1},
                      {"updated_at_ms", 2},
                      {"dequeued_at_ms", 3},
                      {"completed_at_ms", 4},
                      {"delay_until_ms", 5},
                      {"workflow_timeout_ms", 6},
                      {"deadline_at_ms", 9007199254740993},
                      {"recovery_attempts", 8},
                      {"forked_from", "f"},
                      {"was_forked_from", true},
                      {"parent_workflow_id", "parent"},
                      {"schedule_name", "s"},
                      {"attributes", {{"a", 1.1}}},
                      {"serialization", "portable_json"},
                      {"is_debounced", true},
                      {"debounce_deadline_at_ms", 10},
                      {"rate_limited", true},
                      {"owner_xid", "x"},
                      {"request", "{}"},
                      {"input", {{"args", {1}}, {"kwargs", Json::object()}}},
                      {"output", 2},
                      {"error", nullptr}};
  EXPECT_EQ(workflow("id"), expected);
  EXPECT_EQ(client().call("list_workflows").at("workflows"), Json({expected}));
}

TEST_P(Listing, ShowsNullForWhatIsNotSet) {
  sql().insert("workflow_status",
               {{"workflow_uuid", "id"}, {"status", std::nullopt}, {"created_at", "1"}});
  auto found = workflow("id");
  for (const std::string key : {"created_at_ms", "updated_at_ms", "workflow_id"}) found.erase(key);
  for (const auto& [key, value] : found.items()) {
    if (value.is_boolean()) {
      EXPECT_EQ(value, false) << key;
    } else if (value.is_number()) {
      EXPECT_EQ(value, 0) << key;
    } else {
      EXPECT_EQ(value, nullptr) << key;
    }
  }
}

TEST_P(Listing, ShowsTextWhereAColumnShouldHoldJsonAndDoesNot) {
  worker().insert_workflow("id", {{"authenticated_roles", "not json"}, {"attributes", "null"}});
  EXPECT_EQ(workflow("id").at("authenticated_roles"), "not json");
  EXPECT_EQ(workflow("id").at("attributes"), nullptr) << "what Python writes for none";
}

TEST_P(Listing, ShowsWhatItCannotReadAsItIsBesideTheOthers) {
  worker().insert_workflow("a", {{"inputs", "gASV"}, {"serialization", "py_pickle"}});
  worker().succeed("a", "gASV");
  worker().insert_workflow("b", {{"inputs", R"({"positionalArgs":[1]})"}, {"created_at", "1"}});
  for (const std::string status : {"ENQUEUED", "DELAYED", "PENDING", "SUCCESS", "ERROR",
                                   "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "A_NEW_ONE"}) {
    worker().update("b", {{"status", status}});
    const auto workflows = client().call("list_workflows").at("workflows");
    ASSERT_EQ(workflows.size(), 2u);
    EXPECT_EQ(workflows[0].at("status"), status);
    EXPECT_EQ(workflows[0].at("input").at("args"), Json({1}));
    const Json raw{{"$raw", "gASV"}, {"serialization", "py_pickle"}};
    EXPECT_EQ(workflows[1].at("input"), raw);
    EXPECT_EQ(workflows[1].at("output"), raw);
  }
}

TEST_P(Listing, GivesNullForAWorkflowThatDoesNotExist) {
  EXPECT_EQ(client().call("get_workflow", {{"workflow_id", "none"}}),
            Json({{"workflow", nullptr}}));
  EXPECT_EQ(client().refused("get_workflow", Json::object()).detail("path"), "workflow_id");
}

TEST_P(Listing, LeavesOutPayloadsThatAreNotAskedFor) {
  worker().insert_workflow("id", {{"inputs", R"({"positionalArgs":[1]})"}});
  worker().succeed("id", "2");
  for (const std::string operation : {"get_workflow", "list_workflows"}) {
    const auto look = [&](const Json& more) {
      Json request{{"workflow_id", "id"}};
      request.update(more);
      const auto reply = client().call(operation, request);
      return reply.contains("workflow") ? reply.at("workflow") : reply.at("workflows")[0];
    };
    EXPECT_TRUE(look(Json::object()).contains("input"));
    EXPECT_TRUE(look(Json::object()).contains("output"));
    EXPECT_FALSE(look({{"load_input", false}}).contains("input"));
    EXPECT_EQ(look({{"load_input", false}}).at("output"), 2);
    EXPECT_FALSE(look({{"load_output", false}}).contains("output"));
    EXPECT_FALSE(look({{"load_output", false}}).contains("error"));
    EXPECT_TRUE(look({{"load_output", false}}).contains("input"));
  }
}

TEST_P(Listing, GoesInTheOrderOfCreationWithIdsBreakingTies) {
  for (const auto& [id, created] :
       {std::pair{"c", "2"}, {"a", "3"}, {"b", "1"}, {"e", "2"}, {"d", "2"}}) {
    worker().insert_workflow(id, {{"created_at", created}});
  }
  EXPECT_EQ(ids_of(client().call("list_workflows")), (Ids{"b", "c", "d", "e", "a"}));
  EXPECT_EQ(ids_of(client().call("list_workflows", {{"sort_desc", true}})),
            (Ids{"a", "e", "d", "c", "b"}));
}

TEST_P(Listing, TakesLimitAndOffset) {
  for (const std::string id : {"1", "2", "3", "4"})
    worker().insert_workflow(id, {{"created_at", id}});
  const auto list = [&](const Json& request) {
    return ids_of(client().call("list_workflows", request));
  };
  EXPECT_EQ(list({{"limit", 2}}), (Ids{"1", "2"}));
  EXPECT_EQ(list({{"limit", 2}, {"offset", 1}}), (Ids{"2", "3"}));
  EXPECT_EQ(list({{"offset", 3}}), (Ids{"4"}));
  EXPECT_EQ(list({{"offset", 9}}), Ids{});
  EXPECT_EQ(list({{"limit", 0}, {"offset", 0}}), (Ids{"1", "2", "3", "4"}));
  for (const std::string key : {"limit", "offset"}) {
    EXPECT_EQ(client().refused("list_workflows", {{key, -1}}).detail("path"), key);
  }
}

TEST_P(Listing, PagesByCursorOverTiesWithoutRepeatOrGap) {
  for (const bool descending : {false, true}) {
    SCOPED_TRACE(descending);
    sql().rows("DELETE FROM dbos.workflow_status");
    for (int i = 0; i < 23; ++i) {
      worker().insert_workflow("id:" + std::to_string(i),
                               {{"created_at", std::to_string(i < 20 ? i / 10 : 7)}});
    }
    Ids all, expected = ids_of(client().call("list_workflows", {{"sort_desc", descending}}));
    ASSERT_EQ(expected.size(), 23u);
    Json request{{"limit", 3}, {"sort_desc", descending}};
    for (int page = 0; page < 20; ++page) {
      const auto reply = client().call("list_workflows", request);
      for (const auto& id : ids_of(reply)) all.push_back(id);
      if (reply.at("next_cursor").is_null()) break;
      request["cursor"] = reply.at("next_cursor");
    }
    EXPECT_EQ(all, expected);
  }
}

TEST_P(Listing, GoesOnFromACursorWhateverWasAddedSince) {
  for (const std::string id : {"2", "4", "6"}) worker().insert_workflow(id, {{"created_at", id}});
  const auto first = client().call("list_workflows", {{"limit", 2}});
  worker().insert_workflow("1", {{"created_at", "1"}});
  worker().insert_workflow("5", {{"created_at", "5"}});
  sql().rows("DELETE FROM dbos.workflow_status WHERE workflow_uuid = '4'");
  EXPECT_EQ(ids_of(client().call("list_workflows", {{"cursor", first.at("next_cursor")}})),
            (Ids{"5", "6"}));
}

TEST_P(Listing, RefusesACursorThatIsNone) {
  for (const std::string bad : {"x", "1:", "1:5", "1::id", "1:x:id", "2:5:id", "1:5.0:id",
                                "1:99999999999999999999:id", "1: 5:id"}) {
    const auto failure = client().refused("list_workflows", {{"cursor", bad}});
    EXPECT_EQ(failure.kind, "invalid_cursor") << bad;
    EXPECT_EQ(failure.detail("path"), "cursor");
  }
  EXPECT_EQ(client().refused("list_workflows", {{"cursor", "1:5:id"}, {"offset", 1}}).kind,
            "conflicting_keys");
}

TEST_P(Listing, ListsQueuedOnesThatAreNotOver) {
  for (const std::string status : {"ENQUEUED", "DELAYED", "PENDING", "SUCCESS", "CANCELLED"}) {
    worker().insert_workflow(status, {{"status", status}, {"created_at", "1"}});
    worker().insert_workflow(
        status + " no queue",
        {{"status", status}, {"queue_name", std::nullopt}, {"created_at", "2"}});
  }
  const Ids active{"DELAYED", "ENQUEUED", "PENDING"};
  EXPECT_EQ(ids_of(client().call("list_queued_workflows")), active);
  EXPECT_EQ(ids_of(client().call("list_workflows", {{"queues_only", true}})), active);
  EXPECT_EQ(ids_of(client().call("list_queued_workflows", {{"status", {"SUCCESS", "PENDING"}}})),
            (Ids{"PENDING", "SUCCESS"}));
  EXPECT_EQ(ids_of(client().call("list_queued_workflows", {{"queue_name", "other"}})), Ids{});
  EXPECT_EQ(client().call("count_workflows", {{"queues_only", true}}).at("count"), 3);
}

TEST_P(Listing, CountsWhatItLists) {
  EXPECT_EQ(client().call("count_workflows"), Json({{"count", 0}}));
  for (int i = 0; i < 5; ++i) enqueue({{"queue_name", i < 2 ? "a" : "b"}});
  EXPECT_EQ(client().call("count_workflows"), Json({{"count", 5}}));
  EXPECT_EQ(client().call("count_workflows", {{"queue_name", "a"}}).at("count"), 2);
  EXPECT_EQ(client().refused("count_workflows", {{"limit", 1}}).kind, "unknown_key");
}

TEST_P(Listing, ShowsOnlyTheClientsApplicationAndUnclaimedRows) {
  worker().insert_workflow("mine", {{"application_name", "mine"}, {"created_at", "1"}});
  worker().insert_workflow("theirs", {{"application_name", "theirs"}, {"created_at", "2"}});
  worker().insert_workflow("free", {{"created_at", "3"}});
  const auto own = open({{"application_name", "mine"}});
  const auto list = [](const Client& client, const Json& request) {
    return ids_of(client.call("list_workflows", request));
  };
  EXPECT_EQ(list(own, Json::object()), (Ids{"mine", "free"}));
  EXPECT_EQ(own.call("count_workflows").at("count"), 2);
  EXPECT_EQ(ids_of(own.call("list_queued_workflows")), (Ids{"mine", "free"}));
  EXPECT_EQ(list(own, {{"application_name", "theirs"}}), (Ids{"theirs", "free"}));
  EXPECT_EQ(list(own, {{"application_name", {"mine", "theirs"}}}), (Ids{"mine", "theirs", "free"}));
  EXPECT_EQ(list(own, {{"application_name", Json::array()}}), (Ids{"mine", "theirs", "free"}))
      << "an empty list is no filter, as in the SDKs";
  EXPECT_EQ(list(own, {{"workflow_ids", {"theirs"}}}), (Ids{"theirs"}))
      << "ids need no application";
  EXPECT_EQ(list(own, {{"workflow_ids", Json::array()}}), (Ids{"mine", "free"}));
  EXPECT_EQ(own.call("get_workflow", {{"workflow_id", "theirs"}}).at("workflow").at("workflow_id"),
            "theirs");
  EXPECT_EQ(list(client(), Json::object()), (Ids{"mine", "theirs", "free"}))
      << "a client without a name sees all";
}

}  // namespace
}  // namespace dbosc::test
