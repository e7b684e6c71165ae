#include "watch/pace.h"

#include "expect_error.h"

namespace dbosc::watch {
namespace {

TEST(Pace, StartsWithMillisecondsAndGrowsToTheCeiling) {
  const milliseconds ceiling(1000);
  EXPECT_EQ(tick_after(milliseconds(0), ceiling), milliseconds(6));
  EXPECT_EQ(tick_after(milliseconds(600), ceiling), milliseconds(6));
  EXPECT_EQ(tick_after(milliseconds(2000), ceiling), milliseconds(20));
  EXPECT_EQ(tick_after(milliseconds(60000), ceiling), milliseconds(600));
  EXPECT_EQ(tick_after(milliseconds(3600000), ceiling), ceiling);
  EXPECT_EQ(tick_after(milliseconds(0), milliseconds(1)), milliseconds(1)) << "the ceiling counts";
  EXPECT_EQ(tick_after_many(milliseconds(0), ceiling), milliseconds(8));
  auto last = milliseconds(0);
  for (int age = 0; age < 200000; age += 500) {
    const auto tick = tick_after(milliseconds(age), ceiling);
    EXPECT_GE(tick, last);
    EXPECT_LE(tick, ceiling);
    last = tick;
  }
}

TEST(Pace, PausesLongerAfterEachFailureUpToFiveSeconds) {
  EXPECT_EQ(pause_after(1), milliseconds(40));
  EXPECT_EQ(pause_after(2), milliseconds(80));
  EXPECT_EQ(pause_after(9), milliseconds(5000));
  EXPECT_EQ(pause_after(1000000), milliseconds(5000));
}

TEST(Pace, TakesUpToATenthOff) {
  for (int i = 0; i < 1000; ++i) {
    const auto jittered = with_jitter(milliseconds(1000));
    EXPECT_GE(jittered, milliseconds(900));
    EXPECT_LE(jittered, milliseconds(1000));
    EXPECT_EQ(with_jitter(milliseconds(3)), milliseconds(3));
  }
}

}  // namespace
}  // namespace dbosc::watch
