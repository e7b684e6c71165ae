#include "contract/contract.h"

// The filters of listings, one by one.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Filter);

using Ids = std::vector<std::string>;

class Lister {
 public:
  explicit Lister(const Client& client) : client_(client) {}
  Ids operator()(const Json& filter) const {
    Ids ids;
    const auto reply = client_.call("list_workflows", filter);
    for (const auto& workflow : reply.at("workflows")) {
      ids.push_back(workflow.at("workflow_id"));
    }
    EXPECT_EQ(client_.call("count_workflows", filter).at("count"), ids.size());
    return ids;
  }

 private:
  const Client& client_;
};

struct TextFilter {
  const char* key;
  const char* column;
};

constexpr TextFilter kTextFilters[] = {
    {"workflow_ids", "workflow_uuid"},
    {"workflow_id", "workflow_uuid"},
    {"status", "status"},
    {"name", "name"},
    {"workflow_name", "name"},
    {"class_name", "class_name"},
    {"config_name", "config_name"},
    {"instance_name", "config_name"},
    {"app_version", "application_version"},
    {"user", "authenticated_user"},
    {"authenticated_user", "authenticated_user"},
    {"queue_name", "queue_name"},
    {"executor_id", "executor_id"},
    {"schedule_name", "schedule_name"},
    {"forked_from", "forked_from"},
    {"parent_workflow_id", "parent_workflow_id"},
};

TEST_P(Filter, TakesOneValueOrAListForEveryText) {
  const Lister list(client());
  for (const auto& filter : kTextFilters) {
    SCOPED_TRACE(filter.key);
    const bool by_id = std::string(filter.column) == "workflow_uuid";
    sql().rows("DELETE FROM dbos.workflow_status");
    int created = 0;
    for (const std::string value : {"x", "y", "z%"}) {
      Row row{{filter.column, value}, {"created_at", std::to_string(++created)}};
      worker().insert_workflow(value, row);
    }
    if (!by_id) worker().insert_workflow("without", {{filter.column, std::nullopt}});
    EXPECT_EQ(list({{filter.key, "x"}}), Ids{"x"});
    EXPECT_EQ(list({{filter.key, {"z%", "x"}}}), (Ids{"x", "z%"}));
    EXPECT_EQ(list({{filter.key, "X"}}), Ids{}) << "case counts";
    EXPECT_EQ(list({{filter.key, "%"}}), Ids{}) << "no pattern";
    EXPECT_EQ(list({{filter.key, Json::array()}}).size(), by_id ? 3u : 4u) << "no filter";
    EXPECT_EQ(list({{filter.key, nullptr}}).size(), by_id ? 3u : 4u) << "no filter";
  }
}

TEST_P(Filter, TakesADeduplicationId) {
  enqueue({{"workflow_id", "a"}, {"deduplication_id", "d"}});
  enqueue({{"workflow_id", "b"}});
  EXPECT_EQ(Lister(client())({{"deduplication_id", "d"}}), Ids{"a"});
}

TEST_P(Filter, TakesTheBeginningOfAnIdWithoutPatterns) {
  const Lister list(client());
  int created = 0;
  for (const std::string id : {"abc", "aBc", "a%c", "a_c", "a\\c", "äbc", "b"}) {
    worker().insert_workflow(id, {{"created_at", std::to_string(++created)}});
  }
  EXPECT_EQ(list({{"workflow_id_prefix", "ab"}}), Ids{"abc"});
  EXPECT_EQ(list({{"workflow_id_prefix", "a%"}}), Ids{"a%c"});
  EXPECT_EQ(list({{"workflow_id_prefix", "a_"}}), Ids{"a_c"});
  EXPECT_EQ(list({{"workflow_id_prefix", "a\\"}}), Ids{"a\\c"});
  EXPECT_EQ(list({{"workflow_id_prefix", "ä"}}), Ids{"äbc"});
  EXPECT_EQ(list({{"workflow_id_prefix", {"b", "aB"}}}), (Ids{"aBc", "b"}));
  EXPECT_EQ(list({{"workflow_id_prefix", "abc"}}), Ids{"abc"}) << "the whole id";
  EXPECT_EQ(list({{"workflow_id_prefix", "abcd"}}), Ids{});
  EXPECT_EQ(list({{"workflow_id_prefix", ""}}).size(), 7u);
}

TEST_P(Filter, TakesSpansOfTimeWithBothEnds) {
  struct Span {
    const char* from;
    const char* until;
    const char* column;
  };
  const Lister list(client());
  for (const auto& [from, until, column] :
       {Span{"start_time", "end_time", "created_at"},
        Span{"completed_after", "completed_before", "completed_at"},
        Span{"dequeued_after", "dequeued_before", "started_at_epoch_ms"}}) {
    SCOPED_TRACE(column);
    sql().rows("DELETE FROM dbos.workflow_status");
    for (const std::string at : {"1700000000000", "1700000000001", "1700000000002"}) {
      Row row{{"created_at", at}};
      row[column] = at;
      worker().insert_workflow(at.substr(12), row);
    }
    EXPECT_EQ(list({{from, 1700000000001}}), (Ids{"1", "2"}));
    EXPECT_EQ(list({{until, 1700000000001}}), (Ids{"0", "1"}));
    EXPECT_EQ(list({{from, 1700000000001}, {until, 1700000000001}}), Ids{"1"});
    EXPECT_EQ(list({{from, "2023-11-14T22:13:20.002Z"}}), Ids{"2"});
    EXPECT_EQ(list({{until, "2023-11-15T00:13:20.000+02:00"}}), Ids{"0"});
    EXPECT_EQ(client().refused("list_workflows", {{from, "2023-11-14"}}).kind, "invalid_instant");
    EXPECT_EQ(client().refused("list_workflows", {{until, "2023-11-14T22:13:20"}}).detail("path"),
              until)
        << "no zone";
  }
}

TEST_P(Filter, TakesEveryYesOrNo) {
  const Lister list(client());
  struct Flag {
    const char* key;
    const char* column;
    const char* yes;
    Value no;
  };
  for (const auto& [key, column, yes, no] :
       {Flag{"was_forked_from", "was_forked_from", "1", "0"},
        Flag{"is_debounced", "is_debounced", "1", "0"},
        Flag{"is_fork", "forked_from", "x", std::nullopt},
        Flag{"has_parent", "parent_workflow_id", "x", std::nullopt}}) {
    SCOPED_TRACE(key);
    sql().rows("DELETE FROM dbos.workflow_status");
    worker().insert_workflow("yes", {{column, yes}, {"created_at", "1"}});
    worker().insert_workflow("no", {{column, no}, {"created_at", "2"}});
    EXPECT_EQ(list({{key, true}}), Ids{"yes"});
    EXPECT_EQ(list({{key, false}}), Ids{"no"});
    EXPECT_EQ(list({{key, nullptr}}), (Ids{"yes", "no"}));
    EXPECT_EQ(client().refused("list_workflows", {{key, 1}}).kind, "wrong_type");
  }
}

TEST_P(Filter, TakesAttributesOnPostgresOnly) {
  worker().insert_workflow("a",
                           {{"attributes", R"({"x":1,"y":{"z":[1,2]}})"}, {"created_at", "1"}});
  worker().insert_workflow("b", {{"attributes", R"({"x":2})"}, {"created_at", "2"}});
  worker().insert_workflow("c", {{"created_at", "3"}});
  const Lister list(client());
  EXPECT_EQ(list({{"attributes", Json::object()}}), (Ids{"a", "b", "c"})) << "no filter";
  if (postgres()) {
    EXPECT_EQ(list({{"attributes", {{"x", 1}}}}), Ids{"a"});
    EXPECT_EQ(list({{"attributes", {{"y", {{"z", {2}}}}}}}), Ids{"a"});
    EXPECT_EQ(list({{"attributes", {{"x", "1"}}}}), Ids{});
  } else {
    const auto failure = client().refused("list_workflows", {{"attributes", {{"x", 1}}}});
    EXPECT_EQ(failure.status, DBOSC_UNSUPPORTED);
    EXPECT_EQ(failure.kind, "unsupported_filter");
  }
  EXPECT_EQ(client().refused("list_workflows", {{"attributes", {1}}}).kind, "wrong_type");
}

TEST_P(Filter, JoinsFiltersByAnd) {
  worker().insert_workflow("a", {{"name", "n"}, {"status", "SUCCESS"}});
  worker().insert_workflow("b", {{"name", "n"}, {"status", "ERROR"}});
  worker().insert_workflow("c", {{"name", "m"}, {"status", "SUCCESS"}});
  EXPECT_EQ(Lister(client())({{"name", "n"}, {"status", "SUCCESS"}}), Ids{"a"});
}

TEST_P(Filter, RefusesWhatItDoesNotKnowAndNamesTheNearest) {
  const auto failure = client().refused("list_workflows", {{"statuses", "SUCCESS"}});
  EXPECT_EQ(failure.kind, "unknown_key");
  EXPECT_THAT(failure.message, ::testing::HasSubstr("'status'"));
  EXPECT_EQ(client().refused("list_workflows", {{"status", {"SUCCESS", 1}}}).detail("path"),
            "status[1]");
  EXPECT_EQ(client().refused("list_workflows", {{"name", std::string("a\0", 2)}}).kind,
            "nul_character");
}

TEST_P(Filter, TakesThousandsOfIds) {
  enqueue({{"workflow_id", "id 4999"}});
  Json ids = Json::array();
  for (int i = 0; i < 5000; ++i) ids.push_back("id " + std::to_string(i));
  EXPECT_EQ(Lister(client())({{"workflow_ids", ids}}), Ids{"id 4999"});
}

TEST_P(Filter, TakesValuesOfEveryShape) {
  for (const std::string name : {"quote'", "double\"", "back\\slash", "{brace,}", "comma,", "$1",
                                 "line\nbreak", "NULL", "", " ", "ünï😀", "'; DELETE FROM x; --"}) {
    SCOPED_TRACE(name);
    worker().insert_workflow("id " + name, {{"name", name}});
    EXPECT_EQ(Lister(client())({{"name", {name, "no such"}}}), Ids{"id " + name});
    EXPECT_EQ(Lister(client())({{"name", name}}), Ids{"id " + name});
  }
}

}  // namespace
}  // namespace dbosc::test
