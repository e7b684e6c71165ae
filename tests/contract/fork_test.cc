#include "contract/contract.h"

// Forking and rewinding workflows.

namespace dbosc::test {
namespace {

/// A workflow of four steps with a child, events of two steps, and a stream that was closed.
class ForkContract : public Contract {
 protected:
  void make_source(Row columns = {}) {
    Row row{{"status", "ERROR"},
            {"name", "f"},
            {"class_name", "C"},
            {"config_name", "c"},
            {"inputs", R"({"positionalArgs":[1],"namedArgs":{}})"},
            {"authenticated_user", "u"},
            {"priority", "5"},
            {"application_version", "v1"}};
    for (auto& [column, value] : columns) row[column] = value;
    worker().insert_workflow("source", row);
    worker().add_step("source", 1, {{"function_name", "first"}, {"output", "1"}});
    worker().add_step("source", 2, {{"function_name", "child"}, {"child_workflow_id", "kid"}});
    worker().add_step("source", 3, {{"function_name", "first"}, {"output", "3"}, {"error", ""}});
    worker().add_step("source", 4, {{"function_name", "last"}, {"error", "boom"}});
    history(1, "e", "1");
    history(2, "e", "2");
    history(4, "e", "4");
    history(4, "late", "4");
    worker().set_event("source", "e", "4");
    worker().set_event("source", "late", "4");
    stream(0, 1, "10");
    stream(1, 4, R"("__DBOS_STREAM_CLOSED__")");
  }
  void history(int function_id, const std::string& key, const std::string& value) {
    sql().insert("workflow_events_history", {{"workflow_uuid", "source"},
                                             {"function_id", std::to_string(function_id)},
                                             {"key", key},
                                             {"value", value},
                                             {"serialization", "portable_json"}});
  }
  void stream(int offset, int function_id, const std::string& value) {
    sql().insert("streams", {{"workflow_uuid", "source"},
                             {"key", "s"},
                             {"value", value},
                             {"offset", std::to_string(offset)},
                             {"function_id", std::to_string(function_id)},
                             {"serialization", "portable_json"}});
  }
  Json fork(const Json& start_step, const Json& more = Json::object()) {
    Json request{
        {"workflow_id", "source"}, {"start_step", start_step}, {"new_workflow_id", "fork"}};
    request.update(more);
    return client().call("fork_workflow", request);
  }
  Json events_of(const std::string& id) {
    Json events = Json::object();
    const auto reply = client().call("list_events", {{"workflow_id", id}});
    for (const auto& event : reply.at("events")) {
      events[event.at("key").get<std::string>()] = event.at("value");
    }
    return events;
  }
  std::vector<int> steps_of(const std::string& id) {
    std::vector<int> steps;
    const auto reply = client().call("list_workflow_steps", {{"workflow_id", id}});
    for (const auto& step : reply.at("steps")) {
      steps.push_back(step.at("function_id"));
    }
    return steps;
  }
};

class Forking : public ForkContract {};
INSTANTIATE_TEST_SUITE_P(Contract, Forking, ::testing::Values(Backend::kPostgres, Backend::kSqlite),
                         backend_of);

TEST_P(Forking, CopiesTheWorkflowAndWhatItDidBeforeTheStep) {
  make_source();
  EXPECT_EQ(fork(3), Json({{"workflow_id", "fork"}, {"start_step", 3}}));
  const auto row = row_of("fork");
  EXPECT_EQ(row.at("status"), "ENQUEUED");
  EXPECT_EQ(row.at("name"), "f");
  EXPECT_EQ(row.at("class_name"), "C");
  EXPECT_EQ(row.at("config_name"), "c");
  EXPECT_EQ(row.at("authenticated_user"), "u");
  EXPECT_EQ(row.at("serialization"), "portable_json");
  EXPECT_EQ(row.at("forked_from"), "source");
  EXPECT_EQ(row.at("queue_name"), "_dbos_internal_queue");
  EXPECT_EQ(row.at("priority"), "0");
  EXPECT_EQ(row.at("application_version"), std::nullopt);
  EXPECT_EQ(row_of("source").at("was_forked_from"), "true");
  EXPECT_EQ(workflow("fork").at("input").at("args"), Json({1}));
  EXPECT_EQ(steps_of("fork"), (std::vector<int>{1, 2}));
  EXPECT_EQ(events_of("fork"), Json({{"e", 2}}));
  EXPECT_EQ(client().call("list_streams", {{"workflow_id", "fork"}}).at("streams"),
            Json({{{"key", "s"}, {"values", {10}}, {"closed", false}}}));
  EXPECT_EQ(events_of("source"), Json({{"e", 4}, {"late", 4}})) << "the source stays as it was";
}

TEST_P(Forking, TakesWhatItIsGiven) {
  make_source();
  fork(3, {{"app_version", "v2"},
           {"queue_name", "q2"},
           {"queue_partition_key", "p"},
           {"workflow_timeout_ms", 5},
           {"replacement_children", {{"kid", "new kid"}}}});
  const auto row = row_of("fork");
  EXPECT_EQ(row.at("application_version"), "v2");
  EXPECT_EQ(row.at("queue_name"), "q2");
  EXPECT_EQ(row.at("queue_partition_key"), "p");
  EXPECT_EQ(row.at("workflow_timeout_ms"), "5");
  EXPECT_EQ(client()
                .call("list_workflow_steps", {{"workflow_id", "fork"}})
                .at("steps")[1]
                .at("child_workflow_id"),
            "new kid");
}

TEST_P(Forking, FindsStepsByTheirMeaningAndByName) {
  make_source();
  const auto step = [&](const std::string& name) {
    return client()
        .call("fork_workflow", {{"workflow_id", "source"}, {"start_step", name}})
        .at("start_step");
  };
  EXPECT_EQ(step("last_failure"), 4);
  EXPECT_EQ(step("last_step"), 4);
  EXPECT_EQ(step("first"), 3) << "the last of that name";
  EXPECT_EQ(step("child"), 2);
  const auto failure =
      client().refused("fork_workflow", Json{{"workflow_id", "source"}, {"start_step", "none"}});
  EXPECT_EQ(failure.status, DBOSC_NOT_FOUND);
  EXPECT_EQ(failure.kind, "no_fork_point");
}

TEST_P(Forking, ReadsTheInputWhereverItIsAndWritesItWhereItIsWanted) {
  make_source({{"inputs", std::nullopt}});
  const std::string input = R"({"positionalArgs":[2],"namedArgs":{}})";
  sql().insert("workflow_input", {{"workflow_uuid", "source"}, {"inputs", input}});
  for (const std::string placement : {"status", "split", "both"}) {
    SCOPED_TRACE(placement);
    open({{"payload_columns", placement}})
        .call("fork_workflow",
              {{"workflow_id", "source"}, {"start_step", 1}, {"new_workflow_id", placement}});
    EXPECT_EQ(row_of(placement).at("inputs"), placement == "split" ? Value() : Value(input));
    const auto split =
        sql().rows("SELECT inputs FROM dbos.workflow_input WHERE workflow_uuid = $1", {placement});
    EXPECT_EQ(split.size(), placement == "status" ? 0u : 1u);
    EXPECT_EQ(workflow(placement).at("input").at("args"), Json({2}));
    EXPECT_EQ(steps_of(placement), std::vector<int>()) << "Python's first step is 1";
  }
}

TEST_P(Forking, RefusesWhatCannotBe) {
  make_source();
  worker().insert_workflow("taken");
  const auto failure = [&](const Json& more) {
    Json request{{"workflow_id", "source"}, {"start_step", 1}};
    request.update(more);
    return client().refused("fork_workflow", request);
  };
  EXPECT_EQ(failure({{"workflow_id", "none"}}).kind, "non_existent_workflow");
  EXPECT_EQ(failure({{"workflow_id", "none"}, {"start_step", "last_step"}}).kind,
            "non_existent_workflow");
  EXPECT_EQ(failure({{"new_workflow_id", "taken"}}).kind, "workflow_id_in_use");
  EXPECT_EQ(failure({{"queue_partition_key", "p"}}).kind, "missing_key");
  EXPECT_EQ(failure({{"start_step", -1}}).kind, "out_of_range");
  EXPECT_EQ(failure({{"start_step", true}}).kind, "wrong_type");
  EXPECT_EQ(failure({{"replacement_children", {{"kid", 1}}}}).kind, "wrong_type");
  EXPECT_EQ(count("workflow_status"), 2);
}

TEST_P(Forking, ForksSeveralAllOrNone) {
  make_source();
  const auto reply = client().call(
      "fork_workflows", {{"forks",
                          {{{"workflow_id", "source"}, {"start_step", 2}, {"new_workflow_id", "a"}},
                           {{"workflow_id", "source"}, {"start_step", "last_failure"}}}}});
  EXPECT_EQ(reply.at("forks")[0],
            Json({{"forked_from", "source"}, {"workflow_id", "a"}, {"start_step", 2}}));
  EXPECT_EQ(reply.at("forks")[1].at("start_step"), 4);
  EXPECT_EQ(count("workflow_status"), 3);
  EXPECT_EQ(client()
                .refused("fork_workflows", Json{{"forks",
                                                 {{{"workflow_id", "source"}, {"start_step", 1}},
                                                  {{"workflow_id", "none"}, {"start_step", 1}}}}})
                .kind,
            "non_existent_workflow");
  EXPECT_EQ(count("workflow_status"), 3);
}

TEST_P(Forking, ForksWhatAFilterSelectsAndSaysOfEachWhatBecameOfIt) {
  make_source();
  worker().insert_workflow("no step", {{"status", "ERROR"}, {"created_at", "1"}});
  worker().insert_workflow("over", {{"status", "SUCCESS"}});
  Json request{{"filter", {{"status", "ERROR"}}},
               {"start_step", "last_failure"},
               {"app_version", "v2"},
               {"queue_name", "q2"},
               {"workflow_timeout_ms", 7},
               {"dry_run", true}};
  const Json left_out{
      {"forked_from", "no step"}, {"workflow_id", nullptr}, {"start_step", nullptr}};
  Json entry{{"forked_from", "source"}, {"workflow_id", nullptr}, {"start_step", 4}};
  EXPECT_EQ(client().call("fork_workflows", request).at("forks"), Json({left_out, entry}));
  EXPECT_EQ(count("workflow_status"), 3) << "a dry run makes none";
  request["dry_run"] = false;
  const auto forks = client().call("fork_workflows", request).at("forks");
  ASSERT_EQ(forks.size(), 2u);
  const auto made = forks[1].at("workflow_id");
  entry["workflow_id"] = made;
  EXPECT_EQ(forks, Json({left_out, entry}));
  const auto row = row_of(made);
  EXPECT_EQ(row.at("forked_from"), "source");
  EXPECT_EQ(row.at("application_version"), "v2");
  EXPECT_EQ(row.at("queue_name"), "q2");
  EXPECT_EQ(row.at("workflow_timeout_ms"), "7");
  EXPECT_EQ(steps_of(made), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(count("workflow_status"), 4);
  request["filter"]["status"] = "CANCELLED";
  EXPECT_EQ(client().call("fork_workflows", request).at("forks"), Json::array());
}

TEST_P(Forking, RefusesASelectionThatIsUnclear) {
  make_source();
  const Json filter{{"status", "ERROR"}};
  const Json forks{{{"workflow_id", "source"}, {"start_step", 1}}};
  const auto kind = [&](const Json& request) {
    return client().refused("fork_workflows", request).kind;
  };
  EXPECT_EQ(kind(Json::object()), "missing_key");
  EXPECT_EQ(kind({{"filter", filter}}), "missing_key");
  EXPECT_EQ(kind({{"filter", Json::object()}, {"start_step", 1}}), "missing_key");
  EXPECT_EQ(kind({{"filter", filter}, {"forks", forks}}), "conflicting_keys");
  EXPECT_EQ(kind({{"forks", forks}, {"queue_name", "q"}}), "conflicting_keys");
  EXPECT_EQ(kind({{"filter", filter}, {"start_step", 1}, {"queue_partition_key", "p"}}),
            "missing_key");
  const Json nobody{{{"workflow_id", "none"}, {"start_step", 1}}};
  EXPECT_EQ(kind({{"forks", nobody}, {"dry_run", true}}), "non_existent_workflow");
  EXPECT_EQ(count("workflow_status"), 1);
}

class Rewinding : public ForkContract {
 protected:
  Json rewind(const Json& start_step, const Json& more = Json::object()) {
    Json request{{"workflow_id", "source"}, {"start_step", start_step}};
    request.update(more);
    return client().call("rewind_workflow", request);
  }
};
INSTANTIATE_TEST_SUITE_P(Contract, Rewinding,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

TEST_P(Rewinding, DropsWhatWasDoneFromTheStepOn) {
  make_source(
      {{"output", "1"}, {"error", "boom"}, {"recovery_attempts", "3"}, {"completed_at", "1"}});
  sql().insert("workflow_output", {{"workflow_uuid", "source"}, {"error", "boom"}});
  for (const auto& [id, consumed, by] :
       {std::tuple<std::string, std::string, Value>{"early", "1", "1"},
        {"late", "1", "3"},
        {"waiting", "0", std::nullopt}}) {
    sql().insert("notifications", {{"message_uuid", id},
                                   {"destination_uuid", "source"},
                                   {"message", "1"},
                                   {"consumed", consumed},
                                   {"consumed_by_function_id", by}});
  }
  EXPECT_EQ(rewind(3), Json({{"workflow_id", "source"}, {"start_step", 3}}));
  const auto row = row_of("source");
  EXPECT_EQ(row.at("status"), "ENQUEUED");
  EXPECT_EQ(row.at("queue_name"), "_dbos_internal_queue");
  EXPECT_EQ(row.at("application_version"), "v1");
  EXPECT_EQ(row.at("recovery_attempts"), "0");
  for (const std::string column : {"output", "error", "completed_at"}) {
    EXPECT_EQ(row.at(column), std::nullopt) << column;
  }
  EXPECT_EQ(count("workflow_output"), 0);
  EXPECT_EQ(steps_of("source"), (std::vector<int>{1, 2}));
  EXPECT_EQ(events_of("source"), Json({{"e", 2}}));
  EXPECT_EQ(client().call("list_streams", {{"workflow_id", "source"}}).at("streams"),
            Json({{{"key", "s"}, {"values", {10}}, {"closed", false}}}));
  EXPECT_EQ(sql().value("SELECT message_uuid FROM dbos.notifications"), "early");
}

TEST_P(Rewinding, TakesWhatItIsGiven) {
  make_source();
  rewind("last_failure",
         {{"app_version", "v2"}, {"queue_name", "q2"}, {"queue_partition_key", "p"}});
  const auto row = row_of("source");
  EXPECT_EQ(row.at("application_version"), "v2");
  EXPECT_EQ(row.at("queue_name"), "q2");
  EXPECT_EQ(row.at("queue_partition_key"), "p");
  EXPECT_EQ(steps_of("source"), (std::vector<int>{1, 2, 3}));
}

TEST_P(Rewinding, RefusesAWorkflowThatIsNotOverOrNotThere) {
  make_source({{"status", "PENDING"}});
  const auto kind = [&](const std::string& id) {
    return client().refused("rewind_workflow", Json{{"workflow_id", id}, {"start_step", 1}}).kind;
  };
  EXPECT_EQ(kind("source"), "workflow_not_over");
  EXPECT_EQ(kind("none"), "non_existent_workflow");
  EXPECT_EQ(steps_of("source").size(), 4u);
}

}  // namespace
}  // namespace dbosc::test
