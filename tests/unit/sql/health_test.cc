#include "sql/health.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/log.h"
#include "sql/retry.h"

namespace dbosc::sql {
namespace {

using nlohmann::json;

Error lost() {
  Error error(Code::kUnavailable, "connection_lost", "the server hung up");
  error.retry = Retry::kReconnect;
  return error;
}

class HealthTest : public ::testing::Test {
 protected:
  HealthTest() { log::set(log::Level::kDebug, {}); }
  ~HealthTest() override { log::set(log::Level::kOff, {}); }

  static std::vector<json> told(const std::string& event) {
    std::vector<json> lines;
    while (auto line = log::next(Deadline::in(milliseconds(0))).line) {
      auto fields = json::parse(*line);
      if (fields.at("event") == event) lines.push_back(std::move(fields));
    }
    return lines;
  }
  Health health_{7};
};

TEST_F(HealthTest, TellsAnOutageOnceHoweverManyCallsMeetIt) {
  for (int i = 0; i < 500; ++i) health_.failed(lost());
  EXPECT_TRUE(health_.counts().away);
  const auto begun = told("outage_begin");
  ASSERT_EQ(begun.size(), 1u);
  EXPECT_EQ(begun[0].at("level"), "warn");
  EXPECT_EQ(begun[0].at("client"), 7);
  EXPECT_EQ(begun[0].at("kind"), "connection_lost");
  EXPECT_EQ(begun[0].at("message"), "the server hung up");
}

TEST_F(HealthTest, TellsItsEndOnceWithDurationAndCount) {
  for (int i = 0; i < 3; ++i) health_.failed(lost());
  for (int i = 0; i < 3; ++i) health_.answered();
  const auto ended = told("outage_end");
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].at("failures"), 3);
  EXPECT_GE(ended[0].at("duration_ms"), 0);
  EXPECT_FALSE(health_.counts().away);
  EXPECT_EQ(health_.counts().outages, 1);
}

TEST_F(HealthTest, TellsNothingWhileAllIsWell) {
  health_.answered();
  EXPECT_TRUE(told("outage_end").empty());
}

TEST_F(HealthTest, DoesNotTellOneOutageAfterTheOther) {
  for (int i = 0; i < 50; ++i) {
    health_.failed(lost());
    health_.answered();
  }
  EXPECT_EQ(health_.counts().outages, 50);
  EXPECT_EQ(health_.counts().failures, 50);
  EXPECT_LE(told("outage_begin").size(), 25u) << "at most one in five seconds";
}

TEST_F(HealthTest, CountsWhatIsTriedAgain) {
  int tries = 0;
  const auto answer = with_retry(Limits{}, {true, &health_}, {}, [&] {
    if (++tries < 4) throw lost();
    return tries;
  });
  EXPECT_EQ(answer, 4);
  const auto counts = health_.counts();
  EXPECT_EQ(counts.retries, 3);
  EXPECT_EQ(counts.failures, 3);
  EXPECT_EQ(counts.outages, 1);
  EXPECT_FALSE(counts.away);
}

TEST_F(HealthTest, CountsARefusedConnectionNotTwice) {
  auto refused = lost();
  refused.settles = false;  // its maker has told of it
  int tries = 0;
  with_retry(Limits{}, {true, &health_}, {}, [&] {
    if (++tries < 2) throw refused;
  });
  EXPECT_EQ(health_.counts().failures, 0);
  EXPECT_EQ(health_.counts().retries, 1);
}

TEST_F(HealthTest, TakesAnAnswerThatRefusesForNoOutage) {
  EXPECT_THROW(with_retry(Limits{}, {true, &health_}, {},
                          [&]() -> int { throw Error(Code::kConflict, "taken", "it is taken"); }),
               Error);
  EXPECT_EQ(health_.counts().outages, 0);
}

}  // namespace
}  // namespace dbosc::sql
