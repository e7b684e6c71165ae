#include "contract/contract.h"

// What an enqueue refuses before anything is written.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(EnqueueChecks);

struct Refusal {
  Json keys;
  const char* kind;
  const char* path;
};

TEST_P(EnqueueChecks, RefusesWhatItsSchemaForbidsAndNamesTheKey) {
  const Refusal refusals[] = {
      {{{"workflow_name", nullptr}}, "missing_key", "workflow_name"},
      {{{"workflow_name", ""}}, "empty_value", "workflow_name"},
      {{{"workflow_name", 1}}, "wrong_type", "workflow_name"},
      {{{"queue_name", nullptr}}, "missing_key", "queue_name"},
      {{{"queue_name", ""}}, "empty_value", "queue_name"},
      {{{"workflow_id", ""}}, "empty_value", "workflow_id"},
      {{{"workflow_id", " \t"}}, "empty_value", "workflow_id"},
      {{{"app_version", ""}}, "empty_value", "app_version"},
      {{{"deduplication_id", ""}}, "empty_value", "deduplication_id"},
      {{{"queue_partition_key", ""}}, "empty_value", "queue_partition_key"},
      {{{"application_name", ""}}, "empty_value", "application_name"},
      {{{"serialization", ""}}, "empty_value", "serialization"},
      {{{"priority", 0}}, "invalid_priority", "priority"},
      {{{"priority", -1}}, "invalid_priority", "priority"},
      {{{"priority", 2147483648}}, "invalid_priority", "priority"},
      {{{"priority", 1.5}}, "out_of_range", "priority"},
      {{{"priority", "1"}}, "wrong_type", "priority"},
      {{{"workflow_timeout_ms", 0}}, "out_of_range", "workflow_timeout_ms"},
      {{{"workflow_timeout_ms", -5}}, "out_of_range", "workflow_timeout_ms"},
      {{{"delay_ms", -1}}, "out_of_range", "delay_ms"},
      {{{"max_recovery_attempts", 0}}, "out_of_range", "max_recovery_attempts"},
      {{{"timeout_ms", 0}}, "out_of_range", "timeout_ms"},
      {{{"deadline", "tomorrow"}}, "invalid_instant", "deadline"},
      {{{"deadline", true}}, "wrong_type", "deadline"},
      {{{"attributes", {1}}}, "wrong_type", "attributes"},
      {{{"attributes", "{}"}}, "wrong_type", "attributes"},
      {{{"authenticated_roles", "admin"}}, "wrong_type", "authenticated_roles"},
      {{{"authenticated_roles", {"a", 1}}}, "wrong_type", "authenticated_roles[1]"},
      {{{"authenticated_roles", {1}}}, "wrong_type", "authenticated_roles[0]"},
      {{{"args", {{"a", 1}}}}, "wrong_type", "args"},
      {{{"args", "a"}}, "wrong_type", "args"},
      {{{"kwargs", {1}}}, "wrong_type", "kwargs"},
      {{{"workflow_id_reuse_policy", "maybe"}}, "unknown_value", "workflow_id_reuse_policy"},
      {{{"duplication_policy", ""}}, "unknown_value", "duplication_policy"},
      {{{"payloads", "fancy"}}, "unknown_value", "payloads"},
      {{{"traceparent", "00-xyz"}}, "invalid_trace_context", "traceparent"},
      {{{"tracestate", "a=1"}}, "missing_key", "traceparent"},
      {{{"duplication_policy", "return_existing"}}, "missing_key", "deduplication_id"},
      {{{"deduplication_id", "d"}, {"queue_partition_key", "p"}},
       "conflicting_keys",
       "deduplication_id"},
      {{{"workflow_timeout_ms", 1}, {"deadline", 1}}, "conflicting_keys", "deadline"},
      {{{"workflow_nam", "x"}}, "unknown_key", "workflow_nam"},
      {{{"config_name", "a"}, {"instance_name", "b"}}, "repeated_key", "instance_name"},
      {{{"shard_key", "s"}}, "unknown_key", "shard_key"},
  };
  for (const auto& refusal : refusals) {
    SCOPED_TRACE(refusal.keys.dump());
    const auto failure = client().refused("enqueue", enqueue_request(refusal.keys));
    EXPECT_EQ(failure.status, DBOSC_INVALID_ARGUMENT);
    EXPECT_EQ(failure.kind, refusal.kind);
    EXPECT_EQ(failure.detail("path"), refusal.path);
    EXPECT_THAT(failure.message, ::testing::HasSubstr(refusal.path));
  }
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(EnqueueChecks, SaysWhichPrioritiesThereAre) {
  const auto failure = client().refused("enqueue", enqueue_request({{"priority", -7}}));
  EXPECT_EQ(failure.kind, "invalid_priority");
  EXPECT_EQ(failure.details.at("priority"), -7);
  EXPECT_EQ(failure.details.at("min"), 1);
  EXPECT_EQ(failure.details.at("max"), 2147483647);
}

TEST_P(EnqueueChecks, NamesTheNearestKnownKey) {
  const auto failure = client().refused("enqueue", enqueue_request({{"deduplicaton_id", "x"}}));
  EXPECT_THAT(failure.message, ::testing::HasSubstr("'deduplication_id'"));
}

TEST_P(EnqueueChecks, RefusesNulInEveryTextAndNamesTheKey) {
  for (const std::string key :
       {"workflow_name", "queue_name", "workflow_id", "class_name", "config_name", "app_version",
        "deduplication_id", "queue_partition_key", "authenticated_user", "assumed_role",
        "traceparent", "tracestate", "application_name", "serialization"}) {
    SCOPED_TRACE(key);
    const auto failure =
        client().refused("enqueue", enqueue_request({{key, std::string("a\0b", 3)}}));
    EXPECT_EQ(failure.kind, "nul_character");
    EXPECT_EQ(failure.detail("path"), key);
  }
  const std::string nul("a\0b", 3);
  EXPECT_EQ(client()
                .refused("enqueue", enqueue_request({{"authenticated_roles", {"r", nul}}}))
                .detail("path"),
            "authenticated_roles[1]");
  EXPECT_EQ(client().refused("enqueue", enqueue_request({{"attributes", {{"k", nul}}}})).kind,
            "nul_character");
  EXPECT_EQ(client().refused("enqueue", enqueue_request({{"attributes", {{nul, 1}}}})).kind,
            "nul_character");
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(EnqueueChecks, RefusesTextThatIsNotUtf8AndNamesTheKey) {
  const auto refused = [&](const std::string& request) {
    const auto failure = client().refused("enqueue", request);
    EXPECT_EQ(failure.status, DBOSC_INVALID_ARGUMENT);
    EXPECT_EQ(failure.kind, "invalid_json");
    return failure.detail("path");
  };
  const std::string head = R"({"workflow_name":"w","queue_name":"q",)";
  EXPECT_EQ(refused(head + "\"workflow_id\":\"\xff\"}"), "workflow_id");
  EXPECT_EQ(refused(head + "\"class_name\":\"\xc0\x80\"}"), "class_name") << "overlong NUL";
  EXPECT_EQ(refused(head + "\"class_name\":\"\xed\xa0\xbd\xed\xb8\x80\"}"), "class_name")
      << "surrogates of JNI's UTF-8";
  EXPECT_EQ(refused(head + "\"args\":[1,{\"a\":[\"\xfe\"]}]}"), "args[1].a[0]");
  EXPECT_EQ(refused(head + R"("workflow_id":"\ud800"})"), "workflow_id") << "lone high surrogate";
  EXPECT_EQ(refused(head + R"("workflow_id":"\udc00"})"), "workflow_id") << "lone low surrogate";
}

TEST_P(EnqueueChecks, RefusesWhatIsNoJsonObject) {
  for (const std::string request :
       {"", "{", "[]", "1", "null", "\"x\"", "{}x", "{\"a\":1,}", "nul"}) {
    SCOPED_TRACE(request);
    EXPECT_EQ(client().refused("enqueue", request).status, DBOSC_INVALID_ARGUMENT);
  }
}

TEST_P(EnqueueChecks, RefusesABrokenTraceContext) {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736", parent = "00f067aa0ba902b7";
  for (const auto& bad :
       {"00-" + trace + "-" + parent, "ff-" + trace + "-" + parent + "-01",
        "00-" + std::string(32, '0') + "-" + parent + "-01",
        "00-" + trace + "-" + std::string(16, '0') + "-01",
        "00-" + trace + "-" + parent + "-01-more", "00-" + trace + "-" + parent + "-0G",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + parent + "-01"}) {
    SCOPED_TRACE(bad);
    EXPECT_EQ(client().refused("enqueue", enqueue_request({{"traceparent", bad}})).kind,
              "invalid_trace_context");
  }
  EXPECT_NO_THROW(enqueue({{"traceparent", "01-" + trace + "-" + parent + "-01-more"}}))
      << "a later version may have more fields";
}

TEST_P(EnqueueChecks, RefusesAFormatThatItCannotWrite) {
  const auto failure = client().refused("enqueue", enqueue_request({{"serialization", "mine"}}));
  EXPECT_EQ(failure.status, DBOSC_UNSUPPORTED);
  EXPECT_EQ(failure.kind, "unsupported_serialization");
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(EnqueueChecks, RefusesDeepNestingAtOnce) {
  const std::string deep(1000000, '[');
  const auto failure =
      client().refused("enqueue", R"({"workflow_name":"w","queue_name":"q","args":)" + deep);
  EXPECT_EQ(failure.kind, "invalid_json");
  EXPECT_THAT(failure.message, ::testing::HasSubstr("deeper than 512"));
  EXPECT_LT(failure.message.size(), 4000u);
}

}  // namespace
}  // namespace dbosc::test
