#include "base/log.h"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

// The sinks of the process: each test leaves them off.

namespace dbosc::log {
namespace {

using nlohmann::json;

class Log : public ::testing::Test {
 protected:
  ~Log() override { set(Level::kOff, {}); }

  static std::vector<json> queued() {
    std::vector<json> lines;
    while (auto line = next(Deadline::in(milliseconds(0))).line) {
      lines.push_back(json::parse(*line));
    }
    return lines;
  }
};

TEST_F(Log, TellsALineAsOneJsonObject) {
  set(Level::kInfo, {});
  Line(Level::kInfo, "event", "a \"message\"\n of two lines").text("text", "t").number("n", -1);
  const auto line = next(Deadline::in(milliseconds(0))).line.value();
  EXPECT_EQ(line.find('\n'), line.npos);
  auto fields = json::parse(line);
  EXPECT_EQ(fields.at("time").get<std::string>().size(), 24u);
  fields.erase("time");
  EXPECT_EQ(fields, json({{"level", "info"},
                          {"event", "event"},
                          {"message", "a \"message\"\n of two lines"},
                          {"text", "t"},
                          {"n", -1}}));
}

TEST_F(Log, TellsWhatIsWantedAndNoMore) {
  for (const auto level : {Level::kOff, Level::kError, Level::kWarn, Level::kInfo, Level::kDebug}) {
    set(level, {});
    for (int each = 1; each <= static_cast<int>(Level::kDebug); ++each) {
      EXPECT_EQ(wanted(static_cast<Level>(each)), each <= static_cast<int>(level));
      Line(static_cast<Level>(each), "e", "m");
    }
    EXPECT_EQ(queued().size(), static_cast<std::size_t>(level));
  }
}

TEST_F(Log, KnowsItsLevelsByName) {
  EXPECT_EQ(level_of("off"), Level::kOff);
  EXPECT_EQ(level_of("error"), Level::kError);
  EXPECT_EQ(level_of("warn"), Level::kWarn);
  EXPECT_EQ(level_of("info"), Level::kInfo);
  EXPECT_EQ(level_of("debug"), Level::kDebug);
  EXPECT_EQ(level_of("DEBUG"), std::nullopt);
  EXPECT_EQ(level_of(""), std::nullopt);
}

TEST_F(Log, HidesSecretsInMessagesAndFields) {
  set(Level::kError, {});
  Line(Level::kError, "e", "cannot reach postgresql://u:s3cret@h/d").text("f", "password=s3cret");
  const auto lines = queued();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].at("message"), "cannot reach postgresql://***@h/d");
  EXPECT_EQ(lines[0].at("f"), "password=***");
}

TEST_F(Log, SaysWhereLinesAreMissingAndHowMany) {
  set(Level::kInfo, {});
  const auto dropped_before = dropped();
  for (int i = 0; i < 1030; ++i) Line(Level::kInfo, "e", "m").number("n", i);
  EXPECT_EQ(dropped() - dropped_before, 6);
  const auto first = json::parse(next(Deadline::in(milliseconds(0))).line.value());
  EXPECT_EQ(first.at("n"), 0) << "the oldest lines stay: they tell how it began";
  Line(Level::kInfo, "e", "m").number("n", 2000);
  const auto lines = queued();
  ASSERT_EQ(lines.size(), 1025u);
  EXPECT_EQ(lines[1022].at("n"), 1023);
  EXPECT_EQ(lines[1023].at("event"), "log_lines_dropped");
  EXPECT_EQ(lines[1023].at("count"), 6);
  EXPECT_EQ(lines[1024].at("n"), 2000);
}

TEST_F(Log, SaysThatLinesAreMissingAlsoWhereNoneFollow) {
  set(Level::kInfo, {});
  for (int i = 0; i < 1025; ++i) Line(Level::kInfo, "e", "m");
  const auto lines = queued();
  ASSERT_EQ(lines.size(), 1025u);
  EXPECT_EQ(lines.back().at("event"), "log_lines_dropped");
  EXPECT_EQ(lines.back().at("count"), 1);
}

TEST_F(Log, WakesWhoWaitsForALine) {
  set(Level::kInfo, {});
  auto waiting = std::async(std::launch::async, [] { return next(Deadline::never()); });
  Line(Level::kInfo, "e", "m");
  EXPECT_TRUE(waiting.get().line);
}

TEST_F(Log, EndsTheWaitOfWhoReadsAQueueThatIsClosed) {
  EXPECT_FALSE(next(Deadline::never()).open) << "there is none yet";
  set(Level::kInfo, {});
  auto waiting = std::async(std::launch::async, [] { return next(Deadline::never()); });
  set(Level::kInfo, [](Level, const char*) {});
  EXPECT_FALSE(waiting.get().open);
}

TEST_F(Log, CallsBackWithLevelAndLine) {
  std::vector<std::pair<Level, std::string>> told;
  set(Level::kWarn, [&](Level level, const char* line) { told.emplace_back(level, line); });
  Line(Level::kWarn, "w", "m");
  Line(Level::kInfo, "i", "m");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].first, Level::kWarn);
  EXPECT_EQ(json::parse(told[0].second).at("event"), "w");
  EXPECT_FALSE(next(Deadline::in(milliseconds(0))).open);
}

TEST_F(Log, WaitsForACallbackThatRunsWhenItIsTakenAway) {
  std::promise<void> entered, leave;
  std::atomic<bool> left{false};
  set(Level::kInfo, [&](Level, const char*) {
    entered.set_value();
    leave.get_future().wait();
    left = true;
  });
  std::thread telling([] { Line(Level::kInfo, "e", "m"); });
  entered.get_future().wait();
  auto taking_away = std::async(std::launch::async, [&] {
    set(Level::kOff, {});
    return left.load();
  });
  leave.set_value();
  EXPECT_TRUE(taking_away.get());
  telling.join();
}

TEST_F(Log, IsNotSetFromWithinItsCallback) {
  bool set_inside = true;
  set(Level::kInfo, [&](Level, const char*) { set_inside = set(Level::kOff, {}); });
  Line(Level::kInfo, "e", "m");
  EXPECT_FALSE(set_inside);
  EXPECT_TRUE(wanted(Level::kInfo));
}

TEST_F(Log, KeepsTheLinesOfAllThreadsWhole) {
  std::mutex mutex;
  std::vector<std::string> told;
  set(Level::kInfo, [&](Level, const char* line) {
    std::lock_guard lock(mutex);
    told.emplace_back(line);
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int line = 0; line < 100; ++line) Line(Level::kInfo, "e", "m");
    });
  }
  for (auto& thread : threads) thread.join();
  set(Level::kOff, {});
  EXPECT_EQ(told.size(), 400u);
  for (const auto& line : told) EXPECT_NO_THROW(json::parse(line));
}

}  // namespace
}  // namespace dbosc::log
