// How often a call crosses the wire. A flight is all that goes one way before something comes back.
#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "faults/faults.h"
#include "support/submitted.h"

namespace dbosc::test {
namespace {

/// Few enough to be all asked for in every tick.
constexpr int kManyWaits = 100;

class RoundTrips : public ProxyTest {
 protected:
  /// Counts what `run` sends and gets.
  template <class Run>
  Proxy::Counts counted(Run&& run) {
    proxy_.reset_counts();
    run();
    return proxy_.counts();
  }
  void expect_one(const Proxy::Counts& counts, const std::string& what) {
    EXPECT_EQ(counts.flights_up, 1) << what << ": " << counts.types;
    EXPECT_EQ(counts.flights_down, 1) << what << ": " << counts.types;
    EXPECT_EQ(counts.connections, 0) << what;
  }
  /// Each id once, so that a change has something to do; the first call of a kind prepares.
  void expect_at_most(int flights, const std::string& operation,
                      const std::function<Json(const std::string& id)>& request) {
    const auto client = open({{"application_name", "app"}});
    for (const std::string id : {"first", "second", "third"}) {
      const auto prepared = request(operation + ' ' + id + ' ' + std::to_string(++ids_));
      const auto counts = counted([&] { client.call(operation, prepared); });
      EXPECT_LE(counts.flights_up, flights) << operation << ' ' << id << ": " << counts.types;
      EXPECT_LE(counts.flights_down, flights) << operation << ' ' << id << ": " << counts.types;
      EXPECT_EQ(counts.connections, 0) << operation;
    }
  }
  /// Names a workflow of this status, made first.
  std::function<Json(const std::string& id)> selecting(const std::string& status,
                                                       const Json& more = Json::object()) {
    return [this, status, more](const std::string& id) {
      worker_.insert_workflow(id, {{"status", status}});
      Json request{{"workflow_ids", {id}}};
      request.update(more);
      return request;
    };
  }
  std::function<Json(const std::string& id)> naming(const std::string& status, const Json& more) {
    return [this, status, more](const std::string& id) {
      worker_.insert_workflow(id, {{"status", status}});
      Json request{{"workflow_id", id}};
      request.update(more);
      return request;
    };
  }
  static Json queue(const std::string& name) { return {{"name", name}, {"worker_concurrency", 2}}; }
  static Json schedule(const std::string& name) {
    return {{"schedule_name", name},
            {"workflow_name", "w"},
            {"schedule", "0 0 * * * *"},
            {"language", "go"}};
  }
  /// A request that names what `operation` has made with `request`.
  std::function<Json(const std::string& id)> after(
      const std::string& operation, const std::function<Json(const std::string& id)>& request,
      const std::string& key, const Json& more = Json::object()) {
    return [=, this](const std::string& id) {
      database_.open({{"application_name", "app"}}).call(operation, request(id));
      Json change{{key, id}};
      change.update(more);
      return change;
    };
  }

  Worker worker_{database_};
  int ids_ = 0;
};

TEST_F(RoundTrips, AChangeOfOneWorkflowIsOne) {
  const auto nobody = [](const Json& more) {
    return [more](const std::string& id) {
      Json request{{"workflow_id", id}};
      request.update(more);
      return request;
    };
  };
  for (const auto& [operation, status, more] :
       {std::tuple<std::string, std::string, Json>{
            "set_workflow_delay", "DELAYED", {{"delay_ms", 1000}}},
        {"set_workflow_priority", "ENQUEUED", {{"priority", 3}}},
        {"update_workflow_attributes", "PENDING", {{"attributes", {{"a", 1}}}}},
        {"update_workflow_attributes", "PENDING", {{"attributes", {{"a", 1}}}, {"merge", true}}}}) {
    expect_at_most(1, operation, naming(status, more));
    expect_at_most(1, operation, naming("SUCCESS", more));
    expect_at_most(1, operation, nobody(more));
  }
}

TEST_F(RoundTrips, ACancellationIsOne) {
  expect_at_most(1, "cancel_workflows", selecting("PENDING"));
  expect_at_most(1, "cancel_workflows", selecting("SUCCESS"));
}

// A retry has to know what was there before the first try: a resumed workflow may be running again
// by then, and must not be resumed twice.
TEST_F(RoundTrips, AnotherChangeOfWorkflowsIsTwo) {
  expect_at_most(2, "resume_workflows", selecting("CANCELLED"));
  expect_at_most(2, "delete_workflows", selecting("SUCCESS"));
  expect_at_most(2, "move_workflows", selecting("ENQUEUED", {{"queue_name", "other"}}));
}

TEST_F(RoundTrips, AVersionIsPromotedInTwo) {
  expect_at_most(2, "set_latest_application_version", [this](const std::string& id) {
    database_.sql().insert("application_versions", {{"version_id", id}, {"version_name", id}});
    return Json{{"version_name", id}};
  });
}

TEST_F(RoundTrips, AQueueIsRegisteredInOneAndChangedInTwo) {
  expect_at_most(1, "register_queue", queue);
  expect_at_most(1, "register_queue", [&](const std::string& name) {
    database_.open({{"application_name", "app"}}).call("register_queue", queue(name + " again"));
    return queue(name + " again");
  });
  const auto registered = [&](const Json& more = Json::object()) {
    return after("register_queue", queue, "name", more);
  };
  expect_at_most(2, "register_queue", registered({{"worker_concurrency", 3}}));
  expect_at_most(2, "update_queue", registered({{"worker_concurrency", 3}}));
  expect_at_most(2, "pause_queue", registered());
  expect_at_most(2, "delete_queue", registered());
}

TEST_F(RoundTrips, AScheduleIsCreatedInOneAndChangedInTwo) {
  expect_at_most(1, "create_schedule", schedule);
  const auto created = [&](const Json& more = Json::object()) {
    return after("create_schedule", schedule, "schedule_name", more);
  };
  const Json context{{"context", {1}}, {"language", "go"}};
  expect_at_most(2, "update_schedule", created(context));
  expect_at_most(2, "pause_schedule", created());
  expect_at_most(2, "delete_schedule", created());
}

TEST_F(RoundTrips, AFirstEnqueueIsOneMoreThanAPing) {
  const auto flights = [&](const std::string& operation, const Json& request) {
    const auto client = open({{"lazy", true}});
    return counted([&] { client.call(operation, request); }).flights_up;
  };
  // Connecting counts in both, authentication with it; then come a look at the tables and the row.
  EXPECT_EQ(flights("enqueue", {{"workflow_name", "w"}, {"queue_name", "q"}}),
            flights("check_connection", Json::object()) + 1);
}

TEST_F(RoundTrips, AWarmCallIsOneRoundTrip) {
  worker_.insert_workflow("done");
  worker_.succeed("done", "42");
  const std::vector<std::pair<std::string, Json>> calls = {
      {"enqueue", {{"workflow_name", "w"}, {"queue_name", "q"}, {"args", {1}}}},
      {"send", {{"destination_id", "done"}, {"message", 1}}},
      {"get_workflow", {{"workflow_id", "done"}}},
      {"get_result", {{"workflow_id", "done"}}}};
  for (const char* columns : {"status", "split", "both"}) {
    const auto client = open({{"payload_columns", columns}});
    for (const auto& [operation, request] : calls) {
      client.call(operation, request);
      for (int i = 0; i < 3; ++i) {
        expect_one(counted([&] { client.call(operation, request); }), columns + (" " + operation));
      }
    }
  }
}

TEST_F(RoundTrips, TheFirstCallOnANewConnectionPreparesInTheSameFlight) {
  for (const char* columns : {"status", "split", "both"}) {
    const auto client = open({{"payload_columns", columns}});  // connected, nothing prepared for it
    const auto counts = counted([&] {
      client.call("enqueue", {{"workflow_name", "w"}, {"queue_name", "q"}, {"args", {1}}});
    });
    expect_one(counts, columns);
    EXPECT_NE(counts.types.find('P'), std::string::npos) << counts.types;
  }
}

TEST_F(RoundTrips, WithoutPreparedStatementsItIsOneRoundTripToo) {
  const auto client = open({{"prepared_statements", "off"}});
  for (int i = 0; i < 3; ++i) {
    expect_one(counted([&] {
                 client.call("enqueue", {{"workflow_name", "w"}, {"queue_name", "q"}});
               }),
               "enqueue");
  }
}

TEST_F(RoundTrips, SendManyIsOneRoundTripHoweverManyMessages) {
  worker_.insert_workflow("one");
  const Json message{{"destination_id", "one"}, {"message", 1}};
  const auto client = open();
  const Json request{{"messages", std::vector<Json>(20, message)}};
  client.call("send_many", request);
  expect_one(counted([&] { client.call("send_many", request); }), "send_many");
  EXPECT_EQ(number("SELECT count(*) FROM dbos.notifications"), 40);
}

TEST_F(RoundTrips, ManyWorkflowsAreOneRoundTripAndTwoWhereSomeCollide) {
  for (const char* columns : {"status", "split", "both"}) {
    const auto client = open({{"payload_columns", columns}});
    const auto workflows = [&](const std::string& first, const std::string& others) {
      Json list = Json::array();
      for (int i = 0; i < 20; ++i) {
        const auto& id = i == 0 ? first : others;
        list.push_back(new_workflow(columns + id + std::to_string(i)));
      }
      return Json{{"workflows", list}};
    };
    client.call("enqueue_many", workflows("a", "a"));
    expect_one(counted([&] { client.call("enqueue_many", workflows("b", "b")); }), columns);
    client.call("enqueue_many", workflows("a", "c"));
    const auto collided = counted([&] { client.call("enqueue_many", workflows("a", "d")); });
    EXPECT_EQ(collided.flights_up, 2) << collided.types;
  }
}

TEST_F(RoundTrips, EnqueuesAtOnceShareRoundTrips) {
  constexpr int kCalls = 32;
  const auto client = open({{"pool_size", 2}});
  const auto together = [&] {
    // Both connections are lent meanwhile, so that most calls meet.
    auto first = client.begin(), second = client.begin();
    std::vector<std::unique_ptr<Running>> calls;
    for (int i = 0; i < kCalls; ++i) {
      const Json request{{"workflow_name", "w"}, {"queue_name", "q"}};
      calls.push_back(std::make_unique<Running>(client, "enqueue", request));
    }
    const auto counts = counted([&] {
      first.rollback();
      second.rollback();
      for (auto& call : calls) EXPECT_TRUE(call->end().ok());
    });
    return std::count(counts.types.begin(), counts.types.end(), 'E') < kCalls / 2;
  };
  // How many have come by then is up to the machine.
  EXPECT_TRUE(eventually(together));
}

TEST_F(RoundTrips, AnIdleClientSendsNothing) {
  worker_.insert_workflow("one");
  const auto client = open();
  Running wait(client, "get_result", {{"workflow_id", "one"}});
  ASSERT_TRUE(eventually([&] {
    return number(
               "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%ANY ($1)%'"
               " AND application_name = 'dbosc'") > 0;
  }));
  worker_.succeed("one", "42");
  ASSERT_TRUE(wait.end().ok());
  client.try_call("get_event", Json{{"workflow_id", "one"}, {"key", "k"}, {"timeout_ms", 50}});
  // A tick that was under way when the last wait ended may still come: after a quiet 100 ms none
  // does.
  auto quiet = [&] {
    const auto counts =
        counted([] { std::this_thread::sleep_for(std::chrono::milliseconds(100)); });
    return counts.messages == 0 && counts.connections == 0;
  };
  ASSERT_TRUE(eventually(quiet));
  const auto counts = counted([] { std::this_thread::sleep_for(std::chrono::milliseconds(1500)); });
  EXPECT_EQ(counts.messages, 0) << counts.types;
  EXPECT_EQ(counts.connections, 0);
}

TEST_F(RoundTrips, ATickOfManyWaitsIsOneStatement) {
  SubmittedCalls waits;
  const auto client = open({{"poll_interval_ms", 500}});
  for (int i = 0; i < kManyWaits; ++i) {
    worker_.insert_workflow("w" + std::to_string(i));
    waits.submit(client, "get_result", {{"workflow_id", "w" + std::to_string(i)}});
  }
  // Only ticks are left after the first looks: every flight is one statement then.
  const std::string tick = "BDES";
  const auto only_ticks = [&] {
    const auto counts =
        counted([&] { EXPECT_TRUE(eventually([&] { return proxy_.counts().messages >= 12; })); });
    for (std::size_t at = 0; at + 4 <= counts.types.size(); at += 4) {
      if (counts.types.compare(at, 4, tick) != 0) return false;
    }
    // One statement a flight: were it one for each id, there would be a hundred.
    return counts.flights_up >= 3 && counts.connections == 0;
  };
  EXPECT_TRUE(eventually(only_ticks));
  // And one statement knows of all ids.
  EXPECT_EQ(number("SELECT count(DISTINCT pid) FROM pg_stat_activity WHERE query LIKE '%ANY ($1)%'"
                   " AND application_name = 'dbosc'"),
            1);
  EXPECT_TRUE(waits.none_yet());
  database_.sql().rows(
      "UPDATE dbos.workflow_status SET status = 'SUCCESS', output = '42',"
      " serialization = 'portable_json'");
  for (int i = 0; i < kManyWaits; ++i) EXPECT_EQ(waits.next().at("reply").at("result"), 42);
}

}  // namespace
}  // namespace dbosc::test
