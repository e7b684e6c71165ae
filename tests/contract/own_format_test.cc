#include "contract/contract.h"

// Payloads in the formats of the SDKs' own, from the request to the row and back.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(TypescriptPayloads);
DBOSC_CONTRACT(JavaPayloads);

const Json kMoment{{"$type", "datetime"}, {"iso", "2024-02-29T12:34:56.789Z"}};
const Json kBig{{"$type", "bigint"}, {"value", "18446744073709551616"}};

const Json kTypescript{{"payloads", "tagged"}, {"serialization", "js_superjson"}};
const Json kJava{{"payloads", "tagged"}, {"serialization", "java_jackson"}, {"class_name", "C"}};

TEST_P(TypescriptPayloads, GoOutAndComeBackWithTheirTypes) {
  const Json args{kMoment, {{"a.b", kBig}}};
  const auto id = enqueue(with(kTypescript, {{"args", args}}));
  const auto row = row_of(id);
  EXPECT_EQ(row.at("serialization"), "js_superjson");
  EXPECT_EQ(row.at("inputs"),
            R"({"json":["2024-02-29T12:34:56.789Z",{"a.b":"18446744073709551616"}],)"
            R"("meta":{"values":{"0":["Date"],"1.a\\.b":["bigint"]}},)"
            R"("__dbos_serializer":"superjson"})");
  EXPECT_EQ(workflow(id, {{"payloads", "tagged"}}).at("input").at("args"), args);
  EXPECT_EQ(workflow(id).at("input").at("args")[0], kMoment.at("iso"));
}

TEST_P(TypescriptPayloads, ShowErrorsInTheShapeOfAllFormats) {
  worker().insert_workflow("id", {{"serialization", "js_superjson"}});
  worker().fail("id", R"({"json":{"name":"E","message":"m","stack":"s","cause":{"name":"C",)"
                      R"("message":"c"}},"__dbos_serializer":"superjson"})");
  EXPECT_EQ(
      workflow("id").at("error"),
      Json({{"name", "E"},
            {"message", "m"},
            {"code", nullptr},
            {"data", nullptr},
            {"stack", "s"},
            {"cause", {{"name", "C"}, {"message", "c"}, {"code", nullptr}, {"data", nullptr}}},
            {"serialization", "js_superjson"}}));
}

TEST_P(TypescriptPayloads, HaveNoNamedArguments) {
  const auto failure =
      client().refused("enqueue", enqueue_request(with(kTypescript, {{"kwargs", {{"a", 1}}}})));
  EXPECT_EQ(failure.kind + " " + failure.detail("path"), "unsupported_value kwargs");
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(JavaPayloads, GoOutAndComeBackWithTheirTypes) {
  const Json args{kMoment, {1, kBig}};
  const auto id = enqueue(with(kJava, {{"args", args}}));
  const auto row = row_of(id);
  EXPECT_EQ(row.at("serialization"), "java_jackson");
  EXPECT_EQ(row.at("inputs"),
            R"(["[Ljava.lang.Object;",[["java.time.Instant","2024-02-29T12:34:56.789Z"],)"
            R"(["java.util.ArrayList",[1,["java.math.BigInteger",18446744073709551616]]]]])");
  EXPECT_EQ(workflow(id, {{"payloads", "tagged"}}).at("input").at("args"), args);
}

TEST_P(JavaPayloads, NeedTheClassOfTheirWorkflowInEveryMode) {
  const Json raw{{"$raw", "[]"}, {"serialization", "java_jackson"}};
  for (const Json& request : {Json({{"serialization", "java_jackson"}}),
                              Json({{"serialization", "java_jackson"}, {"class_name", ""}}),
                              Json({{"payloads", "raw"}, {"args", raw}})}) {
    const auto failure = client().refused("enqueue", enqueue_request(request));
    EXPECT_EQ(failure.kind + " " + failure.detail("path"), "missing_key class_name");
    EXPECT_EQ(client().refused("prepare_enqueue", enqueue_request(request)).kind, "missing_key");
  }
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(JavaPayloads, HaveNoNamedArguments) {
  const auto failure =
      client().refused("enqueue", enqueue_request(with(kJava, {{"kwargs", {{"a", 1}}}})));
  EXPECT_EQ(failure.kind + " " + failure.detail("path"), "unsupported_value kwargs");
}

}  // namespace
}  // namespace dbosc::test
