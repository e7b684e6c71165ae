#include "contract/contract.h"

// System databases of older and newer levels.

namespace dbosc::test {
namespace {

class Layouts : public ::testing::TestWithParam<std::tuple<int, Backend>> {
 protected:
  Layouts() : database_(std::get<1>(GetParam())), level_(std::get<0>(GetParam())) {
    level_ = level_for(database_.backend(), level_);
    downgrade(database_, level_);
    worker_.emplace(database_);
  }
  Row row_of(const std::string& id) {
    return database_.sql().row("SELECT * FROM dbos.workflow_status WHERE workflow_uuid = $1", {id});
  }
  Place new_place() const { return level_ >= 109 ? Place::kNew : Place::kOld; }

  Database database_;
  int level_;
  std::optional<Worker> worker_;
};

INSTANTIATE_TEST_SUITE_P(Contract, Layouts,
                         ::testing::Combine(::testing::Values(41, 108, 113, 123),
                                            ::testing::Values(Backend::kPostgres,
                                                              Backend::kSqlite)),
                         [](const auto& info) {
                           return "level" + std::to_string(std::get<0>(info.param)) + "_" +
                                  name_of(std::get<1>(info.param));
                         });

TEST_P(Layouts, WriteEveryColumnThatTheyHave) {
  const auto client = database_.open({{"application_name", "app"}, {"payload_columns", "both"}});
  EXPECT_EQ(client.call("get_schema_version"),
            Json({{"schema_version", level_}, {"newest_schema_version", 125}}));
  const Json request{{"workflow_name", "w"},     {"queue_name", "q"},
                     {"workflow_id", "id"},      {"args", {1}},
                     {"attributes", {{"a", 1}}}, {"deduplication_id", "d"},
                     {"class_name", "c"},        {"delay_ms", 5}};
  EXPECT_EQ(client.call("enqueue", request).at("outcome"), "created");
  EXPECT_EQ(client.call("enqueue", request).at("outcome"), "existing");
  const auto row = row_of("id");
  EXPECT_EQ(row.at("status"), "DELAYED");
  EXPECT_EQ(row.at("inputs"), R"({"positionalArgs":[1],"namedArgs":{}})");
  EXPECT_EQ(row.count("creator_xid"), level_ >= 123);
  EXPECT_EQ(row.count("application_name"), level_ >= 100);
  const std::string token = level_ >= 123 ? "creator_xid" : "owner_xid";
  EXPECT_TRUE(row.at(token).has_value());
  if (level_ >= 123) {
    EXPECT_EQ(row.at("owner_xid"), std::nullopt);
  }
  if (level_ >= 100) {
    EXPECT_EQ(row.at("application_name"), "app");
  }
  if (level_ >= 109) {
    EXPECT_EQ(database_.sql().value("SELECT inputs FROM dbos.workflow_input"), row.at("inputs"));
  }
}

TEST_P(Layouts, PutInputsInTheOldPlaceWhereThereIsNoNewOne) {
  for (const std::string placement : {"status", "split", "both"}) {
    const auto client = database_.open({{"payload_columns", placement}});
    client.call("enqueue",
                {{"workflow_name", "w"}, {"queue_name", "q"}, {"workflow_id", placement}});
    EXPECT_EQ(row_of(placement).at("inputs").has_value(), placement != "split" || level_ < 109);
    EXPECT_EQ(client.call("get_workflow", {{"workflow_id", placement}}).at("workflow").at("input"),
              Json({{"args", Json::array()}, {"kwargs", Json::object()}}));
  }
}

TEST_P(Layouts, KnowTheirOwnRowByTheTokenOfTheirLevel) {
  const auto client = database_.open();
  const Json request{{"workflow_name", "w"},
                     {"queue_name", "q"},
                     {"workflow_id", "id"},
                     {"workflow_id_reuse_policy", "reject"}};
  EXPECT_EQ(client.call("enqueue", request).at("outcome"), "created");
  EXPECT_EQ(client.refused("enqueue", request).kind, "workflow_id_in_use");
}

TEST_P(Layouts, ReadResultsInBothPlaces) {
  const auto client = database_.open();
  for (const auto place : {Place::kOld, new_place()}) {
    const std::string id = place == Place::kOld ? "old" : "new";
    worker_->insert_workflow(id);
    worker_->succeed(id, "[1]", place);
    worker_->insert_workflow(id + " failed");
    worker_->fail(id + " failed", R"({"name":"E","message":"m"})", place);
    EXPECT_EQ(client.call("get_result", {{"workflow_id", id}}).at("result"), Json({1}));
    EXPECT_EQ(client.refused("get_result", {{"workflow_id", id + " failed"}}).kind,
              "workflow_failed");
    EXPECT_EQ(client.call("get_workflow", {{"workflow_id", id}}).at("workflow").at("output"),
              Json({1}));
    if (new_place() == Place::kOld) break;
  }
}

TEST_P(Layouts, ListWithNullForWhatTheyLack) {
  worker_->insert_workflow("id");
  const auto client = database_.open({{"application_name", "app"}});
  const auto workflows = client.call("list_workflows").at("workflows");
  ASSERT_EQ(workflows.size(), 1u) << "without ownership every row is everybody's";
  EXPECT_EQ(workflows[0].at("application_name"), nullptr);
  EXPECT_TRUE(workflows[0].contains("is_debounced"));
  EXPECT_EQ(client.call("count_workflows", {{"application_name", "other"}}).at("count"), 1);
  EXPECT_EQ(client.call("list_queued_workflows").at("workflows").size(), 1u);
  EXPECT_EQ(client.call("list_workflow_steps", {{"workflow_id", "id"}}).at("steps"), Json::array());
  const auto debounced = client.try_call("list_workflows", {{"is_debounced", false}});
  if (level_ >= 42) {
    EXPECT_TRUE(debounced.ok());
  } else {
    EXPECT_EQ(debounced.failure.kind, "schema_too_old");
    EXPECT_EQ(debounced.failure.status, DBOSC_UNSUPPORTED);
  }
}

TEST_P(Layouts, SendCancelAndResume) {
  worker_->insert_workflow("id");
  worker_->set_event("id", "k", "1");
  const auto client = database_.open();
  EXPECT_NO_THROW(client.call("send", {{"destination_id", "id"}, {"message", 1}}));
  EXPECT_EQ(client.call("get_event", {{"workflow_id", "id"}, {"key", "k"}}).at("value"), 1);
  client.call("cancel_workflows", {{"workflow_ids", {"id"}}});
  EXPECT_EQ(row_of("id").at("status"), "CANCELLED");
  client.call("resume_workflows", {{"workflow_ids", {"id"}}});
  EXPECT_EQ(row_of("id").at("status"), "ENQUEUED");
}

DBOSC_CONTRACT(Schema);

TEST_P(Schema, IsToldWhenItIsMissing) {
  Database empty(GetParam(), Database::Content::kNothing);
  if (!postgres()) Sql::sqlite(empty.path())->rows("CREATE TABLE other (x)");
  const auto failure = Client::refused(empty.config());
  EXPECT_EQ(failure.status, DBOSC_UNSUPPORTED);
  EXPECT_EQ(failure.kind, "schema_missing");
  if (postgres()) {
    EXPECT_THAT(failure.message, ::testing::HasSubstr("'" + empty.schema() + "'"));
  }
  const auto lazy = empty.open({{"lazy", true}});
  EXPECT_EQ(lazy.refused("enqueue", Json({{"workflow_name", "w"}, {"queue_name", "q"}})).kind,
            "schema_missing");
}

TEST_P(Schema, IsToldWhenItIsTooOldWithTheLevelFound) {
  downgrade(database(), 40);
  const auto failure = Client::refused(database().config());
  EXPECT_EQ(failure.status, DBOSC_UNSUPPORTED);
  EXPECT_EQ(failure.kind, "schema_too_old");
  EXPECT_EQ(failure.details.at("schema_version"), 40);
  EXPECT_EQ(failure.details.at("oldest_schema_version"), 41);
  EXPECT_THAT(failure.message, ::testing::HasSubstr("level 40"));
}

TEST_P(Schema, IsToldWhenItIsSharded) {
  sql().rows("ALTER TABLE dbos.workflow_status ADD COLUMN shard_key TEXT");
  const auto failure = Client::refused(database().config());
  EXPECT_EQ(failure.status, DBOSC_UNSUPPORTED);
  EXPECT_EQ(failure.kind, "sharded_schema");
}

TEST_P(Schema, MayBeNewerThanAllWeKnow) {
  set_schema_version(database(), 200);
  sql().rows("ALTER TABLE dbos.workflow_status ADD COLUMN from_the_future TEXT");
  EXPECT_EQ(client().call("get_schema_version").at("schema_version"), 200);
  const auto id = enqueue();
  worker().succeed(id, "1");
  EXPECT_EQ(client().call("get_result", {{"workflow_id", id}}).at("result"), 1);
}

TEST_P(Schema, MayBeMigratedUnderAnOpenClient) {
  downgrade(database(), 108);
  const auto client = open({{"payload_columns", "split"}});
  EXPECT_EQ(client.call("get_schema_version").at("schema_version"), 108);
  sql().rows(
      "CREATE TABLE dbos.workflow_input (workflow_uuid TEXT PRIMARY KEY, inputs TEXT,"
      " retention_timestamp BIGINT NOT NULL DEFAULT 0)");
  sql().rows(
      "CREATE TABLE dbos.workflow_output (workflow_uuid TEXT PRIMARY KEY, output TEXT,"
      " error TEXT, retention_timestamp BIGINT NOT NULL DEFAULT 0)");
  set_schema_version(database(), 109);
  worker().insert_workflow("id");
  worker().succeed("id", "\"in the new place\"");
  EXPECT_EQ(client.call("get_result", {{"workflow_id", "id"}}).at("result"), "in the new place");
  EXPECT_EQ(client.call("get_schema_version").at("schema_version"), 109);
  sql().rows("ALTER TABLE dbos.workflow_status RENAME COLUMN inputs TO inputs_gone");
  EXPECT_NO_THROW(client.call("enqueue", enqueue_request()))
      << "a column that vanished is looked for once more";
}

}  // namespace
}  // namespace dbosc::test
