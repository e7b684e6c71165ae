#include <set>
#include <thread>

#include "contract/contract.h"

// Calls of one key become one run.

namespace dbosc::test {
namespace {

class Debounce : public Contract {
 protected:
  static Json request(const Json& more = Json::object()) {
    Json request{{"workflow_name", "w"},
                 {"queue_name", "q"},
                 {"debounce_key", "k"},
                 {"debounce_period_ms", 600000}};
    request.update(more);
    return request;
  }
  Json debounce(const Json& more = Json::object()) {
    return client().call("debounce", request(more));
  }
  Failure refused(const Json& more) { return client().refused("debounce", request(more)); }
  static std::int64_t number(const Row& row, const std::string& column) {
    return std::stoll(row.at(column).value());
  }
  /// What a worker does when the delay is over.
  void start(const std::string& id) {
    worker().update(id, {{"status", "ENQUEUED"}, {"deduplication_id", std::nullopt}});
  }
  Json args_of(const std::string& id) { return workflow(id).at("input").at("args"); }
};
INSTANTIATE_TEST_SUITE_P(Contract, Debounce,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

TEST_P(Debounce, MakesADelayedWorkflowThatHoldsTheKey) {
  const auto reply = debounce({{"workflow_id", "id"},
                               {"args", {1}},
                               {"debounce_timeout_ms", 3600000},
                               {"app_version", "v"},
                               {"attributes", {{"a", 1}}}});
  EXPECT_EQ(reply, Json({{"workflow_id", "id"}, {"outcome", "created"}}));
  const auto row = row_of("id");
  EXPECT_EQ(row.at("status"), "DELAYED");
  EXPECT_EQ(row.at("deduplication_id"), "w-k");
  EXPECT_EQ(row.at("queue_name"), "q");
  EXPECT_EQ(row.at("is_debounced"), "true");
  EXPECT_EQ(row.at("application_version"), "v");
  EXPECT_EQ(row.at("application_name"), std::nullopt);
  EXPECT_EQ(number(row, "debounce_deadline_epoch_ms") - number(row, "delay_until_epoch_ms"),
            3000000);
  const auto shown = workflow("id");
  EXPECT_EQ(shown.at("is_debounced"), true);
  EXPECT_EQ(shown.at("input").at("args"), Json({1}));
}

TEST_P(Debounce, TakesWhatAnEnqueueTakesForTheWorkflowThatItMakes) {
  const std::string id = debounce({{"class_name", "C"},
                                   {"config_name", "i"},
                                   {"workflow_timeout_ms", 5000},
                                   {"authenticated_user", "ada"},
                                   {"authenticated_roles", {"r"}},
                                   {"application_name", "app"},
                                   {"serialization", "portable_json"}})
                             .at("workflow_id");
  const auto row = row_of(id);
  EXPECT_EQ(row.at("class_name"), "C");
  EXPECT_EQ(row.at("config_name"), "i");
  EXPECT_EQ(row.at("workflow_timeout_ms"), "5000");
  EXPECT_EQ(row.at("workflow_deadline_epoch_ms"), std::nullopt) << "its time begins at its start";
  EXPECT_EQ(row.at("authenticated_user"), "ada");
  EXPECT_EQ(row.at("authenticated_roles"), R"(["r"])");
  EXPECT_EQ(row.at("application_name"), "app");
  EXPECT_EQ(row.at("serialization"), "portable_json");
}

TEST_P(Debounce, PutsTheWaitingWorkflowOffAndTheLastArgumentsCount) {
  const auto first = debounce({{"args", {1}}});
  const auto id = first.at("workflow_id").get<std::string>();
  worker().update(id, {{"delay_until_epoch_ms", "5"}, {"updated_at", "5"}});
  const auto second = debounce({{"args", {2}}, {"kwargs", {{"x", "y"}}}});
  EXPECT_EQ(second, Json({{"workflow_id", id}, {"outcome", "extended"}}));
  EXPECT_EQ(count("workflow_status"), 1);
  EXPECT_EQ(workflow(id).at("input"), Json({{"args", {2}}, {"kwargs", {{"x", "y"}}}}));
  EXPECT_GT(number(row_of(id), "delay_until_epoch_ms"), 1700000000000);
  EXPECT_GT(number(row_of(id), "updated_at"), 1700000000000);
  EXPECT_EQ(row_of(id).at("debounce_deadline_epoch_ms"), std::nullopt);
}

TEST_P(Debounce, NeverPutsItOffBeyondTheLimitOfTheFirstCall) {
  const std::string id = debounce({{"debounce_timeout_ms", 1200000}}).at("workflow_id");
  const auto deadline = row_of(id).at("debounce_deadline_epoch_ms");
  const auto later = debounce({{"debounce_period_ms", 7200000}, {"debounce_timeout_ms", 86400000}});
  EXPECT_EQ(later.at("outcome"), "extended");
  EXPECT_EQ(row_of(id).at("delay_until_epoch_ms"), deadline);
  EXPECT_EQ(row_of(id).at("debounce_deadline_epoch_ms"), deadline);
  debounce();
  EXPECT_LT(number(row_of(id), "delay_until_epoch_ms"), std::stoll(*deadline));
}

TEST_P(Debounce, WaitsNoLongerThanItsLimitFromTheStart) {
  const std::string id = debounce({{"debounce_timeout_ms", 1000}}).at("workflow_id");
  EXPECT_EQ(row_of(id).at("delay_until_epoch_ms"), row_of(id).at("debounce_deadline_epoch_ms"));
}

TEST_P(Debounce, MakesANewWorkflowOnceTheFirstHasStarted) {
  const std::string first = debounce({{"args", {1}}}).at("workflow_id");
  start(first);
  const auto second = debounce({{"args", {2}}});
  EXPECT_EQ(second.at("outcome"), "created");
  EXPECT_NE(second.at("workflow_id"), first);
  EXPECT_EQ(args_of(first), Json({1}));
}

TEST_P(Debounce, KeepsKeysQueuesAndWorkflowsApart) {
  std::set<std::string> ids;
  for (const auto& more :
       {Json::object(), Json{{"debounce_key", "other"}}, Json{{"queue_name", "other"}},
        Json{{"workflow_name", "other"}}, Json{{"queue_name", nullptr}}}) {
    const auto reply = debounce(more);
    EXPECT_EQ(reply.at("outcome"), "created") << more.dump();
    ids.insert(reply.at("workflow_id"));
  }
  EXPECT_EQ(ids.size(), 5u);
  EXPECT_EQ(sql().value("SELECT count(*) FROM dbos.workflow_status"
                        " WHERE queue_name = '_dbos_internal_queue'"),
            "1");
}

TEST_P(Debounce, SpellsTheKeyAsTheLanguagesDebouncerDoes) {
  const struct {
    Json more;
    std::string key;
  } cases[] = {
      {{{"language", "python"}, {"class_name", "C"}}, "w-k"},
      {{{"language", "typescript"}, {"class_name", "C"}}, "C.w-k"},
      {{{"language", "typescript"}}, ".w-k"},
      {{{"language", "go"}, {"queue_name", "go"}}, "w-k"},
      {{{"language", "go"}, {"config_name", "i"}}, "w/i-k"},
      {{{"language", "rust"}, {"queue_name", "rust"}}, "w-k"},
      {{{"payloads", "raw"},
        {"queue_name", "superjson"},
        {"args", {{"$raw", "{\"json\":[1]}"}, {"serialization", "js_superjson"}}}},
       ".w-k"},
  };
  for (const auto& [more, key] : cases) {
    const auto reply = debounce(more);
    EXPECT_EQ(reply.at("outcome"), "created") << more.dump();
    EXPECT_EQ(row_of(reply.at("workflow_id")).at("deduplication_id"), key) << more.dump();
  }
}

TEST_P(Debounce, RefusesJavaWhoseWorkersKeepTheKey) {
  const auto failure = refused({{"language", "java"}});
  EXPECT_EQ(failure.status, DBOSC_UNSUPPORTED);
  EXPECT_EQ(failure.kind, "unsupported_language");
  EXPECT_EQ(failure.detail("path"), "language");
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(Debounce, RefusesOptionsThatItOwnsItself) {
  for (const auto& [key, value] : {std::pair<std::string, Json>{"deduplication_id", "d"},
                                   {"delay_ms", 1},
                                   {"priority", 1},
                                   {"queue_partition_key", "p"},
                                   {"duplication_policy", "return_existing"},
                                   {"workflow_id_reuse_policy", "reject"}}) {
    const auto failure = refused({{key, value}});
    EXPECT_EQ(failure.status, DBOSC_INVALID_ARGUMENT) << key;
    EXPECT_EQ(failure.kind, "conflicting_keys") << key;
    EXPECT_EQ(failure.detail("path"), key);
    EXPECT_THAT(failure.message, ::testing::HasSubstr("'" + key + "'"));
  }
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(Debounce, NeedsItsKeyAndItsPeriod) {
  const struct {
    Json request;
    std::string kind, path;
  } cases[] = {
      {{{"debounce_period_ms", 1}}, "missing_key", "debounce_key"},
      {{{"debounce_period_ms", 1}, {"debounce_key", ""}}, "empty_value", "debounce_key"},
      {{{"debounce_key", "k"}}, "missing_key", "debounce_period_ms"},
      {{{"debounce_key", "k"}, {"debounce_period_ms", -1}}, "out_of_range", "debounce_period_ms"},
      {{{"debounce_key", "k"}, {"debounce_period_ms", 1}, {"debounce_timeout_ms", -1}},
       "out_of_range",
       "debounce_timeout_ms"},
      {{{"debounce_key", "k"}, {"debounce_period_ms", 1}, {"language", "cobol"}},
       "unknown_value",
       "language"},
      {{{"debounce_key", "k"}, {"debounce_period_ms", 1}, {"queue_name", ""}},
       "empty_value",
       "queue_name"},
  };
  for (auto [request, kind, path] : cases) {
    request["workflow_name"] = "w";
    const auto failure = client().refused("debounce", request);
    EXPECT_EQ(failure.kind, kind) << request.dump();
    EXPECT_EQ(failure.detail("path"), path) << request.dump();
  }
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(Debounce, TellsWhoHoldsTheKeyWhereItIsNotForUsToPutOff) {
  const struct {
    std::string queue;
    Row holder;
    Json more;
  } cases[] = {
      {"plain", {{"status", "ENQUEUED"}}, Json::object()},
      {"delayed", {{"status", "DELAYED"}}, Json::object()},
      {"name", {{"status", "DELAYED"}, {"is_debounced", "1"}, {"name", "other"}}, Json::object()},
      {"class",
       {{"status", "DELAYED"},
        {"is_debounced", "1"},
        {"class_name", "D"},
        {"deduplication_id", ".w-k"}},
       {{"language", "typescript"}}},
      {"app",
       {{"status", "DELAYED"}, {"is_debounced", "1"}, {"application_name", "other"}},
       {{"application_name", "app"}}},
      // A worker older than level 42 does not release the key.
      {"old", {{"status", "PENDING"}, {"is_debounced", "1"}}, Json::object()},
  };
  for (auto [queue, holder, more] : cases) {
    SCOPED_TRACE(queue);
    holder["queue_name"] = queue;
    holder.try_emplace("deduplication_id", "w-k");
    worker().insert_workflow(queue, holder);
    const auto before = row_of(queue);
    more["queue_name"] = queue;
    const auto failure = refused(more);
    EXPECT_EQ(failure.status, DBOSC_CONFLICT);
    EXPECT_EQ(failure.kind, "queue_deduplicated");
    EXPECT_EQ(failure.detail("workflow_id"), queue);
    EXPECT_EQ(row_of(queue), before);
  }
  EXPECT_EQ(count("workflow_status"), 6);
}

TEST_P(Debounce, ClaimsTheWaitingWorkflowForItsApplication) {
  const auto id = debounce().at("workflow_id").get<std::string>();
  const auto app = open({{"application_name", "app"}});
  EXPECT_EQ(app.call("debounce", request()).at("workflow_id"), id);
  EXPECT_EQ(row_of(id).at("application_name"), "app");
  EXPECT_EQ(debounce().at("workflow_id"), id) << "a nameless client sees all";
  EXPECT_EQ(row_of(id).at("application_name"), "app");
}

TEST_P(Debounce, ReplacesArgumentsInEveryPlaceThatAWorkerMayRead) {
  for (const std::string first : {"status", "split", "both"}) {
    for (const std::string second : {"status", "split", "both"}) {
      SCOPED_TRACE(first + ", then " + second);
      const Json key{{"debounce_key", first + second}};
      Json one = request(key), two = request(key);
      one["args"] = {1};
      two["args"] = {2};
      const std::string id =
          open({{"payload_columns", first}}).call("debounce", one).at("workflow_id");
      EXPECT_EQ(open({{"payload_columns", second}}).call("debounce", two).at("outcome"),
                "extended");
      const auto places = sql().row(
          "SELECT ws.inputs AS old_place, wi.inputs AS new_place FROM dbos.workflow_status ws"
          " LEFT JOIN dbos.workflow_input wi ON wi.workflow_uuid = ws.workflow_uuid"
          " WHERE ws.workflow_uuid = $1",
          {id});
      EXPECT_TRUE(places.at("old_place") || places.at("new_place"));
      for (const auto& [place, text] : places) {
        if (!text) continue;
        EXPECT_EQ(Json::parse(*text).at("positionalArgs"), Json({2})) << place;
      }
    }
  }
}

TEST_P(Debounce, WithTheIdOfAWorkflowThatIsThereComesToThat) {
  enqueue({{"workflow_id", "id"}});
  EXPECT_EQ(debounce({{"workflow_id", "id"}}),
            Json({{"workflow_id", "id"}, {"outcome", "existing"}}));
  EXPECT_EQ(refused({{"workflow_id", "id"}, {"workflow_name", "other"}}).kind,
            "conflicting_workflow");
  EXPECT_EQ(count("workflow_status"), 1);
}

TEST_P(Debounce, OfManyCallersAtOnceIsOneWorkflow) {
  client();
  std::vector<std::thread> callers;
  std::vector<Answer> answers(6);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    callers.emplace_back([&, i] { answers[i] = client().try_call("debounce", request()); });
  }
  for (auto& caller : callers) caller.join();
  int created = 0;
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer.ok()) << answer.failure.message;
    EXPECT_EQ(answer.reply.at("workflow_id"), answers[0].reply.at("workflow_id"));
    created += answer.reply.at("outcome") == "created";
  }
  EXPECT_EQ(created, 1);
  EXPECT_EQ(count("workflow_status"), 1);
}

TEST_P(Debounce, InATransactionCountsWithItsCommit) {
  {
    auto transaction = client().begin();
    EXPECT_EQ(transaction.call("debounce", request()).at("outcome"), "created");
    EXPECT_EQ(transaction.call("debounce", request()).at("outcome"), "extended");
    transaction.rollback();
  }
  EXPECT_EQ(count("workflow_status"), 0);
  worker().insert_workflow("holder", {{"deduplication_id", "w-held"}});
  auto transaction = client().begin();
  EXPECT_EQ(transaction.refused("debounce", request({{"debounce_key", "held"}})).kind,
            "queue_deduplicated");
  transaction.call("debounce", request({{"args", {7}}}));
  transaction.commit();
  EXPECT_EQ(debounce().at("outcome"), "extended");
}

}  // namespace
}  // namespace dbosc::test
