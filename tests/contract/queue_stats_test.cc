#include "contract/queues.h"

// What waits, runs and is delayed on queues.

namespace dbosc::test {
namespace {

class QueueStats : public QueueContract {
 protected:
  void insert(const std::string& queue, const std::string& status, Row columns = {}) {
    columns.insert({{"queue_name", queue}, {"status", status}, {"created_at", "1000"}});
    worker().insert_workflow(std::to_string(++inserted_), std::move(columns));
  }
  Json stats(const Json& more = Json::object()) {
    return client().call("queue_stats", more).at("queues");
  }
  /// The counts of each queue, by name.
  static std::map<std::string, std::vector<int>> counts(const Json& queues) {
    std::map<std::string, std::vector<int>> counts;
    for (const auto& queue : queues) {
      counts[queue.at("name")] = {queue.at("waiting"), queue.at("running"), queue.at("delayed")};
    }
    return counts;
  }

 private:
  int inserted_ = 0;
};
using Counts = std::map<std::string, std::vector<int>>;
INSTANTIATE_TEST_SUITE_P(Contract, QueueStats,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

TEST_P(QueueStats, CountWhatIsNotOver) {
  add("empty");
  add("busy");
  for (const auto* status : {"ENQUEUED", "ENQUEUED", "ENQUEUED", "PENDING", "PENDING", "DELAYED",
                             "SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}) {
    insert("busy", status);
  }
  insert("unregistered", "ENQUEUED");
  insert("over", "SUCCESS");
  worker().insert_workflow("on no queue", {{"queue_name", std::nullopt}});
  const auto queues = stats();
  EXPECT_EQ(counts(queues),
            (Counts{{"busy", {3, 2, 1}}, {"empty", {0, 0, 0}}, {"unregistered", {1, 0, 0}}}));
  EXPECT_EQ(queues[0].at("name"), "busy") << "by name";
  EXPECT_EQ(queues[0].at("registered"), true);
  EXPECT_EQ(queues[2].at("registered"), false);
}

TEST_P(QueueStats, TellHowLongTheOldestHasWaited) {
  insert("a", "ENQUEUED", {{"created_at", "3000"}});
  insert("a", "ENQUEUED", {{"created_at", "2000"}});
  insert("a", "PENDING", {{"created_at", "1000"}});
  insert("a", "DELAYED", {{"created_at", "500"}});
  insert("b", "PENDING");
  insert("c", "ENQUEUED", {{"created_at", "32503680000000"}});
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const auto queues = stats();
  EXPECT_EQ(queues[0].at("oldest_created_at_ms"), 2000);
  EXPECT_NEAR(queues[0].at("oldest_age_ms").get<double>(), static_cast<double>(now - 2000), 3.6e6);
  EXPECT_EQ(queues[1].at("oldest_created_at_ms"), nullptr);
  EXPECT_EQ(queues[1].at("oldest_age_ms"), nullptr);
  EXPECT_EQ(queues[2].at("oldest_age_ms"), 0) << "its maker's clock is ahead";
}

TEST_P(QueueStats, TellOfEachPartition) {
  insert("a", "ENQUEUED", {{"queue_partition_key", "y"}, {"created_at", "7"}});
  insert("a", "ENQUEUED", {{"queue_partition_key", "x"}, {"created_at", "9"}});
  insert("a", "ENQUEUED", {{"queue_partition_key", "x"}, {"created_at", "8"}});
  insert("a", "PENDING", {{"queue_partition_key", "x"}});
  insert("a", "DELAYED");
  auto queue = stats()[0];
  EXPECT_EQ(counts(Json({queue})), (Counts{{"a", {3, 1, 1}}}));
  EXPECT_EQ(queue.at("oldest_created_at_ms"), 7);
  auto partitions = queue.at("partitions");
  for (auto& partition : partitions) partition.erase("oldest_age_ms");
  EXPECT_EQ(partitions, Json({{{"queue_partition_key", "x"},
                               {"waiting", 2},
                               {"running", 1},
                               {"delayed", 0},
                               {"oldest_created_at_ms", 8}},
                              {{"queue_partition_key", "y"},
                               {"waiting", 1},
                               {"running", 0},
                               {"delayed", 0},
                               {"oldest_created_at_ms", 7}}}));
  queue = stats({{"by_partition", false}})[0];
  EXPECT_EQ(counts(Json({queue})), (Counts{{"a", {3, 1, 1}}}));
  EXPECT_EQ(queue.at("oldest_created_at_ms"), 7);
  EXPECT_EQ(queue.at("partitions"), Json::array());
}

TEST_P(QueueStats, AreOfTheQueuesThatAreAskedFor) {
  insert("a", "ENQUEUED");
  insert("b", "ENQUEUED");
  add("c");
  EXPECT_EQ(counts(stats({{"name", "a"}})), (Counts{{"a", {1, 0, 0}}}));
  EXPECT_EQ(counts(stats({{"name", {"a", "c", "absent"}}})),
            (Counts{{"a", {1, 0, 0}}, {"absent", {0, 0, 0}}, {"c", {0, 0, 0}}}));
  EXPECT_EQ(stats({{"queue_name", "absent"}})[0].at("registered"), false);
}

TEST_P(QueueStats, SayWhichQueuesArePaused) {
  add("a");
  add("b", {{"rate_limit", limit(1, 1000)}});
  request("pause_queue", "a");
  request("pause_queue", "b");
  add("c", {{"rate_limit", limit(1, 1000)}});
  const auto queues = stats();
  EXPECT_EQ(queues[0].at("paused"), true);
  EXPECT_EQ(queues[1].at("paused"), true);
  EXPECT_EQ(queues[2].at("paused"), false);
}

TEST_P(QueueStats, AreOfTheApplicationsOwnAndUnclaimedRows) {
  add("mine", {{"application_name", "one"}});
  add("theirs", {{"application_name", "two"}});
  insert("mine", "ENQUEUED", {{"application_name", "one"}});
  insert("mine", "ENQUEUED");
  insert("mine", "ENQUEUED", {{"application_name", "two"}});
  const auto one = open({{"application_name", "one"}});
  EXPECT_EQ(counts(one.call("queue_stats").at("queues")), (Counts{{"mine", {2, 0, 0}}}));
  EXPECT_EQ(counts(stats()), (Counts{{"mine", {3, 0, 0}}, {"theirs", {0, 0, 0}}}));
  EXPECT_EQ(counts(stats({{"application_name", "two"}})),
            (Counts{{"mine", {2, 0, 0}}, {"theirs", {0, 0, 0}}}));
}

}  // namespace
}  // namespace dbosc::test
