#include "client/observe/call_times.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace dbosc::client {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

TEST(CallTimes, PutsATimeIntoTheBucketBelowWhoseLimitItIs) {
  for (std::size_t i = 0; i + 1 < CallTimes::kBuckets; ++i) {
    const auto limit = CallTimes::limit_us(i);
    EXPECT_EQ(CallTimes::bucket_of(limit - 1), i);
    EXPECT_EQ(CallTimes::bucket_of(limit), i + 1);
    EXPECT_EQ(CallTimes::limit_us(i + 1), 2 * limit);
  }
  EXPECT_EQ(CallTimes::bucket_of(0), 0u);
  EXPECT_EQ(CallTimes::bucket_of(-5), 0u) << "a clock that was wrong";
  EXPECT_EQ(CallTimes::bucket_of(std::numeric_limits<std::int64_t>::max()),
            CallTimes::kBuckets - 1);
}

TEST(CallTimes, CountsEachOperationByItself) {
  CallTimes times(3);
  times.add(1, microseconds(10), false);
  times.add(1, microseconds(100), true);
  times.add(2, hours(10), false);
  EXPECT_EQ(times.counts(0).calls, 0);
  const auto first = times.counts(1), second = times.counts(2);
  EXPECT_EQ(first.calls, 2);
  EXPECT_EQ(first.failed, 1);
  EXPECT_EQ(first.total_us, 110);
  EXPECT_EQ(first.buckets[0], 1);
  EXPECT_EQ(first.buckets[CallTimes::bucket_of(100)], 1);
  EXPECT_EQ(second.calls, 1);
  EXPECT_EQ(second.buckets.back(), 1);
}

TEST(CallTimes, TellsWithinWhichTimeMostCallsEnded) {
  CallTimes times(1);
  EXPECT_EQ(times.counts(0).percentile_us(50), 0);
  for (int i = 0; i < 95; ++i) times.add(0, microseconds(10), false);
  for (int i = 0; i < 4; ++i) times.add(0, microseconds(1000), false);
  times.add(0, hours(10), false);
  const auto counts = times.counts(0);
  EXPECT_EQ(counts.percentile_us(50), 16);
  EXPECT_EQ(counts.percentile_us(95), 16);
  EXPECT_EQ(counts.percentile_us(96), 1024);
  EXPECT_EQ(counts.percentile_us(99), 1024);
  EXPECT_EQ(counts.percentile_us(100), CallTimes::limit_us(CallTimes::kBuckets - 2));
}

TEST(CallTimes, LosesNoCallOfAnyThread) {
  CallTimes times(1);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int call = 0; call < 1000; ++call) times.add(0, microseconds(call), call % 2 == 0);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(times.counts(0).calls, 4000);
  EXPECT_EQ(times.counts(0).failed, 2000);
}

}  // namespace
}  // namespace dbosc::client
