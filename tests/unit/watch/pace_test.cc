#include "watch/pace.h"

#include "expect_error.h"

namespace dbosc::watch {
namespace {

TEST(Pace, StartsWithMillisecondsAndGrowsWithTheSquareOfTheAgeToTheCeiling) {
  const milliseconds ceiling(1000);
  EXPECT_EQ(tick_after(milliseconds(0), ceiling), milliseconds(7));
  EXPECT_EQ(tick_after(milliseconds(2000), ceiling), milliseconds(8));
  EXPECT_EQ(tick_after(milliseconds(10000), ceiling), milliseconds(32));
  EXPECT_EQ(tick_after(milliseconds(40000), ceiling), milliseconds(407));
  EXPECT_EQ(tick_after(milliseconds(3600000), ceiling), ceiling);
  EXPECT_EQ(tick_after(MonotonicClock::duration::max(), ceiling), ceiling);
  EXPECT_EQ(tick_after(milliseconds(0), milliseconds(1)), milliseconds(1)) << "the ceiling counts";
  auto last = microseconds(0);
  for (int age = 0; age < 200000; age += 500) {
    const auto tick = tick_after(milliseconds(age), ceiling);
    EXPECT_GE(tick, last);
    EXPECT_LE(tick, ceiling);
    last = tick;
  }
}

TEST(Pace, IsAtMostTwoHundredQueriesASecondAtItsFastest) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_GE(with_jitter(tick_after(milliseconds(0), milliseconds(1000))), milliseconds(5));
  }
}

TEST(Pace, PausesLongerAfterEachFailureUpToFiveSeconds) {
  EXPECT_EQ(pause_after(1), milliseconds(40));
  EXPECT_EQ(pause_after(2), milliseconds(80));
  EXPECT_EQ(pause_after(9), milliseconds(5000));
  EXPECT_EQ(pause_after(1000000), milliseconds(5000));
}

TEST(Pace, TakesUpToATenthOffAlsoOfAFewMilliseconds) {
  for (const milliseconds interval : {milliseconds(6), milliseconds(1000)}) {
    auto least = microseconds::max(), most = microseconds::min();
    for (int i = 0; i < 1000; ++i) {
      const auto jittered = with_jitter(interval);
      EXPECT_GE(jittered, microseconds(interval) * 9 / 10);
      EXPECT_LE(jittered, interval);
      least = std::min(least, jittered);
      most = std::max(most, jittered);
    }
    EXPECT_LT(least, most);
  }
  EXPECT_EQ(with_jitter(microseconds(3)), microseconds(3));
}

}  // namespace
}  // namespace dbosc::watch
