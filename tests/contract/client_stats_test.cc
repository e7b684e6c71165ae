#include <future>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "contract/contract.h"

// What a client has done, by its own count.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(ClientStats);

Json stats_of(const Client& client) { return client.call("client_stats"); }

Json operation_in(const Json& stats, const std::string& name) {
  for (const auto& each : stats.at("operations")) {
    if (each.at("operation") == name) return each;
  }
  return nullptr;
}

TEST_P(ClientStats, CountCallsByOperation) {
  for (int i = 0; i < 3; ++i) enqueue();
  client().refused("enqueue", {{"workflow_name", "w"}});
  const auto stats = stats_of(client());
  const auto counted = operation_in(stats, "enqueue");
  EXPECT_EQ(counted.at("calls"), 4);
  EXPECT_EQ(counted.at("failed"), 1);
  EXPECT_GE(counted.at("p99_us"), counted.at("p50_us"));
  std::int64_t in_buckets = 0;
  for (const auto& bucket : counted.at("latency")) {
    in_buckets += bucket.at("calls").get<std::int64_t>();
  }
  EXPECT_EQ(in_buckets, 4);
  EXPECT_TRUE(operation_in(stats, "send").is_null()) << "never called";
  EXPECT_TRUE(stats.at("text").is_null());
}

TEST_P(ClientStats, CountSubmittedCallsAndThoseOfTransactions) {
  dbosc_completions* completions = nullptr;
  dbosc_completion* completion = nullptr;
  ASSERT_EQ(dbosc_completions_new(0, &completions, nullptr), DBOSC_OK);
  ASSERT_EQ(dbosc_client_submit(client().get(), "count_workflows", nullptr, nullptr, completions, 1,
                                nullptr),
            DBOSC_OK);
  ASSERT_EQ(dbosc_completions_next(completions, -1, &completion), DBOSC_OK);
  EXPECT_EQ(dbosc_completion_status(completion), DBOSC_OK);
  dbosc_completion_free(completion);
  dbosc_completions_free(completions);
  auto transaction = client().begin();
  transaction.call("count_workflows");
  transaction.rollback();
  EXPECT_EQ(operation_in(stats_of(client()), "count_workflows").at("calls"), 2);
}

TEST_P(ClientStats, ShowThePool) {
  const auto client = open({{"pool_size", 3}});
  client.call("count_workflows");
  auto pool = stats_of(client).at("pool");
  EXPECT_EQ(pool.at("size"), 3);
  EXPECT_EQ(pool.at("idle"), 1);
  EXPECT_EQ(pool.at("in_use"), 0);
  auto transaction = client.begin();
  pool = stats_of(client).at("pool");
  EXPECT_EQ(pool.at("idle"), 0);
  EXPECT_EQ(pool.at("in_use"), 1);
  EXPECT_EQ(pool.at("waits"), 0);
  transaction.rollback();
  EXPECT_EQ(stats_of(client).at("database").at("connects"), 1);
}

TEST_P(ClientStats, ShowWhoWaitsForAPlace) {
  const auto client = open({{"pool_size", 1}});
  auto transaction = client.begin();
  std::thread waiting([&] { client.call("count_workflows"); });
  const bool seen = eventually([&] { return stats_of(client).at("pool").at("waiting") == 1; });
  transaction.rollback();
  waiting.join();
  EXPECT_TRUE(seen);
  const auto pool = stats_of(client).at("pool");
  EXPECT_EQ(pool.at("waiting"), 0);
  EXPECT_EQ(pool.at("waits"), 1);
  EXPECT_GE(pool.at("waited_us"), 0);
}

TEST_P(ClientStats, ShowWhatIsAwaited) {
  const auto id = enqueue();
  std::thread waiting([&] { client().call("get_result", {{"workflow_id", id}}); });
  const bool seen = eventually([&] { return stats_of(client()).at("waits").at("results") == 1; });
  const bool looked = eventually([&] { return stats_of(client()).at("waits").at("queries") > 0; });
  worker().succeed(id, "1");
  waiting.join();
  EXPECT_TRUE(seen);
  EXPECT_TRUE(looked);
  const auto waits = stats_of(client()).at("waits");
  EXPECT_EQ(waits.at("results"), 0);
  EXPECT_GT(waits.at("ticks"), 0);
}

TEST_P(ClientStats, CountWhatWasWrittenTogether) {
  const auto client = open({{"pool_size", 8}});
  EXPECT_EQ(stats_of(client).at("batches"),
            Json({{"batches", 0}, {"writes", 0}, {"failed", 0}, {"waiting", 0}}));
  // Nothing can be written for now: a few wait alone, four on Postgres, and the rest together.
  WriteLock lock(database());
  const int together = postgres() ? 2 : 5;
  std::vector<std::future<Json>> calls;
  for (int i = 0; i < 6; ++i) {
    calls.push_back(
        std::async(std::launch::async, [&] { return client.call("enqueue", enqueue_request()); }));
  }
  EXPECT_TRUE(eventually([&] { return stats_of(client).at("batches").at("waiting") == together; }));
  lock.release();
  for (auto& call : calls) EXPECT_EQ(call.get().at("outcome"), "created");
  const auto batches = stats_of(client).at("batches");
  EXPECT_EQ(batches.at("writes"), together);
  EXPECT_GE(batches.at("batches"), 1);
  EXPECT_EQ(batches.at("failed"), 0);
  EXPECT_EQ(batches.at("waiting"), 0);
}

TEST_P(ClientStats, AreThereAfterTheShutdownAndBeforeTheFirstConnection) {
  enqueue();
  ASSERT_EQ(dbosc_client_shutdown(client().get(), -1, nullptr), DBOSC_OK);
  EXPECT_EQ(client().refused("count_workflows", Json::object()).kind, "closed");
  EXPECT_EQ(operation_in(stats_of(client()), "enqueue").at("calls"), 1);
  const Client lazy(Json{{"system_database_url", "postgresql://u@127.0.0.1:1/db"}, {"lazy", true}});
  EXPECT_EQ(stats_of(lazy).at("database").at("connects"), 0);
}

/// A reader of Prometheus' text format: every sample by its name and labels. Fails the test where
/// a line is none of the format's.
std::map<std::string, double> read_exposition(const std::string& text) {
  static const std::regex kHelp(R"(# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) .+)");
  static const std::regex kType(R"(# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram))");
  static const std::regex kSample(
      R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="[^"\\]*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="[^"\\]*")*\})? ([-+0-9.eE]+))re");
  std::map<std::string, double> samples;
  std::set<std::string> helped;
  std::string current, type, line;
  EXPECT_EQ(text.back(), '\n');
  for (std::istringstream lines(text); std::getline(lines, line);) {
    std::smatch parts;
    if (std::regex_match(line, parts, kHelp)) {
      EXPECT_TRUE(helped.insert(parts[1]).second) << "twice: " << line;
      current = parts[1];
    } else if (std::regex_match(line, parts, kType)) {
      EXPECT_EQ(parts[1], current) << line;
      type = parts[2];
    } else if (std::regex_match(line, parts, kSample)) {
      const auto name = parts[1].str();
      const auto rest = name.substr(0, current.size()) == current ? name.substr(current.size())
                                                                  : std::string("another");
      const bool suffixed = rest == "_bucket" || rest == "_sum" || rest == "_count";
      EXPECT_TRUE(type == "histogram" ? suffixed : rest.empty()) << line;
      EXPECT_EQ(type == "counter", name.ends_with("_total")) << line;
      EXPECT_TRUE(samples.emplace(name + parts[2].str(), std::stod(parts[3])).second) << line;
    } else {
      ADD_FAILURE() << "not of the format: " << line;
    }
  }
  return samples;
}

TEST_P(ClientStats, AreWrittenForPrometheus) {
  for (int i = 0; i < 3; ++i) enqueue();
  client().refused("enqueue", {{"workflow_name", "w"}});
  const auto stats = client().call("client_stats", {{"format", "prometheus"}});
  const auto samples = read_exposition(stats.at("text"));
  const auto number = "client=\"" + std::to_string(stats.at("client").get<int>()) + "\"";
  const auto enqueued = number + ",operation=\"enqueue\"";
  EXPECT_EQ(samples.at("dbosc_pool_size{" + number + "}"), 5);
  EXPECT_EQ(samples.at("dbosc_connects_total{" + number + "}"), 1);
  EXPECT_EQ(samples.at("dbosc_calls_failed_total{" + enqueued + "}"), 1);
  EXPECT_EQ(samples.at("dbosc_call_duration_seconds_count{" + enqueued + "}"), 4);
  EXPECT_GT(samples.at("dbosc_call_duration_seconds_sum{" + enqueued + "}"), 0);
  // Buckets count all that is below them; the last one everything.
  std::map<double, double> buckets;
  const auto prefix = "dbosc_call_duration_seconds_bucket{" + enqueued + ",le=\"";
  for (const auto& [name, value] : samples) {
    if (name.starts_with(prefix)) buckets[std::stod(name.substr(prefix.size()))] = value;
  }
  ASSERT_GT(buckets.size(), 10u);
  double below = 0;
  for (const auto& [limit, value] : buckets) {
    EXPECT_GE(value, below) << limit;
    below = value;
  }
  EXPECT_EQ(samples.at(prefix + "+Inf\"}"), 4);
}

}  // namespace
}  // namespace dbosc::test
