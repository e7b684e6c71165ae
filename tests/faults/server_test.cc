// Servers that hang up, restart, refuse or interrupt, each with the answer that users can act on.
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>

#include "faults/faults.h"
#include "support/log_lines.h"

namespace dbosc::test {
namespace {

constexpr auto kOurs = "datname = current_database() AND application_name = 'dbosc'";

class ServerTest : public ProxyTest {
 protected:
  Client direct(const Json& more = Json::object()) const { return database_.open(more); }
  long workflows(const std::string& id) {
    return number("SELECT count(*) FROM dbos.workflow_status WHERE workflow_uuid LIKE '" + id +
                  "'");
  }
  /// Runs calls until the pool holds `count` connections.
  void fill_pool(const Client& client, int count) {
    const auto lock = database_.another_sql();
    lock->rows("BEGIN");
    lock->rows("LOCK TABLE dbos.workflow_status IN ACCESS EXCLUSIVE MODE");
    std::vector<std::unique_ptr<Running>> calls;
    for (int i = 0; i < count; ++i) {
      calls.push_back(std::make_unique<Running>(client, "count_workflows", Json::object()));
    }
    ASSERT_TRUE(eventually([&] { return database_.waiting_for_locks() == count; }));
    lock->rows("ROLLBACK");
    for (auto& call : calls) EXPECT_TRUE(call->end().ok());
  }
  void terminate_ours() {
    database_.sql().rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " +
                         std::string(kOurs));
    ASSERT_TRUE(eventually([&] {
      return number("SELECT count(*) FROM pg_stat_activity WHERE " + std::string(kOurs)) == 0;
    }));
  }
  /// Undone at the end of the test, whatever happens in it.
  void alter_database(const std::string& setting, const std::string& value) {
    const auto name = quoted_name(*database_.sql().value("SELECT current_database()"));
    undo_.push_back("ALTER DATABASE " + name + " RESET " + setting);
    database_.sql().rows("ALTER DATABASE " + name + " SET " + setting + " = '" + value + "'");
  }
  void undo() {
    for (const auto& statement : undo_) database_.sql().rows(statement);
    undo_.clear();
  }
  void TearDown() override {
    database_.sql().rows("SET default_transaction_read_only = off");
    undo();
  }

  Worker worker_{database_};
  std::vector<std::string> undo_;
};

TEST_F(ServerTest, AnOutageIsToldOnceWhenItBeginsAndOnceWhenItEnds) {
  const LogLines log("warn");
  const auto client = open({{"default_timeout_ms", 500}});
  proxy_.set_dead(true);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(client.try_call("count_workflows", Json::object()).ok());
  EXPECT_EQ(client.call("client_stats").at("database").at("away"), true);
  EXPECT_TRUE(log.of("outage_end").empty()) << log.text();
  proxy_.heal();
  ASSERT_TRUE(eventually([&] { return client.try_call("count_workflows", Json::object()).ok(); }));
  const auto begun = log.of("outage_begin"), ended = log.of("outage_end");
  ASSERT_EQ(begun.size(), 1u) << log.text();
  ASSERT_EQ(ended.size(), 1u) << log.text();
  EXPECT_EQ(ended[0].at("client"), begun[0].at("client"));
  EXPECT_GE(ended[0].at("duration_ms"), 500);
  const auto database = client.call("client_stats").at("database");
  EXPECT_EQ(ended[0].at("failures"), database.at("connection_failures"));
  EXPECT_EQ(database.at("outages"), 1);
  EXPECT_EQ(database.at("away"), false);
}

TEST_F(ServerTest, SubmittedWaitsSurviveTheLossOfEveryConnection) {
  constexpr int kWaits = 1500;
  const auto client = direct();
  dbosc_completions* queue = nullptr;
  ASSERT_EQ(dbosc_completions_new(0, &queue, nullptr), DBOSC_OK);
  worker_.insert_workflow("one");
  for (int i = 0; i < kWaits; ++i) {
    const bool event = i % 3 == 0;
    const Json request = event ? Json{{"workflow_id", "one"}, {"key", "k"}, {"timeout_ms", 120000}}
                               : Json{{"workflow_id", "one"}};
    ASSERT_EQ(dbosc_client_submit(client.get(), event ? "get_event" : "get_result",
                                  request.dump().c_str(), nullptr, queue, i, nullptr),
              DBOSC_OK);
  }
  ASSERT_TRUE(eventually([&] {
    return number("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%ANY ($1)%' AND " +
                  std::string(kOurs)) > 0;
  }));
  terminate_ours();
  // Announced while nobody listens, or to the listener that came anew: no wait misses it.
  worker_.set_event("one", "k", "7");
  worker_.succeed("one", "42");
  std::vector<int> seen(kWaits);
  for (int i = 0; i < kWaits; ++i) {
    dbosc_completion* completion = nullptr;
    ASSERT_EQ(dbosc_completions_next(queue, 60000, &completion), DBOSC_OK) << i;
    const auto tag = static_cast<std::size_t>(dbosc_completion_tag(completion));
    ++seen.at(tag);
    EXPECT_EQ(dbosc_completion_status(completion), DBOSC_OK);
    const auto reply = Json::parse(dbosc_completion_reply(completion));
    EXPECT_EQ(tag % 3 == 0 ? reply.at("value") : reply.at("result"), tag % 3 == 0 ? 7 : 42);
    dbosc_completion_free(completion);
  }
  EXPECT_EQ(seen, std::vector<int>(kWaits, 1));
  dbosc_completions_free(queue);
}

TEST_F(ServerTest, EveryCallSucceedsAfterTheServerHungUpOnAllIdleConnections) {
  const auto client = direct({{"pool_size", 4}});
  worker_.insert_workflow("one");
  const std::vector<std::pair<std::string, Json>> calls = {
      {"enqueue", new_workflow("two")},
      {"get_workflow", {{"workflow_id", "one"}}},
      {"send", {{"destination_id", "one"}, {"message", 1}}},
      {"cancel_workflows", {{"workflow_ids", {"one"}}}},
      {"list_workflows", Json::object()},
      {"check_connection", Json::object()}};
  for (const auto& [operation, request] : calls) {
    SCOPED_TRACE(operation);
    fill_pool(client, 4);
    terminate_ours();
    for (int i = 0; i < 4; ++i) client.call(operation, request);
  }
  EXPECT_EQ(workflows("two"), 1);
}

TEST_F(ServerTest, CallsThatRunWhileTheirConnectionsAreKilledSucceed) {
  const auto client = direct();
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  std::atomic<int> done{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        const auto id = "kill" + std::to_string(t) + "-" + std::to_string(i);
        const auto answer = client.try_call("enqueue", new_workflow(id));
        EXPECT_TRUE(answer.ok()) << answer.failure.details;
        EXPECT_TRUE(!answer.ok() || answer.reply["outcome"] == "created");
        ++done;
      }
    });
  }
  auto& sql = database_.sql();
  for (int i = 0; i < 25; ++i) {
    const int before = done;
    EXPECT_TRUE(eventually([&] { return done > before + 2; }));
    sql.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + std::string(kOurs));
  }
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(workflows("kill%"), done);
}

TEST_F(ServerTest, WaitsOutliveTheirKilledConnection) {
  const auto client = direct();
  worker_.insert_workflow("one");
  Running result(client, "get_result", {{"workflow_id", "one"}});
  Running event(client, "get_event", {{"workflow_id", "one"}, {"key", "k"}});
  for (int i = 0; i < 10; ++i) {
    // The watcher's connection is there again each time.
    ASSERT_TRUE(eventually([&] {
      return number("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%ANY ($1)%' AND " +
                    std::string(kOurs)) > 0;
    }));
    database_.sql().rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " +
                         std::string(kOurs));
  }
  worker_.set_event("one", "k", "7");
  worker_.succeed("one", "42");
  const auto value = event.end();
  EXPECT_EQ(value.reply["value"], 7) << value.failure.details;
  const auto answer = result.end();
  EXPECT_EQ(answer.reply["result"], 42) << answer.failure.details;
}

TEST_F(ServerTest, AReadOnlyServerIsTriedAgainUntilTheDeadlineAndThenNamed) {
  const auto client = direct();
  alter_database("default_transaction_read_only", "on");
  terminate_ours();
  auto request = new_workflow("x");
  request["timeout_ms"] = 3000;
  const auto failure = Running(client, "enqueue", request).end().failure;
  EXPECT_EQ(failure.status, DBOSC_UNAVAILABLE) << failure.details;
  EXPECT_EQ(failure.kind, "read_only");
  EXPECT_EQ(failure.detail("sqlstate"), "25006");
  client.call("count_workflows");
  // A primary again while a call still tries.
  Running call(client, "enqueue", new_workflow("y"));
  database_.sql().rows("SET default_transaction_read_only = off");
  undo();
  const auto answer = call.end(kBound);
  EXPECT_TRUE(answer.ok()) << answer.failure.details;
  EXPECT_EQ(workflows("x"), 0);
  EXPECT_EQ(workflows("y"), 1);
}

TEST_F(ServerTest, AWarmConnectionToAServerThatTurnedReadOnlyIsGivenUp) {
  const auto client = direct({{"pool_size", 1}});
  client.call("enqueue", new_workflow("warm"));
  // As a demoted primary: the session that is open says no from now on, a new one says yes.
  auto& sql = database_.sql();
  alter_database("default_transaction_read_only", "on");
  terminate_ours();
  client.call("check_connection");  // a session that is read-only
  sql.rows("SET default_transaction_read_only = off");
  undo();
  auto request = new_workflow("x");
  request["timeout_ms"] = 10000;
  client.call("enqueue", request);
  EXPECT_EQ(workflows("x"), 1);
}

class RoleTest : public ServerTest {
 protected:
  void SetUp() override {
    role_ = "dbosc_role_" + std::to_string(::getpid());
    auto& sql = database_.sql();
    sql.rows("CREATE ROLE " + role_ + " LOGIN PASSWORD 'pass-word-1'");
    sql.rows("GRANT ALL ON SCHEMA " + quoted_name(database_.schema()) + " TO " + role_);
    sql.rows("GRANT ALL ON ALL TABLES IN SCHEMA " + quoted_name(database_.schema()) + " TO " +
             role_);
  }
  void TearDown() override {
    auto& sql = database_.sql();
    sql.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role_ +
             "'");
    sql.rows("DROP OWNED BY " + role_);
    sql.rows("DROP ROLE " + role_);
  }
  Json as_role(const std::string& password, Json more = Json::object()) const {
    auto config = database_.config(more);
    const auto& url = database_.url();
    config["system_database_url"] =
        "postgresql://" + role_ + ":" + password + url.substr(url.find('@'));
    return config;
  }
  std::string role_;
};

TEST_F(RoleTest, TooManyConnectionsIsTriedAgain) {
  auto& sql = database_.sql();
  sql.rows("ALTER ROLE " + role_ + " CONNECTION LIMIT 1");
  const Client holder(as_role("pass-word-1"));  // has the one place
  holder.call("check_connection");
  const Client client(as_role("pass-word-1", {{"lazy", true}}));
  auto request = new_workflow("x");
  request["timeout_ms"] = 600;
  const auto failure = Running(client, "enqueue", request).end().failure;
  EXPECT_EQ(failure.status, DBOSC_UNAVAILABLE) << failure.details;
  EXPECT_EQ(failure.kind, "too_many_connections");
  Running call(client, "enqueue", new_workflow("y"));
  sql.rows("ALTER ROLE " + role_ + " CONNECTION LIMIT 10");
  const auto answer = call.end(kBound);
  EXPECT_TRUE(answer.ok()) << answer.failure.details;
  EXPECT_EQ(workflows("_"), 1);
}

TEST_F(RoleTest, AWrongPasswordIsRefusedAtOnceAndNotRepeated) {
  const auto config = as_role("wrong-pass-word", {{"startup_timeout_ms", 120000}});
  const auto opened = Client::refused(config);
  auto lazy = config;
  lazy["lazy"] = true;
  const Client client(lazy);
  auto request = new_workflow("x");
  request["timeout_ms"] = 120000;  // were it tried again, the safety net would end the test
  const auto called = Running(client, "enqueue", request).end().failure;
  for (const auto& failure : {opened, called}) {
    EXPECT_EQ(failure.status, DBOSC_UNAVAILABLE) << failure.details;
    EXPECT_EQ(failure.kind, "authentication_failed");
    EXPECT_EQ(failure.detail("sqlstate"), "28P01");
    EXPECT_EQ(failure.details.dump().find("wrong-pass-word"), std::string::npos);
  }
}

TEST_F(RoleTest, AStatementTimeoutOfTheAdministratorIsNeverTriedAgain) {
  auto& sql = database_.sql();
  sql.rows("ALTER ROLE " + role_ + " SET statement_timeout = '150ms'");
  auto config = as_role("pass-word-1");
  config["system_database_url"] = with_parameter(
      with_port(std::string(config["system_database_url"]), proxy_.port()), "sslmode=disable");
  const Client client(config);
  client.call("enqueue", new_workflow("warm"));
  const auto lock = database_.another_sql();
  lock->rows("BEGIN");
  lock->rows("LOCK TABLE dbos.workflow_status IN ACCESS EXCLUSIVE MODE");
  proxy_.reset_counts();
  auto request = new_workflow("x");
  request["timeout_ms"] = 120000;
  const auto write = Running(client, "enqueue", request).end().failure;
  const auto counts = proxy_.counts();
  const auto read =
      Running(client, "get_workflow", {{"workflow_id", "x"}, {"timeout_ms", 120000}}).end().failure;
  lock->rows("ROLLBACK");
  for (const auto& failure : {write, read}) {
    EXPECT_EQ(failure.status, DBOSC_TIMEOUT) << failure.details;
    EXPECT_EQ(failure.kind, "query_timeout");
    EXPECT_EQ(failure.detail("sqlstate"), "57014");
  }
  EXPECT_EQ(counts.flights_up, 1) << counts.types;
  EXPECT_EQ(counts.connections, 0);
  EXPECT_EQ(workflows("x"), 0);
}

TEST_F(ServerTest, AMissingDatabaseIsNamed) {
  auto config = database_.config();
  config["system_database_url"] = with_database(database_.url(), "no_such_database");
  const auto failure = Client::refused(config);
  EXPECT_EQ(failure.status, DBOSC_NOT_FOUND) << failure.details;
  EXPECT_EQ(failure.kind, "database_missing");
  EXPECT_NE(failure.message.find("no_such_database"), std::string::npos);
}

// --- Serialization failures ---

/// Raises 40001 the first three times, at the statement or at its commit. A sequence counts, since
/// nothing rolls it back.
void refuse_three_times(Sql& sql, const std::string& event, const std::string& kind) {
  sql.rows("CREATE SEQUENCE dbos.tries");
  sql.rows(
      "CREATE FUNCTION dbos.refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
      " IF nextval(TG_TABLE_SCHEMA || '.tries') <= 3 THEN"
      " RAISE EXCEPTION 'could not serialize' USING ERRCODE = '40001'; END IF;"
      " RETURN NEW; END$$");
  sql.rows("CREATE " + kind + " TRIGGER refuse " + event +
           (kind.empty() ? "" : " DEFERRABLE INITIALLY DEFERRED") +
           " FOR EACH ROW EXECUTE FUNCTION dbos.refuse()");
}

TEST_F(ServerTest, ASerializationFailureOfAStatementIsTriedAgain) {
  refuse_three_times(database_.sql(), "BEFORE INSERT ON dbos.workflow_status", "");
  const auto client = direct();
  EXPECT_EQ(client.call("enqueue", new_workflow("x"))["outcome"], "created");
  EXPECT_EQ(number("SELECT last_value FROM dbos.tries"), 4);
}

TEST_F(ServerTest, ASerializationFailureAtTheCommitIsTriedAgain) {
  const auto client = direct();
  refuse_three_times(database_.sql(), "AFTER INSERT ON dbos.workflow_status", "CONSTRAINT");
  EXPECT_EQ(client.call("enqueue", new_workflow("x"))["outcome"], "created");
  EXPECT_EQ(workflows("x"), 1);
  client.call("enqueue", new_workflow("warm"));  // the same on a warm connection
  EXPECT_EQ(workflows("warm"), 1);
}

TEST_F(ServerTest, ASerializationFailureAtTheCommitOfAFlightIsTriedAgain) {
  worker_.insert_workflow("one");
  const auto client = direct();
  refuse_three_times(database_.sql(), "AFTER INSERT ON dbos.notifications", "CONSTRAINT");
  const Json message{{"destination_id", "one"}, {"message", 1}};
  client.call("send_many", {{"messages", {message, message}}});
  EXPECT_EQ(number("SELECT count(*) FROM dbos.notifications"), 2);
  client.call("send", message);
  EXPECT_EQ(number("SELECT count(*) FROM dbos.notifications"), 3);
}

TEST_F(ServerTest, ConflictingUpdatesUnderSerializableAllSucceed) {
  alter_database("default_transaction_isolation", "serializable");
  std::vector<std::string> ids;
  for (int i = 0; i < 8; ++i) {
    ids.push_back("w" + std::to_string(i));
    worker_.insert_workflow(ids.back());
  }
  const auto client = direct({{"pool_size", 8}});
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        const auto* operation = (t + i) % 2 ? "cancel_workflows" : "resume_workflows";
        const auto answer = client.try_call(operation, Json{{"workflow_ids", ids}});
        EXPECT_TRUE(answer.ok()) << answer.failure.details;
        const auto added = client.try_call(
            "enqueue", new_workflow("s" + std::to_string(t) + "-" + std::to_string(i)));
        EXPECT_TRUE(added.ok()) << added.failure.details;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(workflows("s%"), 80);
}

}  // namespace
}  // namespace dbosc::test
