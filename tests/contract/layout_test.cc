#include "contract/contract.h"

// System databases of older and newer levels.

namespace dbosc::test {
namespace {

class Layouts : public ::testing::TestWithParam<OfficialSchema> {
 protected:
  Row row_of(const std::string& id) {
    return database_.sql().row("SELECT * FROM dbos.workflow_status WHERE workflow_uuid = $1", {id});
  }

  const int level_ = GetParam().level;
  Database database_{GetParam()};
  Worker worker_{database_};
};

INSTANTIATE_TEST_SUITE_P(Contract, Layouts, ::testing::ValuesIn(official_schemas()),
                         [](const auto& info) { return official_name(info.param); });

TEST_P(Layouts, PutInputsInTheOldPlaceWhereThereIsNoNewOne) {
  for (const std::string placement : {"status", "split", "both"}) {
    const auto client = database_.open({{"payload_columns", placement}});
    client.call("enqueue",
                {{"workflow_name", "w"}, {"queue_name", "q"}, {"workflow_id", placement}});
    EXPECT_EQ(row_of(placement).at("inputs").has_value(), placement != "split" || level_ < 109);
    if (level_ >= 109) {
      const auto split = database_.sql().rows(
          "SELECT inputs FROM dbos.workflow_input WHERE workflow_uuid = $1", {placement});
      EXPECT_EQ(split.size(), placement == "status" ? 0u : 1u);
    }
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
  EXPECT_EQ(row_of("id").at("owner_xid").has_value(), level_ < 123);
}

TEST_P(Layouts, ReadResultsOfOlderReleasesToo) {
  const auto client = database_.open();
  worker_.insert_workflow("id");
  worker_.succeed("id", "[1]", Place::kOld);
  worker_.insert_workflow("failed");
  worker_.fail("failed", R"({"name":"E","message":"m"})", Place::kOld);
  EXPECT_EQ(client.call("get_result", {{"workflow_id", "id"}}).at("result"), Json({1}));
  EXPECT_EQ(client.refused("get_result", {{"workflow_id", "failed"}}).kind, "workflow_failed");
  EXPECT_EQ(client.call("get_workflow", {{"workflow_id", "id"}}).at("workflow").at("output"),
            Json({1}));
}

TEST_P(Layouts, AreNeverMigrated) {
  const auto catalog = [&] {
    return database_.is_postgres()
               ? database_.sql().rows(
                     "SELECT table_name, column_name, data_type, column_default, is_nullable"
                     " FROM information_schema.columns WHERE table_schema = $1 ORDER BY 1, 2",
                     {database_.schema()})
               : database_.sql().rows("SELECT name, sql FROM sqlite_master ORDER BY name");
  };
  const auto before = catalog();
  const auto client = database_.open();
  client.call("enqueue", {{"workflow_name", "w"}, {"queue_name", "q"}, {"workflow_id", "id"}});
  client.call("list_workflows");
  client.call("cancel_workflows", {{"workflow_ids", {"id"}}});
  EXPECT_EQ(client.call("get_schema_version").at("schema_version"), level_);
  EXPECT_EQ(catalog(), before);
  EXPECT_EQ(database_.sql().value("SELECT max(version) FROM dbos.dbos_migrations"),
            std::to_string(level_));
}

class Schema : public Contract {
 protected:
  void set_schema_version(int level) {
    sql().rows("UPDATE dbos.dbos_migrations SET version = " + std::to_string(level));
  }
  /// What level 109 added, away or back again.
  void rename_payload_tables(const std::string& from, const std::string& to) {
    for (const std::string table : {"workflow_input", "workflow_output"}) {
      sql().rows("ALTER TABLE dbos." + from + table + " RENAME TO " + to + table);
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Contract, Schema, ::testing::Values(Backend::kPostgres, Backend::kSqlite),
                         backend_of);

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
  // The newest column of level 41.
  sql().rows("DROP INDEX dbos.idx_workflow_status_schedule_name");
  sql().rows("ALTER TABLE dbos.workflow_status DROP COLUMN schedule_name");
  set_schema_version(40);
  const auto failure = Client::refused(database().config());
  EXPECT_EQ(failure.status, DBOSC_UNSUPPORTED);
  EXPECT_EQ(failure.kind, "schema_too_old");
  EXPECT_EQ(failure.details.at("schema_version"), 40);
  EXPECT_EQ(failure.details.at("oldest_schema_version"), 41);
  EXPECT_EQ(failure.details.at("needed_schema_version"), 41);
  EXPECT_THAT(failure.message, ::testing::HasSubstr("level 40"));
  EXPECT_THAT(failure.message, ::testing::HasSubstr("level 41 (brought by Python 2.25 /"));
}

TEST_P(Schema, IsToldWhenItIsSharded) {
  sql().rows("ALTER TABLE dbos.workflow_status ADD COLUMN shard_key TEXT");
  const auto failure = Client::refused(database().config());
  EXPECT_EQ(failure.status, DBOSC_UNSUPPORTED);
  EXPECT_EQ(failure.kind, "sharded_schema");
}

TEST_P(Schema, MayBeNewerThanAllWeKnow) {
  set_schema_version(200);
  sql().rows("ALTER TABLE dbos.workflow_status ADD COLUMN from_the_future TEXT");
  EXPECT_EQ(client().call("get_schema_version").at("schema_version"), 200);
  const auto id = enqueue();
  worker().succeed(id, "1");
  EXPECT_EQ(client().call("get_result", {{"workflow_id", id}}).at("result"), 1);
}

TEST_P(Schema, MayBeMigratedUnderAnOpenClient) {
  rename_payload_tables("", "not_yet_");
  set_schema_version(108);
  const auto client = open({{"payload_columns", "split"}});
  EXPECT_EQ(client.call("get_schema_version").at("schema_version"), 108);
  rename_payload_tables("not_yet_", "");
  set_schema_version(109);
  worker().insert_workflow("id");
  worker().succeed("id", "\"in the new place\"");
  EXPECT_EQ(client.call("get_result", {{"workflow_id", "id"}}).at("result"), "in the new place");
  EXPECT_EQ(client.call("get_schema_version").at("schema_version"), 109);
  sql().rows("ALTER TABLE dbos.workflow_status RENAME COLUMN inputs TO inputs_gone");
  EXPECT_NO_THROW(client.call("enqueue", enqueue_request()))
      << "a column that vanished is looked for once more";
}

TEST_P(Schema, IsLookedAtOnceMoreBeforeSomethingIsRefused) {
  const auto rename = [&](const std::string& from, const std::string& to) {
    sql().rows("ALTER TABLE dbos.workflow_status RENAME COLUMN " + from + " TO " + to);
  };
  rename("is_debounced", "not_yet");
  const auto client = open(Json::object());
  const Json filter{{"is_debounced", false}};
  EXPECT_EQ(client.refused("count_workflows", filter).kind, "schema_too_old");
  rename("not_yet", "is_debounced");
  EXPECT_EQ(client.call("count_workflows", filter).at("count"), 0);
}

}  // namespace
}  // namespace dbosc::test
