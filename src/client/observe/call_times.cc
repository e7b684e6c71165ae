#include "client/observe/call_times.h"

#include <algorithm>
#include <bit>

namespace dbosc::client {

std::size_t CallTimes::bucket_of(std::int64_t us) {
  const auto units = static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0)) / 16;
  return std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(units)), kBuckets - 1);
}

CallTimes::CallTimes(std::size_t operations)
    : operations_(std::make_unique<Counters[]>(operations)) {}

void CallTimes::add(std::size_t operation, MonotonicClock::duration took, bool failed) noexcept {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  auto& counters = operations_[operation];
  counters.buckets[bucket_of(us)].fetch_add(1, std::memory_order_relaxed);
  counters.total_us.fetch_add(us, std::memory_order_relaxed);
  if (failed) counters.failed.fetch_add(1, std::memory_order_relaxed);
}

CallTimes::Counts CallTimes::counts(std::size_t operation) const {
  const auto& counters = operations_[operation];
  Counts counts;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    counts.buckets[i] = counters.buckets[i].load(std::memory_order_relaxed);
    counts.calls += counts.buckets[i];
  }
  counts.failed = counters.failed.load(std::memory_order_relaxed);
  counts.total_us = counters.total_us.load(std::memory_order_relaxed);
  return counts;
}

std::int64_t CallTimes::Counts::percentile_us(int percent) const {
  if (calls == 0) return 0;
  const auto wanted = (calls * percent + 99) / 100;
  std::int64_t below = 0;
  for (std::size_t i = 0; i + 1 < kBuckets; ++i) {
    below += buckets[i];
    if (below >= wanted) return limit_us(i);
  }
  return limit_us(kBuckets - 2);
}

}  // namespace dbosc::client
