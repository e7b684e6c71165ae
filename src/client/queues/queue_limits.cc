#include "client/queues/queue_limits.h"

#include "base/error.h"

namespace dbosc::client {
namespace {

struct Limit {
  std::string_view key;
  std::optional<std::int64_t> model::QueueLimits::*member;
};

constexpr Limit kGlobal{"global_concurrency", &model::QueueLimits::global_concurrency};
constexpr Limit kWorker{"worker_concurrency", &model::QueueLimits::worker_concurrency};
constexpr Limit kPartition{"partition_concurrency", &model::QueueLimits::partition_concurrency};
constexpr Limit kPartitionWorker{"partition_worker_concurrency",
                                 &model::QueueLimits::partition_worker_concurrency};

struct Order {
  Limit small, large;
};
constexpr Order kOrders[] = {{kWorker, kGlobal},
                             {kPartitionWorker, kPartition},
                             {kPartitionWorker, kWorker},
                             {kPartition, kGlobal},
                             {kPartitionWorker, kGlobal}};

}  // namespace

void check_limits(const model::QueueLimits& limits) {
  for (const auto& [small, large] : kOrders) {
    const auto &inner = limits.*small.member, &outer = limits.*large.member;
    if (!inner || !outer || *inner <= *outer) continue;
    throw invalid_argument("conflicting_limits", small.key,
                           "'" + std::string(small.key) + "' (" + std::to_string(*inner) +
                               ") must not be above '" + std::string(large.key) + "' (" +
                               std::to_string(*outer) + ")");
  }
}

void refuse_flag_beside_limits(bool flag_given, const model::QueueLimits& limits) {
  if (!flag_given || !limits.limits_partitions()) return;
  throw conflicting_keys("partition_queue", limits.partition_concurrency ? kPartition.key
                                            : limits.partition_worker_concurrency
                                                ? kPartitionWorker.key
                                                : "partition_rate_limit");
}

void require_room(const store::Layout& layout, const model::QueueLimits& limits) {
  if (limits.limits_partitions()) {
    layout.require(store::kPartitionLimits, "a queue with limits for each partition");
  }
}

}  // namespace dbosc::client
