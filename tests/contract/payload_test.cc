#include "contract/contract.h"

// How payloads look in requests, in rows and in replies.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Payloads);

using ::testing::HasSubstr;

constexpr const char* kNumbers =
    "[12345678901234567890123,0.1000,-0,-0.0,1.0,1e400,1E+2,9007199254740993,1e-7]";

TEST_P(Payloads, KeepEveryDigitOnTheWayInAndOut) {
  const auto reply = client().call_text(
      "enqueue", std::string(R"({"workflow_name":"w","queue_name":"q",)") +
                     R"("workflow_id":"id","args":)" + kNumbers + R"(,"kwargs":{"big":1e999999}})");
  EXPECT_EQ(reply, R"({"workflow_id":"id","outcome":"created"})");
  EXPECT_EQ(row_of("id").at("inputs"),
            std::string(R"({"positionalArgs":)") + kNumbers + R"(,"namedArgs":{"big":1e999999}})");
  worker().succeed("id", kNumbers);
  EXPECT_THAT(client().call_text("get_workflow", R"({"workflow_id":"id"})"),
              ::testing::AllOf(HasSubstr(std::string(R"("input":{"args":)") + kNumbers +
                                         R"(,"kwargs":{"big":1e999999}})"),
                               HasSubstr(std::string(R"("output":)") + kNumbers)));
  EXPECT_EQ(client().call_text("get_result", R"({"workflow_id":"id"})"),
            std::string(R"({"result":)") + kNumbers + '}');
}

TEST_P(Payloads, AreStoredAsTheyWereWritten) {
  const std::string args = "[ {\"b\" : 1,\t\"a\":\"\\u00e9\\/\\n😀\", \"a\":\n2} , [ ] ]";
  client().call_text(
      "enqueue",
      R"({"workflow_name":"w","queue_name":"q","workflow_id":"id","args":)" + args + "}");
  EXPECT_EQ(row_of("id").at("inputs"), R"({"positionalArgs":)" + args + R"(,"namedArgs":{}})");
}

TEST_P(Payloads, HaveNoSpecialKeysInPlainMode) {
  const Json args{{{"$raw", "x"}, {"serialization", "s"}, {"$type", "datetime"}}};
  const auto id = enqueue({{"args", args}});
  EXPECT_EQ(workflow(id).at("input").at("args"), args);
  EXPECT_EQ(row_of(id).at("serialization"), "portable_json");
}

TEST_P(Payloads, ArePickledForPythonAndReadBack) {
  const Json moment{{"$type", "datetime"}, {"iso", "2024-02-29T12:34:56.000001"}};
  const auto id = enqueue({{"serialization", "py_pickle"},
                           {"payloads", "tagged"},
                           {"args", {moment, 1}},
                           {"kwargs", {{"k", {{"$type", "set"}, {"items", {1}}}}}}});
  EXPECT_EQ(row_of(id).at("serialization"), "py_pickle");
  EXPECT_EQ(workflow(id).at("input"),
            Json({{"args", {moment.at("iso"), 1}}, {"kwargs", {{"k", {1}}}}}));
  const Json code{{"$type", "object"}, {"class", "os.system"}, {"args", {"true"}}};
  const auto failure = client().refused(
      "enqueue",
      enqueue_request({{"serialization", "py_pickle"}, {"payloads", "tagged"}, {"args", {code}}}));
  EXPECT_EQ(failure.kind, "unsupported_value");
  EXPECT_EQ(failure.detail("path"), "args");
  EXPECT_EQ(count("workflow_status"), 1);
}

TEST_P(Payloads, AreNeverRunWhateverTheyAsk) {
  // os.system("exit"), by protocol 0
  const std::string harm = "Y29zCnN5c3RlbQooUydleGl0Jwp0Ui4=";
  worker().insert_workflow("id", {{"serialization", "py_pickle"}, {"inputs", harm}});
  worker().succeed("id", harm);
  const auto found = workflow("id");
  EXPECT_EQ(found.at("input"), Json({{"$raw", harm}, {"serialization", "py_pickle"}}));
  EXPECT_EQ(found.at("output"),
            Json({{"$type", "object"}, {"class", "os.system"}, {"args", {"exit"}}}));
}

TEST_P(Payloads, MayHoldTheEscapeOfNul) {
  const auto id = enqueue({{"args", {std::string("a\0b", 3)}}});
  EXPECT_THAT(*row_of(id).at("inputs"), HasSubstr(R"(a\u0000b)"));
  EXPECT_EQ(workflow(id).at("input").at("args")[0], std::string("a\0b", 3));
}

TEST_P(Payloads, GoUntouchedInRawMode) {
  const auto id = enqueue(
      {{"payloads", "raw"}, {"args", {{"$raw", "gASV not json"}, {"serialization", "py_pickle"}}}});
  const auto row = row_of(id);
  EXPECT_EQ(row.at("inputs"), "gASV not json");
  EXPECT_EQ(row.at("serialization"), "py_pickle");
  EXPECT_EQ(workflow(id).at("input"),
            Json({{"$raw", "gASV not json"}, {"serialization", "py_pickle"}}));
}

TEST_P(Payloads, MayBeLeftWithoutAFormatInRawMode) {
  for (const Json& raw :
       {Json({{"$raw", "t"}}), Json({{"$raw", "t"}, {"serialization", nullptr}})}) {
    const auto id = enqueue({{"payloads", "raw"}, {"args", raw}});
    EXPECT_EQ(row_of(id).at("serialization"), std::nullopt);
    EXPECT_EQ(workflow(id).at("input"), Json({{"$raw", "t"}, {"serialization", nullptr}}));
  }
}

TEST_P(Payloads, ComeOutRawInRawMode) {
  worker().insert_workflow("id", {{"inputs", R"({"positionalArgs": [1]})"}});
  worker().succeed("id", "[1, 2]");
  const auto found = workflow("id", {{"payloads", "raw"}});
  EXPECT_EQ(found.at("input"),
            Json({{"$raw", R"({"positionalArgs": [1]})"}, {"serialization", "portable_json"}}));
  EXPECT_EQ(found.at("output"), Json({{"$raw", "[1, 2]"}, {"serialization", "portable_json"}}));
  EXPECT_EQ(found.at("error"), nullptr);
  const auto client = open({{"payloads", "raw"}});
  EXPECT_EQ(client.call("get_result", {{"workflow_id", "id"}}).at("result").at("$raw"), "[1, 2]");
  EXPECT_EQ(client.call("get_result", {{"workflow_id", "id"}, {"payloads", "plain"}}).at("result"),
            Json({1, 2}));
}

TEST_P(Payloads, AreRefusedInRawModeWhereTheyAreNotRaw) {
  const std::string nul("a\0b", 3);
  for (const Json& bad : {Json(1), Json("text"), Json::array({1}), Json::object(),
                          Json({{"$raw", 1}}), Json({{"$raw", "x"}, {"serialization", 1}}),
                          Json({{"$raw", "x"}, {"serialisation", "py_pickle"}})}) {
    SCOPED_TRACE(bad.dump());
    const auto failure =
        client().refused("enqueue", enqueue_request({{"payloads", "raw"}, {"args", bad}}));
    EXPECT_EQ(failure.status, DBOSC_INVALID_ARGUMENT);
    EXPECT_THAT(failure.detail("path"), ::testing::StartsWith("args"));
  }
  EXPECT_EQ(
      client()
          .refused("enqueue", enqueue_request({{"payloads", "raw"}, {"args", {{"$raw", nul}}}}))
          .kind,
      "nul_character");
  EXPECT_EQ(client()
                .refused("enqueue", enqueue_request({{"payloads", "raw"},
                                                     {"args", {{"$raw", "x"}}},
                                                     {"kwargs", {{"a", 1}}}}))
                .kind,
            "conflicting_keys");
  EXPECT_EQ(
      client()
          .refused("enqueue", enqueue_request({{"payloads", "raw"}, {"kwargs", {{"$raw", "x"}}}}))
          .detail("path"),
      "kwargs")
      << "not taken for an argument of that name";
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(Payloads, ComeOutRawWhereTheyCannotBeRead) {
  struct Case {
    Value serialization;
    std::string text;
  };
  int n = 0;
  for (const auto& [serialization, text] :
       {Case{"py_pickle", "gASV"}, Case{"rust_serde", "{broken"}, Case{"DBOS_JSON", "[1]"},
        Case{"DBOS_GOB", "MQ=="}, Case{std::nullopt, "{broken"}, Case{"", "gASV"},
        Case{"custom \"x\"", "1"}, Case{"portable_json", "{broken"}, Case{"portable_json", ""},
        Case{"portable_json", std::string(600, '[') + std::string(600, ']')}}) {
    const auto id = "id" + std::to_string(n++);
    SCOPED_TRACE(serialization.value_or("NULL") + " " + text.substr(0, 20));
    worker().insert_workflow(id, {{"inputs", text}, {"serialization", serialization}});
    worker().succeed(id, text);
    const Json raw{{"$raw", text},
                   {"serialization", serialization ? Json(*serialization) : Json()}};
    const auto found = workflow(id);
    EXPECT_EQ(found.at("input"), raw);
    EXPECT_EQ(found.at("output"), raw);
    EXPECT_EQ(client().call("get_result", {{"workflow_id", id}}).at("result"), raw);
  }
}

TEST_P(Payloads, AreReadWhereTheirWriterWasLax) {
  worker().insert_workflow(
      "id", {{"inputs", R"({"namedArgs":{"x":NaN},"positionalArgs":[Infinity,"NaN -Infinity"]})"}});
  worker().succeed("id", R"([NaN, -Infinity, {"lone": "\ud800 \udc00", "pair": "\ud83d\ude00"}])");
  const auto found = workflow("id");
  EXPECT_EQ(found.at("input"),
            Json({{"args", {"Infinity", "NaN -Infinity"}}, {"kwargs", {{"x", "NaN"}}}}));
  EXPECT_EQ(found.at("output"),
            Json({"NaN", "-Infinity", {{"lone", "\uFFFD \uFFFD"}, {"pair", "😀"}}}));
}

TEST_P(Payloads, AlwaysShowInputsInOneShape) {
  const Json empty{{"args", Json::array()}, {"kwargs", Json::object()}};
  struct Case {
    Value stored;
    Json input;
  };
  int n = 0;
  for (const auto& [stored, input] :
       {Case{R"({"positionalArgs":[1]})", {{"args", {1}}, {"kwargs", Json::object()}}},
        Case{R"({"namedArgs":{"a":1},"positionalArgs":null})",
             {{"args", Json::array()}, {"kwargs", {{"a", 1}}}}},
        Case{R"({"positionalArgs":[],"namedArgs":null})", empty}, Case{"{}", empty},
        Case{"[1]", {{"args", Json::array({Json::array({1})})}, {"kwargs", Json::object()}}},
        Case{R"({"positionalArgs":1})",
             {{"$raw", R"({"positionalArgs":1})"}, {"serialization", "portable_json"}}},
        Case{std::nullopt, nullptr}}) {
    const auto id = "id" + std::to_string(n++);
    SCOPED_TRACE(stored.value_or("NULL"));
    worker().insert_workflow(id, {{"inputs", stored}});
    EXPECT_EQ(workflow(id).at("input"), input);
  }
}

TEST_P(Payloads, AreTakenFromTheNewPlaceFirst) {
  worker().insert_workflow("id", {{"inputs", R"({"positionalArgs":["old"]})"},
                                  {"output", R"("old")"},
                                  {"error", R"({"name":"old","message":""})"}});
  sql().insert("workflow_input",
               {{"workflow_uuid", "id"}, {"inputs", R"({"positionalArgs":["new"]})"}});
  worker().succeed("id", R"("new")");
  EXPECT_EQ(workflow("id").at("input").at("args"), Json({"new"}));
  EXPECT_EQ(workflow("id").at("output"), "new");
  EXPECT_EQ(client().call("get_result", {{"workflow_id", "id"}}).at("result"), "new");
}

TEST_P(Payloads, AreAsLargeAsMegabytes) {
  const std::string text(8 << 20, 'x');
  const auto id = enqueue({{"args", {text}}});
  EXPECT_EQ(workflow(id).at("input").at("args")[0], text);
}

TEST_P(Payloads, NeverMakeAReplyThatIsNotUtf8) {
  if (postgres()) {
    EXPECT_ANY_THROW(worker().insert_workflow("id", {{"name", "\xff"}})) << "Postgres keeps it out";
    return;
  }
  worker().insert_workflow("id",
                           {{"name", "n\xff"}, {"inputs", "{\"positionalArgs\":[\"\xff\"]}"}});
  const auto answer = client().try_call("get_workflow", {{"workflow_id", "id"}});
  EXPECT_TRUE(answer.ok());
}

}  // namespace
}  // namespace dbosc::test
