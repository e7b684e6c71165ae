#include "contract/queues.h"

// Queues that are paused: what is remembered, and what workers see.

namespace dbosc::test {
namespace {

class PausedQueues : public QueueContract {
 protected:
  Json pause(const std::string& name) { return request("pause_queue", name); }
  Json resume(const std::string& name) { return request("resume_queue", name); }
  /// What a worker reads as the queue's rate limit: how many, and within how many seconds.
  std::pair<Value, Value> limit_for_workers(const std::string& name) {
    const auto row = stored(name);
    return {row.at("rate_limit_max"), row.at("rate_limit_period_sec")};
  }
  static Json limits(Json queue) {
    queue.erase("paused");
    queue.erase("updated_at_ms");
    return queue;
  }
};
INSTANTIATE_TEST_SUITE_P(Contract, PausedQueues,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

TEST_P(PausedQueues, HaveTheirLimitsAgainWhenTheyAreResumed) {
  const Json all{{"global_concurrency", 9},
                 {"worker_concurrency", 7},
                 {"rate_limit", limit(5, 1500)},
                 {"partition_rate_limit", limit(3, 250)}};
  for (const Json& given : {Json::object(), Json{{"rate_limit", limit(2, 333)}}, all}) {
    const auto before = add("a", given);
    const auto untouched = stored("a");
    const auto paused = pause("a");
    EXPECT_EQ(paused.at("outcome"), "paused");
    EXPECT_EQ(paused.at("queue").at("paused"), true);
    EXPECT_EQ(limits(paused.at("queue")), limits(before)) << "its limits are remembered";
    EXPECT_EQ(get("a"), paused.at("queue"));
    const auto resumed = resume("a");
    EXPECT_EQ(resumed.at("outcome"), "resumed");
    EXPECT_EQ(resumed.at("queue").at("paused"), false);
    auto restored = stored("a"), expected = untouched;
    restored.erase("updated_at");
    expected.erase("updated_at");
    EXPECT_EQ(restored, expected);
    request("delete_queue", "a");
  }
}

TEST_P(PausedQueues, AdmitNothingInAFormThatEveryWorkerReads) {
  add("bare");
  add("limited", {{"rate_limit", limit(5, 2000)}, {"global_concurrency", 3}});
  pause("bare");
  pause("limited");
  for (const std::string name : {"bare", "limited"}) {
    EXPECT_LE(stored_number(name, "rate_limit_max"), 0);
    EXPECT_GT(stored_number(name, "rate_limit_period_sec"), 0);
    for (const auto* column : {"concurrency", "worker_concurrency"}) {
      const auto value = stored(name).at(column);
      EXPECT_TRUE(!value || std::stoi(*value) > 0) << "Java cannot read a row with another";
    }
  }
}

TEST_P(PausedQueues, StayPausedWhenTheyArePausedAgain) {
  add("a", {{"rate_limit", limit(5, 1500)}});
  pause("a");
  const auto row = stored("a");
  EXPECT_EQ(pause("a").at("outcome"), "unchanged");
  EXPECT_EQ(stored("a"), row);
  EXPECT_EQ(resume("a").at("outcome"), "resumed");
  EXPECT_EQ(resume("a").at("outcome"), "unchanged");
  EXPECT_EQ(get("a").at("rate_limit"), limit(5, 1500));
}

TEST_P(PausedQueues, OutliveTheClientThatPausedThem) {
  add("a", {{"rate_limit", limit(5, 1500)}});
  {
    const auto another = open(Json::object());
    another.call("pause_queue", {{"name", "a"}});
  }
  EXPECT_EQ(get("a").at("paused"), true);
  EXPECT_EQ(resume("a").at("queue").at("rate_limit"), limit(5, 1500));
}

TEST_P(PausedQueues, RememberTheLimitsThatTheyAreGivenMeanwhile) {
  add("a");
  pause("a");
  auto queue = change("a", {{"rate_limit", limit(4, 500)}, {"worker_concurrency", 2}});
  EXPECT_EQ(queue.at("paused"), true);
  EXPECT_EQ(queue.at("rate_limit"), limit(4, 500));
  EXPECT_EQ(limit_for_workers("a").first, "-4");
  queue = change("a", {{"rate_limit", nullptr}});
  EXPECT_EQ(queue.at("paused"), true);
  EXPECT_EQ(limit_for_workers("a").first, "0");
  change("a", {{"rate_limit", limit(6, 700)}});
  queue = resume("a").at("queue");
  EXPECT_EQ(queue.at("rate_limit"), limit(6, 700));
  EXPECT_EQ(queue.at("worker_concurrency"), 2);
}

TEST_P(PausedQueues, StayPausedWhenWeRegisterThemAnew) {
  add("a", {{"worker_concurrency", 1}});
  pause("a");
  const auto reply = request("register_queue", "a", {{"rate_limit", limit(4, 500)}});
  EXPECT_EQ(reply.at("outcome"), "updated");
  EXPECT_EQ(reply.at("queue").at("paused"), true);
  EXPECT_EQ(reply.at("queue").at("rate_limit"), limit(4, 500));
  EXPECT_EQ(reply.at("queue").at("worker_concurrency"), nullptr);
  EXPECT_EQ(resume("a").at("queue").at("rate_limit"), limit(4, 500));
}

TEST_P(PausedQueues, ArePausedNoMoreWhenTheirApplicationRegistersThem) {
  add("a");
  pause("a");
  // As an SDK does when its application starts.
  sql().rows("UPDATE dbos.queues SET rate_limit_max = NULL, rate_limit_period_sec = NULL");
  EXPECT_EQ(get("a").at("paused"), false);
  EXPECT_EQ(resume("a").at("outcome"), "unchanged");
}

TEST_P(PausedQueues, AreThoseWhoseRateLimitAnotherClientHasSetToZero) {
  add("a", {{"rate_limit", limit(5, 1500)}});
  sql().rows("UPDATE dbos.queues SET rate_limit_max = 0");
  EXPECT_EQ(get("a").at("paused"), true);
  EXPECT_EQ(get("a").at("rate_limit"), nullptr);
  EXPECT_EQ(resume("a").at("queue").at("rate_limit"), nullptr);
  EXPECT_EQ(limit_for_workers("a"), (std::pair<Value, Value>()));
}

TEST_P(PausedQueues, AreNewWhenTheyWereDeleted) {
  add("a");
  pause("a");
  request("delete_queue", "a");
  EXPECT_EQ(add("a").at("paused"), false);
}

}  // namespace
}  // namespace dbosc::test
