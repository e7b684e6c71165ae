#include <algorithm>
#include <future>
#include <mutex>

#include "contract/contract.h"

// Clients on connections of the caller's pool, which only Postgres can have.

namespace dbosc::test {
namespace {

/// A pool as an application has one.
class OwnPool {
 public:
  OwnPool(Database& database, int size) {
    for (int i = 0; i < size; ++i) connections_.push_back(database.another_sql());
    for (const auto& connection : connections_) idle_.push_back(connection.get());
  }

  Answer try_open(const Json& config, dbosc_client** client) {
    dbosc_error* error = nullptr;
    const int status = dbosc_client_open_pooled(config.dump().c_str(), acquire, release, this,
                                                nullptr, client, &error);
    return {{}, {}, take_outcome(status, error)};
  }
  Client open(const Json& config) {
    dbosc_client* client = nullptr;
    const auto answer = try_open(config, &client);
    if (!answer.ok()) throw std::runtime_error(answer.failure.message);
    return Client(client);
  }

  /// The one that is lent next where all are idle.
  Sql& next() { return *connections_.back(); }
  int lent() const {
    std::lock_guard lock(mutex_);
    return lent_;
  }
  int most_lent() const {
    std::lock_guard lock(mutex_);
    return most_lent_;
  }
  int discarded() const {
    std::lock_guard lock(mutex_);
    return discarded_;
  }

 private:
  static pg_conn* acquire(void* user, std::int64_t) {
    auto& pool = *static_cast<OwnPool*>(user);
    std::lock_guard lock(pool.mutex_);
    if (pool.idle_.empty()) return nullptr;
    auto* connection = pool.idle_.back();
    pool.idle_.pop_back();
    pool.most_lent_ = std::max(pool.most_lent_, ++pool.lent_);
    return connection->postgres_connection();
  }
  static void release(void* user, pg_conn* given, int reusable) {
    auto& pool = *static_cast<OwnPool*>(user);
    std::lock_guard lock(pool.mutex_);
    --pool.lent_;
    if (!reusable) {
      ++pool.discarded_;
      return;
    }
    for (const auto& connection : pool.connections_) {
      if (connection->postgres_connection() == given) pool.idle_.push_back(connection.get());
    }
  }

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Sql>> connections_;
  std::vector<Sql*> idle_;  // guarded by mutex_, as the counts
  int lent_ = 0, most_lent_ = 0, discarded_ = 0;
};

class Pooled : public ::testing::Test {
 protected:
  /// Nothing but the schema: the pool wins over any URL.
  Json config(const Json& more = Json::object()) const {
    Json config{{"schema", database_.schema()}};
    config.update(more);
    return config;
  }
  static Json enqueue(const std::string& id) {
    return {{"workflow_name", "w"}, {"queue_name", "q"}, {"workflow_id", id}};
  }

  Database database_{Backend::kPostgres};
  Worker worker_{database_};
};

TEST_F(Pooled, DoesEverythingOnConnectionsThatAreGivenBack) {
  OwnPool pool(database_, 2);
  const auto client = pool.open(config());
  client.call("enqueue", enqueue("a"));
  client.call("enqueue_many", {{"workflows", {enqueue("b"), enqueue("c")}}});
  client.call("send", {{"destination_id", "a"}, {"message", 1}});
  EXPECT_EQ(client.call("list_workflows").at("workflows").size(), 3u);
  const auto transaction = client.begin();
  transaction.call("enqueue", enqueue("d"));
  EXPECT_EQ(pool.lent(), 1);
  EXPECT_EQ(transaction.commit().status, DBOSC_OK);
  EXPECT_EQ(client.call("count_workflows").at("count"), 4);
  EXPECT_EQ(pool.lent(), 0);
  EXPECT_EQ(pool.discarded(), 0);
}

TEST_F(Pooled, LeavesAConnectionAsItWas) {
  OwnPool pool(database_, 1);
  pool.next().rows("SET work_mem = '3MB'");
  const auto client = pool.open(config());
  for (const std::string id : {"a", "b", "c"}) client.call("enqueue", enqueue(id));
  EXPECT_EQ(pool.next().value("SHOW work_mem"), "3MB");
  EXPECT_EQ(pool.next().value("SELECT count(*) FROM pg_prepared_statements"), "0");
  EXPECT_EQ(pool.next().value("SELECT count(*) FROM pg_listening_channels()"), "0");
  pool.next().rows("BEGIN");
  pool.next().rows("ROLLBACK");
}

TEST_F(Pooled, HoldsNoConnectionWhileItWaits) {
  OwnPool pool(database_, 1);
  const auto client = pool.open(config());
  client.call("enqueue", enqueue("a"));
  auto result = std::async(std::launch::async, [&] {
    return client.call("get_result", {{"workflow_id", "a"}});
  });
  auto event = std::async(std::launch::async, [&] {
    return client.call("get_event", {{"workflow_id", "a"}, {"key", "k"}});
  });
  client.call("enqueue", enqueue("b"));
  worker_.set_event("a", "k", "7");
  worker_.succeed("a", "42");
  EXPECT_EQ(result.get().at("result"), 42);
  EXPECT_EQ(event.get().at("value"), 7);
  EXPECT_TRUE(eventually([&] { return pool.lent() == 0; }));
  EXPECT_EQ(pool.most_lent(), 1);
}

TEST_F(Pooled, TheDoctorExaminesAConnectionOfThePoolAndGivesItBack) {
  OwnPool pool(database_, 1);
  const auto reply = pool.open(config()).call("doctor");
  EXPECT_TRUE(reply.at("healthy")) << reply.dump(1);
  EXPECT_THAT(names_of_checks(reply),
              ::testing::ElementsAre("connection", "server", "schema", "owner", "grants", "clock",
                                     "workers", "queues"))
      << "what only connections of the client's own can tell is left out";
  EXPECT_EQ(pool.lent(), 0);
  EXPECT_EQ(pool.most_lent(), 1);
  EXPECT_EQ(pool.discarded(), 0);
  EXPECT_EQ(pool.next().value("SELECT count(*) FROM pg_listening_channels()"), "0");
}

TEST_F(Pooled, TakesAnotherConnectionForOneThatWasLost) {
  OwnPool pool(database_, 2);
  const auto client = pool.open(config());
  client.call("enqueue", enqueue("a"));
  database_.sql().rows(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
      "pid = $1::int",
      {pool.next().value("SELECT pg_backend_pid()")});
  for (const std::string id : {"b", "c"}) client.call("enqueue", enqueue(id));
  EXPECT_EQ(client.call("count_workflows").at("count"), 3);
  EXPECT_EQ(pool.lent(), 0);
  EXPECT_EQ(pool.discarded(), 1);
}

TEST_F(Pooled, SaysThatThePoolGaveNone) {
  OwnPool empty(database_, 0);
  const auto client = empty.open(config({{"lazy", true}}));
  auto request = enqueue("a");
  request["timeout_ms"] = 50;
  const auto failure = client.refused("enqueue", request);
  EXPECT_EQ(failure.status, DBOSC_UNAVAILABLE);
  EXPECT_EQ(failure.kind, "no_connection");
}

TEST_F(Pooled, GivesAConnectionThatItGaveUpBackForClosing) {
  OwnPool pool(database_, 1);
  const auto client = pool.open(config({{"retry_connection_errors", false}}));
  auto& blocker = database_.sql();
  blocker.rows("BEGIN");
  blocker.rows("LOCK TABLE dbos.workflow_status");
  auto request = enqueue("a");
  request["timeout_ms"] = 50;
  EXPECT_EQ(client.refused("enqueue", request).status, DBOSC_OUTCOME_UNKNOWN);
  EXPECT_EQ(pool.discarded(), 1);
  EXPECT_EQ(pool.lent(), 0);
  blocker.rows("ROLLBACK");
}

TEST_F(Pooled, RefusesAConnectionInsideATransaction) {
  OwnPool pool(database_, 1);
  const auto client = pool.open(config());
  pool.next().rows("BEGIN");
  EXPECT_EQ(client.refused("enqueue", enqueue("a")).kind, "connection_busy");
  EXPECT_EQ(pool.lent(), 0);
}

TEST_F(Pooled, RefusesWhatAPoolCannotDo) {
  OwnPool pool(database_, 1);
  dbosc_client* client = nullptr;
  const auto listening = pool.try_open(config({{"use_listen_notify", "on"}}), &client);
  EXPECT_EQ(listening.failure.kind, "conflicting_keys");
  EXPECT_EQ(listening.failure.detail("path"), "use_listen_notify");
  EXPECT_EQ(client, nullptr);
}

TEST(PooledPlace, CanBeMadeThroughThePool) {
  Database place(Backend::kPostgres, Database::Content::kNothing);
  OwnPool pool(place, 1);
  const auto client = pool.open({{"schema", place.schema()}, {"lazy", true}});
  EXPECT_EQ(client.call("create_system_database").at("created"), true);
  EXPECT_EQ(client.refused("create_system_database", Json::object()).kind,
            "system_database_exists");
  EXPECT_EQ(pool.lent(), 0);
}

}  // namespace
}  // namespace dbosc::test
