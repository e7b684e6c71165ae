#include "contract/contract.h"

// Operations inside transactions: ones of ours, and borrowed ones.

namespace dbosc::test {
namespace {

class TransactionContract : public Contract {
 protected:
  /// Our transaction on `connection`, which borrows it.
  Answer try_adopt(Sql& connection, Client& client, dbosc_transaction** transaction) {
    dbosc_error* error = nullptr;
    const int status =
        postgres() ? dbosc_transaction_adopt_postgres(
                         client.get(), connection.postgres_connection(), transaction, &error)
                   : dbosc_transaction_adopt_sqlite(client.get(), connection.sqlite_connection(),
                                                    transaction, &error);
    return {{}, {}, take_outcome(status, error)};
  }
  Transaction adopt(Sql& connection) {
    dbosc_transaction* transaction = nullptr;
    const auto answer = try_adopt(connection, client(), &transaction);
    if (!answer.ok()) throw std::runtime_error(answer.failure.message);
    return Transaction(transaction);
  }
  bool exists(const std::string& id) {
    return client().call("count_workflows", {{"workflow_ids", {id}}}).at("count") == 1;
  }
  Json request(const std::string& id, const Json& more = Json::object()) {
    auto request = enqueue_request(more);
    request["workflow_id"] = id;
    return request;
  }
};

#define DBOSC_TRANSACTION_CONTRACT(group)      \
  class group : public TransactionContract {}; \
  INSTANTIATE_TEST_SUITE_P(Contract, group,    \
                           ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of)

DBOSC_TRANSACTION_CONTRACT(Borrowed);

TEST_P(Borrowed, CountsWithTheOwnersCommit) {
  sql().rows("CREATE TABLE dbos.orders (id TEXT)");
  for (const std::string end : {"COMMIT", "ROLLBACK"}) {
    auto connection = database().another_sql();
    connection->rows("BEGIN");
    connection->rows("INSERT INTO dbos.orders VALUES ($1)", {end});
    const auto transaction = adopt(*connection);
    EXPECT_EQ(transaction.call("enqueue", request(end)).at("outcome"), "created");
    transaction.call("send", {{"destination_id", end}, {"message", 1}});
    const Json message{{"destination_id", end}, {"message", 1}};
    transaction.call("send_many", {{"messages", {message, message}}});
    EXPECT_EQ(transaction.call("get_workflow", {{"workflow_id", end}}).at("workflow").at("status"),
              "ENQUEUED");
    EXPECT_FALSE(exists(end)) << "others see it after the commit";
    connection->rows(end);
    EXPECT_EQ(exists(end), end == "COMMIT");
  }
  EXPECT_EQ(count("notifications"), 3);
  EXPECT_EQ(count("orders"), 1);
}

TEST_P(Borrowed, OutlivesCollisionsAndRefusedOperations) {
  enqueue({{"workflow_id", "there"}, {"deduplication_id", "d"}});
  worker().insert_workflow("done", {{"status", "PENDING"}});
  auto connection = database().another_sql();
  connection->rows("BEGIN");
  const auto transaction = adopt(*connection);
  EXPECT_EQ(transaction.call("enqueue", request("there")).at("outcome"), "existing");
  const auto held = transaction.refused("enqueue", request("new", {{"deduplication_id", "d"}}));
  EXPECT_EQ(held.kind, "queue_deduplicated");
  EXPECT_EQ(held.detail("workflow_id"), "there");
  EXPECT_EQ(transaction
                .call("enqueue", request("new", {{"deduplication_id", "d"},
                                                 {"duplication_policy", "return_existing"}}))
                .at("workflow_id"),
            "there");
  EXPECT_EQ(
      transaction.refused("enqueue", request("there", {{"workflow_id_reuse_policy", "reject"}}))
          .kind,
      "workflow_id_in_use");
  EXPECT_EQ(
      transaction.refused("rewind_workflow", {{"workflow_id", "done"}, {"start_step", 1}}).status,
      DBOSC_CONFLICT);
  EXPECT_EQ(transaction.refused("enqueue", Json::object()).kind, "missing_key");
  EXPECT_EQ(transaction.call("enqueue", request("new")).at("outcome"), "created");
  connection->rows("COMMIT");
  EXPECT_TRUE(exists("new"));
}

TEST_P(Borrowed, SurvivesAMessageToNobody) {
  auto connection = database().another_sql();
  connection->rows("BEGIN");
  const auto transaction = adopt(*connection);
  EXPECT_EQ(transaction.refused("send", {{"destination_id", "nobody"}, {"message", 1}}).kind,
            "non_existent_workflow");
  EXPECT_EQ(transaction.call("enqueue", request("id")).at("outcome"), "created");
  connection->rows("COMMIT");
  EXPECT_TRUE(exists("id"));
}

TEST_P(Borrowed, RefusesToWorkWithoutAnOpenTransaction) {
  auto connection = database().another_sql();
  const auto transaction = adopt(*connection);
  EXPECT_EQ(transaction.refused("enqueue", request("id")).kind, "no_transaction");
  EXPECT_EQ(transaction.commit().kind, "borrowed");
  EXPECT_EQ(transaction.rollback().kind, "borrowed");
  connection->rows("BEGIN");
  EXPECT_EQ(transaction.call("enqueue", request("id")).at("outcome"), "created");
  connection->rows("COMMIT");
}

TEST_P(Borrowed, SaysThatTheTransactionHasFailed) {
  if (!postgres()) GTEST_SKIP() << "a failed statement does not fail a transaction of SQLite";
  auto connection = database().another_sql();
  connection->rows("BEGIN");
  const auto transaction = adopt(*connection);
  EXPECT_THROW(connection->rows("SELECT 1/0"), std::runtime_error);
  EXPECT_EQ(transaction.refused("enqueue", request("id")).kind, "transaction_failed");
  connection->rows("ROLLBACK");
}

TEST_P(Borrowed, RefusesConnectionsThatCannotServe) {
  auto connection = database().another_sql();
  dbosc_transaction* transaction = nullptr;
  if (postgres()) {
    connection->rows("SET client_encoding = 'LATIN1'");
    EXPECT_EQ(try_adopt(*connection, client(), &transaction).failure.kind, "wrong_encoding");
  } else {
    connection->rows("PRAGMA foreign_keys = OFF");
    EXPECT_EQ(try_adopt(*connection, client(), &transaction).failure.kind, "foreign_keys_off");
  }
  EXPECT_EQ(transaction, nullptr);
  Database other(postgres() ? Backend::kSqlite : Backend::kPostgres);
  auto client_of_other = other.open();
  EXPECT_EQ(try_adopt(*database().another_sql(), client_of_other, &transaction).failure.kind,
            "wrong_database");
}

TEST_P(Borrowed, NeedsNoConnectionOfTheClient) {
  database();
  auto config = database().config({{"lazy", true}});
  if (postgres()) config["system_database_url"] = "postgresql://127.0.0.1:1/nowhere";
  Client unconnected(config);
  auto connection = database().another_sql();
  connection->rows("BEGIN");
  dbosc_transaction* handle = nullptr;
  ASSERT_TRUE(try_adopt(*connection, unconnected, &handle).ok());
  const Transaction transaction(handle);
  EXPECT_EQ(transaction.call("enqueue", request("id")).at("outcome"), "created");
  connection->rows("COMMIT");
  EXPECT_TRUE(exists("id"));
}

TEST_P(Borrowed, EndsACallByItsDeadlineAndGivesTheConnectionBack) {
  if (!postgres()) GTEST_SKIP() << "on SQLite a borrowed call ends between statements only";
  enqueue({{"workflow_id", "id"}});
  auto blocker = database().another_sql();
  blocker->rows("BEGIN; SELECT 1 FROM dbos.workflow_status WHERE workflow_uuid = 'id' FOR UPDATE");
  auto connection = database().another_sql();
  connection->rows("BEGIN");
  const auto transaction = adopt(*connection);
  const auto late = transaction.refused(
      "set_workflow_priority", {{"workflow_id", "id"}, {"priority", 3}, {"timeout_ms", 100}});
  EXPECT_EQ(late.kind, "timeout");
  blocker->rows("COMMIT");
  connection->rows("ROLLBACK");
  EXPECT_EQ(connection->value("SELECT 1"), "1") << "the owner's to use";
}

DBOSC_TRANSACTION_CONTRACT(OurTransaction);

TEST_P(OurTransaction, CommitsOrRollsBackAllThatItsCallsWrote) {
  for (const std::string end : {"commit", "rollback", "free"}) {
    auto transaction = client().begin();
    transaction.call("enqueue", request(end));
    transaction.call("send", {{"destination_id", end}, {"message", 1}});
    if (end == "commit") {
      EXPECT_EQ(transaction.commit().status, DBOSC_OK);
    } else if (end == "rollback") {
      EXPECT_EQ(transaction.rollback().status, DBOSC_OK);
    } else {
      transaction.free();
    }
    EXPECT_EQ(exists(end), end == "commit");
  }
  EXPECT_EQ(count("notifications"), 1);
}

TEST_P(OurTransaction, RunsStatementsOfTheCaller) {
  auto transaction = client().begin();
  const std::string table = postgres() ? quoted_name(database().schema()) + ".orders" : "orders";
  transaction.execute("CREATE TABLE " + table + " (id BIGINT, name TEXT, price NUMERIC)");
  const std::string marks = postgres() ? "($1, $2, $3)" : "(?, ?, ?)";
  const auto written = transaction.try_execute("INSERT INTO " + table + " VALUES " + marks,
                                               {9007199254740993, "caf\u00e9", nullptr});
  EXPECT_EQ(written.reply.at("row_count"), 1);
  transaction.call("enqueue", request("id"));
  EXPECT_EQ(transaction.commit().status, DBOSC_OK);
  auto reading = client().begin();
  const auto read = reading.try_execute("SELECT id, name, price, 1.5 AS x FROM " + table);
  EXPECT_EQ(read.reply.at("columns"), Json({"id", "name", "price", "x"}));
  EXPECT_EQ(read.reply.at("rows"), Json({{9007199254740993, "caf\u00e9", nullptr, 1.5}}));
  EXPECT_TRUE(exists("id"));
}

TEST_P(OurTransaction, TellsWhatIsWrongWithAStatement) {
  const auto transaction = client().begin();
  EXPECT_EQ(transaction.try_execute("SELECT 1; SELECT 2").failure.status,
            postgres() ? DBOSC_DATABASE : DBOSC_INVALID_ARGUMENT);
  if (postgres()) {
    EXPECT_EQ(transaction.try_execute("SELECT 1").failure.kind, "transaction_failed");
  }
  EXPECT_EQ(transaction.rollback().status, DBOSC_OK);
  const auto other = client().begin();
  EXPECT_EQ(other.try_execute("SELECT 1", {1}).ok(), false);
  EXPECT_EQ(other.try_execute("SELECT 1", Json::object()).failure.kind, "wrong_type");
}

TEST_P(OurTransaction, SaysThatItHasEnded) {
  const auto transaction = client().begin();
  EXPECT_EQ(transaction.commit().status, DBOSC_OK);
  EXPECT_EQ(transaction.commit().kind, "transaction_ended");
  EXPECT_EQ(transaction.rollback().kind, "transaction_ended");
  EXPECT_EQ(transaction.refused("enqueue", request("id")).kind, "transaction_ended");
  EXPECT_EQ(transaction.try_execute("SELECT 1").failure.kind, "transaction_ended");
  const auto ended_inside = client().begin();
  EXPECT_TRUE(ended_inside.try_execute("COMMIT").ok());
  EXPECT_EQ(ended_inside.refused("enqueue", request("id")).kind, "no_transaction");
}

TEST_P(OurTransaction, RefusesWaitsAndWhatNeedsItsOwnConnection) {
  const auto transaction = client().begin();
  for (const auto* operation : {"get_result", "get_event", "read_stream", "wait_first", "wait_all",
                                "create_system_database"}) {
    EXPECT_EQ(transaction.refused(operation, Json::object()).kind, "not_in_transaction");
  }
  EXPECT_EQ(transaction.refused("no_such_operation", Json::object()).kind, "unknown_operation");
  EXPECT_NO_THROW(transaction.call("check_connection"));
  EXPECT_NO_THROW(transaction.call("get_schema_version"));
}

TEST_P(OurTransaction, TakesBackAFailedOperationAlone) {
  worker().insert_workflow("source", {{"status", "ERROR"}});
  worker().add_step("source", 1, {{"function_name", "s"}});
  const auto transaction = client().begin();
  transaction.call("enqueue", request("kept"));
  const Json fork{{"workflow_id", "source"}, {"start_step", 1}};
  auto taken = fork;
  taken["new_workflow_id"] = "kept";
  auto made = fork;
  made["new_workflow_id"] = "made";
  EXPECT_EQ(transaction.refused("fork_workflows", {{"forks", {made, taken}}}).kind,
            "workflow_id_in_use");
  EXPECT_EQ(transaction.commit().status, DBOSC_OK);
  EXPECT_TRUE(exists("kept"));
  EXPECT_FALSE(exists("made")) << "nothing is half done";
}

TEST_P(OurTransaction, MayOutliveItsClient) {
  auto short_lived = open(Json::object());
  auto transaction = short_lived.begin();
  transaction.call("enqueue", request("id"));
  short_lived.free();
  EXPECT_EQ(transaction.refused("enqueue", request("other")).kind, "closed");
  transaction.free();
  EXPECT_FALSE(exists("id"));
}

TEST_P(OurTransaction, RunsManyOperationsOfEveryKind) {
  worker().insert_workflow("source", {{"status", "ENQUEUED"}});
  const auto transaction = client().begin();
  transaction.call("enqueue_many", {{"workflows", {request("a"), request("b")}}});
  transaction.call("enqueue_and_send", request("c", {{"messages", {{{"message", 1}}}}}));
  transaction.call("cancel_workflows", {{"workflow_ids", {"a"}}});
  transaction.call("resume_workflows", {{"workflow_ids", {"a"}}});
  transaction.call("delete_workflows", {{"workflow_ids", {"b"}}});
  transaction.call("move_workflows", {{"workflow_ids", {"source"}}, {"queue_name", "other"}});
  transaction.call("update_workflow_attributes",
                   {{"workflow_id", "source"}, {"attributes", {{"x", 1}}}});
  transaction.call("send_many", {{"messages", {{{"destination_id", "a"}, {"message", 1}}}}});
  EXPECT_EQ(transaction.call("list_workflows").at("workflows").size(), 3u);
  EXPECT_EQ(count("workflow_status"), 1);
  EXPECT_EQ(transaction.commit().status, DBOSC_OK);
  EXPECT_EQ(count("workflow_status"), 3);
  EXPECT_EQ(row_of("source").at("queue_name"), "other");
}

}  // namespace
}  // namespace dbosc::test
