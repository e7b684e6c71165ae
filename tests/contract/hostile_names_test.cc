#include "contract/contract.h"

// Names that try to be SQL, and texts that try to be JSON.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(HostileNames);

constexpr const char* kNames[] = {"quote'",       "double\"quote",
                                  "\"\"",         "$1",
                                  "$$",           "semi;colon",
                                  "-- comment",   "/* open",
                                  "back\\slash",  "E'\\'",
                                  "ünïcödé 😀",   "dbos.",
                                  "x dbos.y",     "now_ms()",
                                  "a now_ms() b", "= ANY ($1)",
                                  "::text",       "a::b",
                                  "new\nline",    "tab\t",
                                  "%s %d",        "'; DROP TABLE x; --",
                                  "{\"a\":1}",    "\\u0041",
                                  "SELECT",       "{}",
                                  "a,b",          "trailing ",
                                  "(a)",          ")",
                                  " leading",     "\x7f"};

TEST_P(HostileNames, AreOnlyNamesInEveryText) {
  for (const std::string name : kNames) {
    SCOPED_TRACE(name);
    const Json request{{"workflow_name", name},         {"queue_name", name},
                       {"workflow_id", name},           {"class_name", name},
                       {"config_name", name},           {"app_version", name},
                       {"deduplication_id", name},      {"authenticated_user", name},
                       {"authenticated_roles", {name}}, {"attributes", {{name, name}}},
                       {"application_name", name},      {"args", {name}},
                       {"kwargs", {{name, name}}}};
    ASSERT_EQ(client().call("enqueue", request),
              Json({{"workflow_id", name}, {"outcome", "created"}}));
    const auto found = workflow(name);
    for (const std::string key :
         {"workflow_id", "queue_name", "class_name", "config_name", "app_version",
          "deduplication_id", "authenticated_user", "application_name"}) {
      EXPECT_EQ(found.at(key), name) << key;
    }
    EXPECT_EQ(found.at("name"), name);
    EXPECT_EQ(found.at("authenticated_roles"), Json({name}));
    EXPECT_EQ(found.at("attributes").at(name), name);
    EXPECT_EQ(found.at("input").at("args"), Json::array({name}));
    EXPECT_EQ(found.at("input").at("kwargs").at(name), name);
    EXPECT_EQ(
        client()
            .refused("enqueue", enqueue_request({{"queue_name", name}, {"deduplication_id", name}}))
            .detail("workflow_id"),
        name);
    client().call(
        "send",
        {{"destination_id", name}, {"message", name}, {"topic", name}, {"idempotency_key", name}});
    EXPECT_EQ(sql()
                  .row("SELECT * FROM dbos.notifications WHERE destination_uuid = $1", {name})
                  .at("topic"),
              name);
    worker().set_event(name, name, Json(name).dump());
    EXPECT_EQ(client().call("get_event", {{"workflow_id", name}, {"key", name}}).at("value"), name);
    EXPECT_EQ(client()
                  .call("cancel_workflows", {{"workflow_ids", {name, "no such"}}})
                  .at("outcomes")[0]
                  .at("outcome"),
              "cancelled");
    client().call("resume_workflows", {{"workflow_ids", {name}}, {"queue_name", name}});
    EXPECT_EQ(row_of(name).at("queue_name"), name);
    worker().succeed(name, Json(name).dump());
    EXPECT_EQ(client().call("get_result", {{"workflow_id", name}}).at("result"), name);
    EXPECT_EQ(client().call("count_workflows", {{"workflow_id_prefix", name}}).at("count"), 1);
  }
}

TEST_P(HostileNames, AreOnlyNamesInErrors) {
  for (const std::string name : kNames) {
    SCOPED_TRACE(name);
    EXPECT_EQ(
        client().refused("send", {{"destination_id", name}, {"message", 1}}).detail("workflow_id"),
        name);
    EXPECT_EQ(client().refused("enqueue", {{name, 1}}).detail("path"), name);
    EXPECT_EQ(client().try_call(name, Json::object()).failure.kind, "unknown_operation");
  }
}

TEST_P(HostileNames, AreOnlyNamesOfSchemas) {
  if (!postgres()) {
    EXPECT_NO_THROW(open({{"schema", "\"; DROP TABLE x"}}).call("check_connection"))
        << "SQLite has no schemas";
    return;
  }
  for (const std::string name : kNames) {
    SCOPED_TRACE(name);
    Database database(GetParam(), Database::Content::kSystemDatabase, name);
    const auto client = database.open();
    const std::string id = client.call("enqueue", enqueue_request()).at("workflow_id");
    EXPECT_EQ(database.sql().value("SELECT count(*) FROM dbos.workflow_status"), "1");
    client.call("send", {{"destination_id", id}, {"message", 1}});
    EXPECT_EQ(client.call("list_workflows").at("workflows").size(), 1u);
    EXPECT_NO_THROW(database.sql().rows(
        "SELECT dbos.enqueue_workflow('w', 'q'); SELECT dbos.send_message('" + id + "', '1')"));
    EXPECT_EQ(client.call("count_workflows").at("count"), 2);
  }
}

// Of Postgres databases: SystemDatabase.IsMadeWithTheDatabaseAroundIt.
TEST(HostileNamesOnSqlite, AreOnlyNamesOfFiles) {
  const TemporaryFolder folder;
  for (const std::string name : {"quote'.db", "per%20cent.db", "quest?mode=ro.db", "hash#.db",
                                 "ünï😀.db", "spa ce.db", "file:x.db", "semi;.db"}) {
    SCOPED_TRACE(name);
    const Json config{{"system_database_url", "sqlite:///" + (folder / name).string()},
                      {"lazy", true}};
    Client(config).call("create_system_database");
    EXPECT_TRUE(std::filesystem::exists(folder / name));
  }
}

}  // namespace
}  // namespace dbosc::test
