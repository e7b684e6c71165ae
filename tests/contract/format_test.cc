#include "contract/contract.h"

// Whose format is whose: `serialization` auto on the way in, rows without a label on the way out.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Formats);

/// base64 of `{"a":1}`.
constexpr const char* kGoObject = "eyJhIjoxfQ==";

TEST_P(Formats, AutoIsPortableWhereNoRowTells) {
  worker().insert_workflow("portable", {{"name", "w"}, {"queue_name", "q"}});
  const auto id = enqueue({{"serialization", "auto"}, {"args", {1}}});
  EXPECT_EQ(row_of(id).at("serialization"), "portable_json");
  EXPECT_EQ(row_of(id).at("inputs"), R"({"positionalArgs":[1],"namedArgs":{}})");
}

TEST_P(Formats, AutoIsWhatOthersOfThatNameAreIn) {
  worker().insert_workflow("go", {{"serialization", "DBOS_JSON"}, {"inputs", "MQ=="}});
  worker().insert_workflow("rust",
                           {{"name", "other"}, {"serialization", "rust_serde"}, {"inputs", "1"}});
  const auto id = enqueue({{"serialization", "auto"}, {"args", {{{"a", 1}}}}});
  EXPECT_EQ(row_of(id).at("serialization"), "DBOS_JSON");
  EXPECT_EQ(row_of(id).at("inputs"), kGoObject);
  const auto rust =
      enqueue({{"workflow_name", "other"}, {"serialization", "auto"}, {"args", {{{"a", 1}}}}});
  EXPECT_EQ(row_of(rust).at("serialization"), "rust_serde");
  EXPECT_EQ(row_of(rust).at("inputs"), R"({"a":1})") << "not the portable envelope";
}

TEST_P(Formats, AutoWritesEverySdksOwnFormatAndReadsItBack) {
  const Json argument{{"a", {1, 2.5, "x", nullptr, true}}};
  for (const std::string format :
       {"py_pickle", "js_superjson", "DBOS_JSON", "java_jackson", "rust_serde"}) {
    worker().insert_workflow("seen " + format, {{"name", format}, {"serialization", format}});
  }
  for (const std::string format :
       {"py_pickle", "js_superjson", "DBOS_JSON", "java_jackson", "rust_serde"}) {
    const auto id = enqueue({{"workflow_name", format},
                             {"class_name", "C"},
                             {"serialization", "auto"},
                             {"args", {argument}}});
    EXPECT_EQ(row_of(id).at("serialization"), format);
    const auto shown = client().call("get_workflow", {{"workflow_id", id}}).at("workflow");
    EXPECT_EQ(shown.at("input").at("args"), Json::array({argument})) << format;
  }
}

TEST_P(Formats, AutoWritesNothingThatWouldStopAJavaWorker) {
  worker().insert_workflow("java", {{"serialization", "java_jackson"}});
  const auto failure = client().refused("enqueue", enqueue_request({{"serialization", "auto"}}));
  EXPECT_EQ(failure.kind, "missing_key");
  EXPECT_EQ(failure.detail("path"), "class_name");
}

TEST_P(Formats, AutoGoesByNameThenQueueThenApplication) {
  const auto row = [](const char* name, const char* queue, const char* application,
                      const char* format) {
    return Row{{"name", name},
               {"queue_name", queue},
               {"application_name", application},
               {"serialization", format}};
  };
  worker().insert_workflow("1", row("w", "other", "app", "DBOS_JSON"));
  worker().insert_workflow("2", row("v", "q", "app", "rust_serde"));
  worker().insert_workflow("3", row("w", "q", "another", "rust_serde"));
  worker().insert_workflow("4", row("u", "r", "third", "DBOS_JSON"));
  const auto format = [&](const char* name, const char* queue, const char* application) {
    const auto id = enqueue({{"workflow_name", name},
                             {"queue_name", queue},
                             {"application_name", application},
                             {"serialization", "auto"}});
    return row_of(id).at("serialization");
  };
  EXPECT_EQ(format("w", "q", "app"), "DBOS_JSON");
  EXPECT_EQ(format("x", "q", "app"), "rust_serde");
  EXPECT_EQ(format("x", "x", "third"), "DBOS_JSON");
  EXPECT_EQ(format("w", "q", "another"), "rust_serde");
  EXPECT_EQ(format("x", "x", "unheard of"), "portable_json");
}

TEST_P(Formats, AutoTrustsRowsThatSucceeded) {
  worker().insert_workflow("good", {{"serialization", "DBOS_JSON"}, {"created_at", "1000"}});
  worker().succeed("good", "MQ==");
  worker().insert_workflow("mistaken", {{"serialization", "rust_serde"}});
  EXPECT_EQ(row_of(enqueue({{"serialization", "auto"}})).at("serialization"), "DBOS_JSON");
}

TEST_P(Formats, AutoIsPortableForWhatThisClientCannotWrite) {
  for (const std::string format : {"DBOS_GOB", "somebody's own"}) {
    worker().insert_workflow(format, {{"name", format}, {"serialization", format}});
  }
  for (const std::string format : {"DBOS_GOB", "somebody's own"}) {
    const auto id = enqueue({{"workflow_name", format}, {"serialization", "auto"}});
    EXPECT_EQ(row_of(id).at("serialization"), "portable_json");
  }
}

TEST_P(Formats, AutoPutsArgumentsWhereTheApplicationDoes) {
  worker().insert_workflow("go", {{"serialization", "DBOS_JSON"}, {"inputs", std::nullopt}});
  worker().insert_workflow(
      "rust", {{"name", "r"}, {"serialization", "rust_serde"}, {"inputs", std::nullopt}});
  const auto go = enqueue({{"serialization", "auto"}, {"args", {{{"a", 1}}}}});
  EXPECT_EQ(row_of(go).at("inputs"), std::nullopt);
  EXPECT_EQ(sql().value("SELECT inputs FROM dbos.workflow_input WHERE workflow_uuid = $1", {go}),
            kGoObject);
  const auto rust = enqueue({{"workflow_name", "r"}, {"serialization", "auto"}, {"args", {1}}});
  EXPECT_EQ(row_of(rust).at("inputs"), "1") << "Rust reads this place only";
}

TEST_P(Formats, AutoHoldsForBatchesDebouncesAndPreparedStatements) {
  worker().insert_workflow(
      "go", {{"name", "g"}, {"serialization", "DBOS_JSON"}, {"inputs", std::nullopt}});
  worker().insert_workflow("rust", {{"name", "r"}, {"serialization", "rust_serde"}});
  const auto client = open({{"serialization", "auto"}});
  const auto request = [](const char* name, const char* id) {
    return enqueue_request({{"workflow_name", name}, {"workflow_id", id}, {"args", {{{"a", 1}}}}});
  };
  client.call("enqueue_many", {{"workflows", {request("g", "many g"), request("r", "many r")}}});
  EXPECT_EQ(row_of("many g").at("inputs"), kGoObject) << "in both places, as the batch is mixed";
  EXPECT_EQ(row_of("many r").at("inputs"), R"({"a":1})");
  run_prepared(sql(), client.call("prepare_enqueue", request("r", "prepared")));
  EXPECT_EQ(row_of("prepared").at("serialization"), "rust_serde");
  auto debounce = request("g", "debounced");
  debounce.update({{"debounce_key", "k"}, {"debounce_period_ms", 60000}});
  client.call("debounce", debounce);
  EXPECT_EQ(row_of("debounced").at("serialization"), "DBOS_JSON");
}

TEST_P(Formats, AutoMessagesAreInTheFormatOfTheirReceiver) {
  worker().insert_workflow("go", {{"serialization", "DBOS_JSON"}});
  worker().insert_workflow("gob", {{"name", "x"}, {"serialization", "DBOS_GOB"}});
  worker().insert_workflow("portable");
  const auto client = open({{"serialization", "auto"}});
  const auto stored = [&](const std::string& id) {
    client.call("send", {{"destination_id", id}, {"message", {{"a", 1}}}});
    return *sql().value(
        "SELECT serialization || ' ' || message FROM dbos.notifications"
        " WHERE destination_uuid = $1",
        {id});
  };
  EXPECT_EQ(stored("go"), std::string("DBOS_JSON ") + kGoObject);
  EXPECT_EQ(stored("gob"), R"(portable_json {"a":1})");
  EXPECT_EQ(stored("portable"), R"(portable_json {"a":1})");
  EXPECT_EQ(client.refused("send", {{"destination_id", "nobody"}, {"message", 1}}).kind,
            "non_existent_workflow");
  client.call("enqueue_and_send",
              enqueue_request({{"workflow_id", "both"}, {"messages", {{{"message", nullptr}}}}}));
  EXPECT_EQ(
      sql().value("SELECT message FROM dbos.notifications WHERE destination_uuid = $1", {"both"}),
      "__DBOS_NIL");
}

TEST_P(Formats, AutoGoesWithRawPayloads) {
  const Json raw{{"$raw", "MQ=="}, {"serialization", "DBOS_JSON"}};
  const auto client = open({{"serialization", "auto"}, {"payloads", "raw"}});
  client.call("enqueue", enqueue_request({{"workflow_id", "without"}}));
  EXPECT_EQ(row_of("without").at("serialization"), "portable_json");
  client.call("enqueue", enqueue_request({{"workflow_id", "with"}, {"args", raw}}));
  EXPECT_EQ(row_of("with").at("serialization"), "DBOS_JSON");
}

TEST_P(Formats, AutoRefusesWhatWouldStopTheWorker) {
  worker().insert_workflow("go", {{"name", "g"}, {"serialization", "DBOS_JSON"}});
  EXPECT_EQ(client()
                .refused("enqueue",
                         enqueue_request(
                             {{"workflow_name", "g"}, {"serialization", "auto"}, {"args", {1, 2}}}))
                .detail("path"),
            "args");
  EXPECT_EQ(count("workflow_status"), 1);
}

TEST_P(Formats, AutoIsAskedForInsideTheCallersTransaction) {
  const auto client = open({{"serialization", "auto"}, {"pool_size", 1}});
  auto transaction = client.begin();
  transaction.call("enqueue", enqueue_request({{"workflow_id", "id"}, {"args", {1}}}));
  transaction.commit();
  EXPECT_EQ(row_of("id").at("serialization"), "portable_json");
}

TEST_P(Formats, GoAndRustTakeOneArgument) {
  for (const std::string format : {"DBOS_JSON", "rust_serde"}) {
    const auto two =
        client().refused("enqueue", enqueue_request({{"serialization", format}, {"args", {1, 2}}}));
    EXPECT_EQ(two.kind, "unsupported_value");
    EXPECT_EQ(two.detail("path"), "args");
    const auto named = client().refused(
        "enqueue", enqueue_request({{"serialization", format}, {"kwargs", {{"a", 1}}}}));
    EXPECT_EQ(named.detail("path"), "kwargs");
  }
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(Formats, GobIsReadOnly) {
  const auto refused =
      client().refused("enqueue", enqueue_request({{"serialization", "DBOS_GOB"}, {"args", {1}}}));
  EXPECT_EQ(refused.status, DBOSC_UNSUPPORTED);
  EXPECT_EQ(count("workflow_status"), 0);
  worker().insert_workflow("id", {{"serialization", "DBOS_GOB"}, {"inputs", "ChAAA2ludAQCAA4="}});
  EXPECT_EQ(workflow("id").at("input").at("args"), Json({7}));
}

TEST_P(Formats, RowsWithoutALabelAreReadByTheirForm) {
  struct Case {
    const char* inputs;
    Json args;
  };
  int number = 0;
  for (const auto& [inputs, args] :
       {Case{kGoObject, {{{"a", 1}}}}, Case{"__DBOS_NIL", {nullptr}}, Case{"ChAAA2ludAQCAA4=", {7}},
        Case{"[1,2]", {{1, 2}}}, Case{R"({"positionalArgs":[1,2]})", {1, 2}}}) {
    const auto id = std::to_string(++number);
    worker().insert_workflow(id, {{"serialization", std::nullopt}, {"inputs", inputs}});
    EXPECT_EQ(workflow(id).at("input").at("args"), args) << inputs;
    EXPECT_EQ(workflow(id).at("serialization"), nullptr) << "the label stays what it is";
  }
}

TEST_P(Formats, RowsWithoutALabelAreReadAsTheirOwners) {
  // A Go program's error, which is nothing but its message.
  for (const std::string application : {"go", "rust"}) {
    const std::string format = application == "go" ? "DBOS_JSON" : "rust_serde";
    worker().insert_workflow(application,
                             {{"application_name", application}, {"serialization", format}});
    worker().insert_workflow(application + " failed",
                             {{"application_name", application}, {"serialization", std::nullopt}});
    worker().fail(application + " failed", "EOF");
  }
  const auto error = workflow("go failed").at("error");
  EXPECT_EQ(error.at("message"), "EOF");
  EXPECT_EQ(error.at("serialization"), "DBOS_JSON");
  EXPECT_EQ(workflow("rust failed").at("error"),
            Json({{"$raw", "EOF"}, {"serialization", nullptr}}));
  const auto failure = client().refused("get_result", {{"workflow_id", "go failed"}});
  EXPECT_EQ(failure.details.at("workflow_error").at("message"), "EOF");
  const auto listed = client().call("list_workflows").at("workflows");
  EXPECT_EQ(listed.size(), 4);
}

TEST_P(Formats, StepsWithoutALabelAreReadAsTheirWorkflow) {
  worker().insert_workflow("id", {{"serialization", "DBOS_JSON"}});
  worker().add_step("id", 0, {{"error", "EOF"}, {"serialization", std::nullopt}});
  worker().add_step("id", 1, {{"output", "MQ=="}, {"serialization", std::nullopt}});
  const auto steps = client().call("list_workflow_steps", {{"workflow_id", "id"}}).at("steps");
  EXPECT_EQ(steps[0].at("error").at("message"), "EOF");
  EXPECT_EQ(steps[1].at("output"), 1);
}

TEST_P(Formats, ErrorsInTheirWorkersOwnShapeAreReadUnderAnyLabel) {
  worker().insert_workflow("go", {{"serialization", "rust_serde"}});
  worker().fail("go", "unknown serialization format");
  const auto error = workflow("go").at("error");
  EXPECT_EQ(error.at("message"), "unknown serialization format");
  worker().insert_workflow("gob", {{"serialization", "portable_json"}});
  worker().fail("gob",
                "LhAADW1haW4uVmFsRXJyb3L/hQMBAQhWYWxFcnJvcgH/hgABAQEDTXNnAQwAAAAO/4YLAQhi"
                "eSB2YWx1ZQA=");
  EXPECT_EQ(workflow("gob").at("error").at("name"), "ValError");
}

}  // namespace
}  // namespace dbosc::test
