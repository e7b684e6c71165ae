#include "contract/contract.h"
#include "support/log_lines.h"

// What the library tells of itself.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Logging);

TEST_P(Logging, TellsOfACallAtDebug) {
  client();  // making the database makes calls as well
  const LogLines log("debug");
  enqueue({{"workflow_id", "id"}});
  client().refused("get_result", {{"workflow_id", "none"}, {"timeout_ms", 0}});
  const auto calls = log.of("call");
  ASSERT_EQ(calls.size(), 2u) << log.text();
  EXPECT_EQ(calls[0].at("operation"), "enqueue");
  EXPECT_GE(calls[0].at("duration_us"), 0);
  EXPECT_FALSE(calls[0].contains("kind"));
  EXPECT_EQ(calls[1].at("operation"), "get_result");
  EXPECT_TRUE(calls[1].contains("kind"));
  EXPECT_EQ(calls[1].at("level"), "debug") << "its caller knows, and may have expected it";
}

TEST_P(Logging, TellsOfClientsAtInfoByNumber) {
  database();  // a client makes it
  const LogLines log("info");
  { const auto first = open({{"application_name", "app"}}), second = open(Json::object()); }
  const auto opened = log.of("client_opened"), closed = log.of("client_closed");
  ASSERT_EQ(opened.size(), 2u);
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_EQ(opened[0].at("application_name"), "app");
  EXPECT_NE(opened[0].at("client"), opened[1].at("client"));
  EXPECT_TRUE(log.of("call").empty());
}

TEST_P(Logging, TellsOfANewQueueWithItsLimits) {
  client();
  const LogLines log("info");
  const Json request{{"name", "orders"},
                     {"global_concurrency", 5},
                     {"rate_limit", {{"limit", 3}, {"period_ms", 1000}}}};
  client().call("register_queue", request);
  client().call("register_queue", request);
  const auto told = log.of("queue_registered");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].at("queue_name"), "orders");
  EXPECT_EQ(told[0].at("global_concurrency"), 5);
  EXPECT_EQ(told[0].at("rate_limit"), 3);
  EXPECT_EQ(told[0].at("rate_limit_period_ms"), 1000);
  EXPECT_FALSE(told[0].contains("worker_concurrency"));
}

TEST_P(Logging, IsPulledLineByLine) {
  database();  // a client makes it
  ASSERT_EQ(dbosc_set_log("info", nullptr, nullptr, nullptr), DBOSC_OK);
  { const auto opened = open(Json::object()); }
  char* line = nullptr;
  for (const auto* event : {"client_opened", "client_closed"}) {
    ASSERT_EQ(dbosc_log_next(-1, &line, nullptr), DBOSC_OK);
    EXPECT_EQ(Json::parse(line).at("event"), event);
    dbosc_string_free(line);
  }
  EXPECT_EQ(dbosc_log_next(0, &line, nullptr), DBOSC_TIMEOUT);
  EXPECT_EQ(line, nullptr);
  ASSERT_EQ(dbosc_set_log("off", nullptr, nullptr, nullptr), DBOSC_OK);
  EXPECT_EQ(dbosc_log_next(-1, &line, nullptr), DBOSC_INVALID_STATE);
}

// A file is never away.
TEST(LoggingOnPostgres, TellsOnceOfAServerThatIsAwayAndNeverOfThePassword) {
  const LogLines log("warn");
  const Client client(Json{{"system_database_url", "postgresql://u:s3cret@127.0.0.1:1/db"},
                           {"lazy", true},
                           {"default_timeout_ms", 1000}});
  for (int i = 0; i < 2; ++i) {
    EXPECT_NE(client.refused("count_workflows", Json::object()).status, DBOSC_OK);
  }
  const auto begun = log.of("outage_begin");
  ASSERT_EQ(begun.size(), 1u) << log.text();
  EXPECT_EQ(begun[0].at("kind"), "connection_failed");
  EXPECT_EQ(log.text().find("s3cret"), std::string::npos);
  const auto database = client.call("client_stats").at("database");
  EXPECT_EQ(database.at("outages"), 1);
  EXPECT_EQ(database.at("away"), true);
  EXPECT_GE(database.at("connection_failures"), 2);
  EXPECT_EQ(database.at("connects"), 0);
}

}  // namespace
}  // namespace dbosc::test
