#include "client/queues/queue_stats.h"

#include <algorithm>
#include <map>

#include "client/look/workflow_filter.h"
#include "store/queue_stats.h"

namespace dbosc::client {
namespace {

struct Queue {
  QueueStats stats;
  std::map<std::string, PartitionStats> partitions;
};
using Queues = std::map<std::string, Queue>;

void add(Workload& load, const store::QueueGroup& group) {
  if (group.status == "PENDING") {
    load.running += group.count;
  } else if (group.status == "DELAYED") {
    load.delayed += group.count;
  } else {
    load.waiting += group.count;
    const auto oldest = group.oldest_created_at_ms.value_or(group.now_ms);
    load.oldest_created_at_ms = std::min(load.oldest_created_at_ms.value_or(oldest), oldest);
    // Its maker's clock may be ahead of the database's.
    load.oldest_age_ms = std::max<std::int64_t>(0, group.now_ms - *load.oldest_created_at_ms);
  }
}

void add(Queues& queues, const store::QueueGroup& group) {
  auto& queue = queues[group.queue_name];
  if (!group.status) {
    queue.stats.registered = true;
    queue.stats.paused = group.paused;
    return;
  }
  add(queue.stats, group);
  if (group.partition_key) add(queue.partitions[*group.partition_key], group);
}

QueueStatsReply to_reply(Queues queues) {
  QueueStatsReply reply;
  for (auto& [name, queue] : queues) {
    auto& stats = reply.queues.emplace_back(std::move(queue.stats));
    stats.name = name;
    for (auto& [key, partition] : queue.partitions) {
      partition.queue_partition_key = key;
      stats.partitions.push_back(std::move(partition));
    }
  }
  return reply;
}

}  // namespace

QueueStatsReply queue_stats(Call& call, const QueueStatsRequest& request) {
  const store::QueueStatsFilter filter{
      .names = request.name.values,
      .application_names = application_scope(request.application_name, {}, call.config()),
      .by_partition = request.by_partition};
  return call.read_capped([&](sql::Session& session, const store::Layout& layout) {
    Queues queues;
    // What is asked for by name is told of, even where there is nothing.
    for (const auto& name : filter.names) queues[name];
    store::count_queues(session, layout, filter,
                        [&](const store::QueueGroup& group) { add(queues, group); });
    return to_reply(std::move(queues));
  });
}

}  // namespace dbosc::client
