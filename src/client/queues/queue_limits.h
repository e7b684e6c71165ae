#pragma once

#include <type_traits>

#include "model/queue.h"
#include "schema/field.h"
#include "store/layout.h"

namespace dbosc::client {

/// Refuses limits that contradict each other: a smaller scope must not have a higher limit than the
/// one around it. Throws Error(kInvalidArgument) naming both.
void check_limits(const model::QueueLimits& limits);

/// Partition limits say by themselves that the queue is partitioned: `partition_queue`, given
/// beside them, is refused.
void refuse_flag_beside_limits(bool flag_given, const model::QueueLimits& limits);

/// Refuses partition limits where the tables have no room for them.
void require_room(const store::Layout& layout, const model::QueueLimits& limits);

}  // namespace dbosc::client

namespace dbosc::schema {

inline constexpr std::int64_t kMaxQueueLimit = 2147483647;

/// The settings of a queue in a request that gives or changes them.
template <class R>
constexpr auto queue_fields() {
  // A change that leaves a key out keeps what is there.
  constexpr bool kHasDefaults = std::is_base_of_v<model::QueueLimits, R>;
  return std::tuple(
      field("global_concurrency", &R::global_concurrency, model::doc::kGlobalConcurrency)
          .between(1, kMaxQueueLimit)
          .alias("concurrency"),
      field("worker_concurrency", &R::worker_concurrency, model::doc::kWorkerConcurrency)
          .between(1, kMaxQueueLimit),
      field("rate_limit", &R::rate_limit, model::doc::kRateLimit),
      field("partition_concurrency", &R::partition_concurrency, model::doc::kPartitionConcurrency)
          .between(1, kMaxQueueLimit),
      field("partition_worker_concurrency", &R::partition_worker_concurrency,
            model::doc::kPartitionWorkerConcurrency)
          .between(1, kMaxQueueLimit),
      field("partition_rate_limit", &R::partition_rate_limit, model::doc::kPartitionRateLimit),
      field("partition_queue", &R::partition_queue, model::doc::kPartitionQueue),
      field("priority_enabled", &R::priority_enabled, model::doc::kPriorityEnabled)
          .defaults_to(kHasDefaults ? "true" : ""),
      field("polling_interval_ms", &R::polling_interval_ms, model::doc::kPollingInterval)
          .between(1, kMaxQueueLimit)
          .defaults_to(kHasDefaults ? "1000" : ""));
}

}  // namespace dbosc::schema
