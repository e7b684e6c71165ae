#include "contract/contract.h"

// Counts and measures of groups of workflows and steps.

namespace dbosc::test {
namespace {

class Aggregates : public Contract {
 protected:
  void insert(const std::string& id, Row columns) {
    columns.try_emplace("created_at", "1000");
    worker().insert_workflow(id, std::move(columns));
  }
  Json workflows(const Json& request) {
    return client().call("get_workflow_aggregates", request).at("rows");
  }
  Json steps(const Json& request) {
    return client().call("get_step_aggregates", request).at("rows");
  }
};
INSTANTIATE_TEST_SUITE_P(Contract, Aggregates,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

TEST_P(Aggregates, CountWorkflowsOfEachGroupInOrder) {
  insert("a", {{"status", "SUCCESS"}, {"name", "x"}});
  insert("b", {{"status", "SUCCESS"}, {"name", "y"}});
  insert("c", {{"status", "ERROR"}, {"name", "x"}});
  insert("d", {{"status", "SUCCESS"}, {"name", "x"}});
  EXPECT_EQ(workflows({{"group_by", {"status"}}}),
            Json({{{"status", "ERROR"}, {"count", 1}}, {{"status", "SUCCESS"}, {"count", 3}}}));
  EXPECT_EQ(workflows({{"group_by", {"name", "status"}}}),
            Json({{{"name", "x"}, {"status", "ERROR"}, {"count", 1}},
                  {{"name", "x"}, {"status", "SUCCESS"}, {"count", 2}},
                  {{"name", "y"}, {"status", "SUCCESS"}, {"count", 1}}}));
  EXPECT_EQ(workflows({{"group_by", {"name", "status"}}, {"limit", 1}}).size(), 1u);
}

TEST_P(Aggregates, KnowEveryGroupAndPutNullLast) {
  insert("a", {{"status", "SUCCESS"},
               {"name", "n"},
               {"queue_name", std::nullopt},
               {"executor_id", "e"},
               {"application_version", "v"},
               {"application_name", "app"}});
  insert("b", {{"queue_name", "q"}});
  EXPECT_EQ(workflows({{"group_by",
                        {"queue_name", "status", "name", "executor_id", "app_version",
                         "application_name"}}}),
            Json({{{"queue_name", "q"},
                   {"status", "PENDING"},
                   {"name", "w"},
                   {"executor_id", nullptr},
                   {"app_version", nullptr},
                   {"application_name", nullptr},
                   {"count", 1}},
                  {{"queue_name", nullptr},
                   {"status", "SUCCESS"},
                   {"name", "n"},
                   {"executor_id", "e"},
                   {"app_version", "v"},
                   {"application_name", "app"},
                   {"count", 1}}}));
}

TEST_P(Aggregates, MeasureWorkflows) {
  insert("a", {{"created_at", "1000"}, {"started_at_epoch_ms", "1500"}, {"completed_at", "4000"}});
  insert("b", {{"created_at", "2000"}, {"started_at_epoch_ms", "2100"}});
  insert("c", {{"created_at", "3000"}, {"name", "never taken"}});
  const Json select{"count", "min_created_at_ms", "max_queue_wait_ms", "max_total_latency_ms"};
  EXPECT_EQ(workflows({{"group_by", {"name"}}, {"select", select}}),
            Json({{{"name", "never taken"},
                   {"count", 1},
                   {"min_created_at_ms", 3000},
                   {"max_queue_wait_ms", nullptr},
                   {"max_total_latency_ms", nullptr}},
                  {{"name", "w"},
                   {"count", 2},
                   {"min_created_at_ms", 1000},
                   {"max_queue_wait_ms", 500},
                   {"max_total_latency_ms", 3000}}}));
  EXPECT_EQ(workflows({{"group_by", {"name"}}, {"select", {"max_queue_wait_ms"}}, {"limit", 1}}),
            Json({{{"name", "never taken"}, {"max_queue_wait_ms", nullptr}}}));
}

TEST_P(Aggregates, CutTimeIntoBuckets) {
  insert("a", {{"created_at", "1999"}, {"status", "SUCCESS"}});
  insert("b", {{"created_at", "2000"}, {"status", "SUCCESS"}});
  insert("c", {{"created_at", "2999"}, {"status", "SUCCESS"}});
  insert("d", {{"created_at", "2500"}, {"status", "ERROR"}});
  EXPECT_EQ(workflows({{"time_bucket_ms", 1000}}),
            Json({{{"time_bucket_at_ms", 1000}, {"count", 1}},
                  {{"time_bucket_at_ms", 2000}, {"count", 3}}}));
  EXPECT_EQ(workflows({{"time_bucket_ms", 1000}, {"group_by", {"status"}}, {"end_time", 2600}}),
            Json({{{"time_bucket_at_ms", 1000}, {"status", "SUCCESS"}, {"count", 1}},
                  {{"time_bucket_at_ms", 2000}, {"status", "ERROR"}, {"count", 1}},
                  {{"time_bucket_at_ms", 2000}, {"status", "SUCCESS"}, {"count", 1}}}));
}

TEST_P(Aggregates, TakeTheFiltersOfAListing) {
  insert("a1", {{"application_name", "app"}});
  insert("a2", {{"application_name", "other"}, {"status", "SUCCESS"}});
  insert("b1", {{"queue_name", "r"}});
  const auto count = [&](const Json& filter) {
    Json request{{"group_by", {"name"}}};
    request.update(filter);
    const auto rows = workflows(request);
    return rows.empty() ? 0 : rows[0].at("count").get<int>();
  };
  EXPECT_EQ(count(Json::object()), 3);
  EXPECT_EQ(count({{"workflow_id_prefix", "a"}}), 2);
  EXPECT_EQ(count({{"status", {"SUCCESS", "ERROR"}}}), 1);
  EXPECT_EQ(count({{"queue_name", "r"}, {"start_time", 1000}}), 1);
  EXPECT_EQ(count({{"workflow_ids", {"a1", "b1"}}}), 2);
  EXPECT_EQ(count({{"start_time", 1001}}), 0);
  EXPECT_EQ(count({{"application_name", "app"}}), 2);
  const auto client = open({{"application_name", "app"}});
  EXPECT_EQ(client.call("get_workflow_aggregates", {{"group_by", {"application_name"}}}).at("rows"),
            Json({{{"application_name", "app"}, {"count", 1}},
                  {{"application_name", nullptr}, {"count", 1}}}))
      << "its own and unclaimed ones";
}

TEST_P(Aggregates, CountAndMeasureSteps) {
  insert("a", {});
  insert("b", {});
  worker().add_step(
      "a", 1,
      {{"function_name", "f"}, {"started_at_epoch_ms", "1000"}, {"completed_at_epoch_ms", "1700"}});
  worker().add_step("a", 2,
                    {{"function_name", "f"},
                     {"error", "x"},
                     {"started_at_epoch_ms", "2000"},
                     {"completed_at_epoch_ms", "2100"}});
  worker().add_step("b", 1, {{"function_name", "g"}, {"error", ""}});
  EXPECT_EQ(steps({{"group_by", {"function_name"}}, {"select", {"count", "max_duration_ms"}}}),
            Json({{{"function_name", "f"}, {"count", 2}, {"max_duration_ms", 700}},
                  {{"function_name", "g"}, {"count", 1}, {"max_duration_ms", nullptr}}}));
  EXPECT_EQ(steps({{"group_by", {"status"}}}),
            Json({{{"status", "ERROR"}, {"count", 1}}, {{"status", "SUCCESS"}, {"count", 2}}}))
      << "Go's empty error is none";
  EXPECT_EQ(steps({{"time_bucket_ms", 1000}}),
            Json({{{"time_bucket_at_ms", 1000}, {"count", 1}},
                  {{"time_bucket_at_ms", 2000}, {"count", 1}},
                  {{"time_bucket_at_ms", nullptr}, {"count", 1}}}));
}

TEST_P(Aggregates, FilterSteps) {
  insert("a", {});
  insert("b", {});
  worker().add_step(
      "a", 1,
      {{"function_name", "f"}, {"completed_at_epoch_ms", "1000"}, {"application_name", "app"}});
  worker().add_step("a", 2, {{"function_name", "g"}, {"error", "x"}});
  worker().add_step(
      "b", 1,
      {{"function_name", "f"}, {"completed_at_epoch_ms", "2000"}, {"application_name", "other"}});
  const auto count = [&](Client& client, Json request) {
    request["group_by"] = {"status", "function_name"};
    int count = 0;
    const auto reply = client.call("get_step_aggregates", request);
    for (const auto& row : reply.at("rows")) {
      count += row.at("count").get<int>();
    }
    return count;
  };
  EXPECT_EQ(count(client(), Json::object()), 3);
  EXPECT_EQ(count(client(), {{"status", "ERROR"}}), 1);
  EXPECT_EQ(count(client(), {{"function_name", {"f"}}}), 2);
  EXPECT_EQ(count(client(), {{"workflow_id_prefix", "b"}}), 1);
  EXPECT_EQ(count(client(), {{"workflow_ids", "a"}}), 2);
  EXPECT_EQ(count(client(), {{"completed_after", 1001}}), 1);
  EXPECT_EQ(count(client(), {{"completed_before", 1000}}), 1);
  EXPECT_EQ(count(client(), {{"application_name", "app"}}), 2);
  auto own = open({{"application_name", "other"}});
  EXPECT_EQ(count(own, Json::object()), 2);
  EXPECT_EQ(count(own, {{"workflow_ids", "a"}}), 2) << "ids need no application";
}

TEST_P(Aggregates, RefuseWhatTheyDoNotKnowByName) {
  const auto failure = [&](const std::string& operation, const Json& request) {
    return client().refused(operation, request);
  };
  const auto unknown =
      failure("get_workflow_aggregates", {{"group_by", {"status", "function_name"}}});
  EXPECT_EQ(unknown.kind, "unknown_value");
  EXPECT_EQ(unknown.detail("path"), "group_by[1]");
  EXPECT_THAT(unknown.message, ::testing::HasSubstr("'function_name'"));
  EXPECT_EQ(
      failure("get_workflow_aggregates", {{"group_by", {"name"}}, {"select", {"max_duration_ms"}}})
          .detail("path"),
      "select[0]");
  EXPECT_EQ(failure("get_workflow_aggregates", {{"group_by", {"time_bucket_at_ms"}}}).kind,
            "unknown_value");
  EXPECT_EQ(failure("get_step_aggregates", {{"group_by", {"name"}}}).kind, "unknown_value");
  for (const std::string operation : {"get_workflow_aggregates", "get_step_aggregates"}) {
    EXPECT_EQ(failure(operation, Json::object()).kind, "missing_key");
    EXPECT_EQ(failure(operation, {{"group_by", {"status", "status"}}}).kind, "repeated_value");
    EXPECT_EQ(failure(operation, {{"time_bucket_ms", 0}}).kind, "out_of_range");
  }
}

}  // namespace
}  // namespace dbosc::test
