#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "schema/field.h"

namespace dbosc::model {

/// Names that begin so belong to DBOS itself.
inline constexpr std::string_view kReservedQueuePrefix = "_dbos_";
inline constexpr std::int64_t kDefaultPollingIntervalMs = 1000;

struct RateLimit {
  std::int64_t limit = 0;
  std::int64_t period_ms = 0;
  friend bool operator==(const RateLimit&, const RateLimit&) = default;
};

/// What bounds the dequeuing of a queue: on the whole, and in each partition.
struct QueueLimits {
  std::optional<std::int64_t> global_concurrency, worker_concurrency;
  std::optional<RateLimit> rate_limit;
  std::optional<std::int64_t> partition_concurrency, partition_worker_concurrency;
  std::optional<RateLimit> partition_rate_limit;

  bool limits_partitions() const {
    return partition_concurrency || partition_worker_concurrency || partition_rate_limit;
  }
};

/// A row of table queues. While it is paused, `rate_limit` is what it will be again.
struct Queue : QueueLimits {
  std::string queue_id;  ///< Not in replies: no SDK shows it.
  std::string name;
  bool partition_queue = false;
  bool priority_enabled = true;
  std::int64_t polling_interval_ms = kDefaultPollingIntervalMs;
  bool paused = false;
  std::optional<std::string> application_name;
  std::int64_t created_at_ms = 0, updated_at_ms = 0;
};

// The meaning of each limit, for the requests that set it and the replies that show it.
namespace doc {
inline constexpr std::string_view kGlobalConcurrency =
    "Most workflows that run at a time, on all workers together.";
inline constexpr std::string_view kWorkerConcurrency =
    "Most that run at a time on one worker; not above global_concurrency.";
inline constexpr std::string_view kRateLimit = "Most that start within a period.";
inline constexpr std::string_view kPartitionConcurrency =
    "Most of one partition that run at a time, on all workers together; not above "
    "global_concurrency. Any partition limit makes the queue partitioned.";
inline constexpr std::string_view kPartitionWorkerConcurrency =
    "Most of one partition that run at a time on one worker; not above any other concurrency.";
inline constexpr std::string_view kPartitionRateLimit =
    "Most of one partition that start within a period.";
inline constexpr std::string_view kPartitionQueue =
    "The old way to partition, still read by Go, Java, Rust and older releases: limits of the "
    "whole queue count in each partition. Always true where a partition limit is set.";
inline constexpr std::string_view kPriorityEnabled =
    "Whether lower priorities run first; new releases of Python and TypeScript always do so.";
inline constexpr std::string_view kPollingInterval = "How often each worker looks for work.";
}  // namespace doc

}  // namespace dbosc::model

namespace dbosc::schema {

template <>
struct Schema<model::RateLimit> {
  using R = model::RateLimit;
  static constexpr auto fields = std::tuple(
      field("limit", &R::limit, "How many.").required().between(1, 2147483647),
      field("period_ms", &R::period_ms, "Within how long.").required().between(1, 2147483647000));
};

template <>
struct Schema<model::Queue> {
  using Q = model::Queue;
  static constexpr auto fields = std::tuple(
      field("name", &Q::name, "Name of the queue."),
      field("global_concurrency", &Q::global_concurrency, model::doc::kGlobalConcurrency),
      field("worker_concurrency", &Q::worker_concurrency, model::doc::kWorkerConcurrency),
      field("rate_limit", &Q::rate_limit, model::doc::kRateLimit),
      field("partition_concurrency", &Q::partition_concurrency, model::doc::kPartitionConcurrency),
      field("partition_worker_concurrency", &Q::partition_worker_concurrency,
            model::doc::kPartitionWorkerConcurrency),
      field("partition_rate_limit", &Q::partition_rate_limit, model::doc::kPartitionRateLimit),
      field("partition_queue", &Q::partition_queue, model::doc::kPartitionQueue),
      field("priority_enabled", &Q::priority_enabled, model::doc::kPriorityEnabled),
      field("polling_interval_ms", &Q::polling_interval_ms, model::doc::kPollingInterval),
      field("paused", &Q::paused, "Whether workers leave its workflows waiting."),
      field("application_name", &Q::application_name, "Owning application; null while unclaimed."),
      field("created_at_ms", &Q::created_at_ms, "When it was registered.").instant(),
      field("updated_at_ms", &Q::updated_at_ms, "When it was last changed.").instant());
};

}  // namespace dbosc::schema
