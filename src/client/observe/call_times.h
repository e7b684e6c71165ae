#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "base/deadline.h"

namespace dbosc::client {

/// How long the calls of each operation took, in buckets that double: bucket i holds what took less
/// than 16 us * 2^i, the last one all the rest. Any thread may count; a count is two additions,
/// without a lock.
class CallTimes {
 public:
  static constexpr std::size_t kBuckets = 25;
  /// The least that is too much for a bucket; the last bucket has none.
  static constexpr std::int64_t limit_us(std::size_t bucket) { return std::int64_t{16} << bucket; }
  static std::size_t bucket_of(std::int64_t us);

  /// What has been counted of one operation.
  struct Counts {
    std::array<std::int64_t, kBuckets> buckets{};
    std::int64_t calls = 0, failed = 0, total_us = 0;

    /// A time within which `percent` of the calls ended: the limit of their bucket; for the last
    /// bucket the one before. 0 where there was no call.
    std::int64_t percentile_us(int percent) const;
  };

  explicit CallTimes(std::size_t operations);
  void add(std::size_t operation, MonotonicClock::duration took, bool failed) noexcept;
  /// Calls that end meanwhile may be in it or not.
  Counts counts(std::size_t operation) const;

 private:
  struct Counters {
    std::array<std::atomic<std::int64_t>, kBuckets> buckets{};
    std::atomic<std::int64_t> failed{0}, total_us{0};
  };
  const std::unique_ptr<Counters[]> operations_;
};

}  // namespace dbosc::client
