#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/call.h"
#include "client/requests.h"

namespace dbosc::client {

struct QueueStatsRequest : CallOptions {
  schema::OneOrMany name;
  schema::OneOrMany application_name;
  bool by_partition = true;
};

/// How much work there is.
struct Workload {
  std::int64_t waiting = 0, running = 0, delayed = 0;
  std::optional<std::int64_t> oldest_created_at_ms, oldest_age_ms;
};
struct PartitionStats : Workload {
  std::string queue_partition_key;
};
struct QueueStats : Workload {
  std::string name;
  bool registered = false;
  bool paused = false;
  std::vector<PartitionStats> partitions;
};
struct QueueStatsReply {
  std::vector<QueueStats> queues;
};

QueueStatsReply queue_stats(Call& call, const QueueStatsRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::QueueStatsRequest> {
  using R = client::QueueStatsRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("name", &R::name,
                       "Queues to look at. Default: all that are registered or have unfinished "
                       "workflows.")
                     .alias("queue_name"),
                 field("application_name", &R::application_name,
                       "Workflows and queues of these applications and unclaimed ones. Default: "
                       "the client's; without one, or with an empty list, all. Without effect "
                       "below schema level 100."),
                 field("by_partition", &R::by_partition, "Whether `partitions` are told.")
                     .defaults_to("true")),
      call_fields<R>());
};

template <class R>
constexpr auto workload_fields() {
  return std::tuple(field("waiting", &R::waiting, "Workflows that are ENQUEUED."),
                    field("running", &R::running, "Workflows that are PENDING."),
                    field("delayed", &R::delayed, "Workflows that are DELAYED."),
                    field("oldest_created_at_ms", &R::oldest_created_at_ms,
                          "When the oldest that waits was made; null where none does.")
                        .instant(),
                    field("oldest_age_ms", &R::oldest_age_ms,
                          "How long ago that was by the database's clock; null where none waits."));
}

template <>
struct Schema<client::PartitionStats> {
  using R = client::PartitionStats;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("queue_partition_key", &R::queue_partition_key, "The partition.")),
      workload_fields<R>());
};
template <>
struct Schema<client::QueueStats> {
  using R = client::QueueStats;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("name", &R::name, "Name of the queue."),
                 field("registered", &R::registered, "Whether it is in the database."),
                 field("paused", &R::paused, "Whether workers leave its workflows waiting.")),
      workload_fields<R>(),
      std::tuple(field("partitions", &R::partitions,
                       "Its partitions that have unfinished workflows, by key.")));
};
template <>
struct Schema<client::QueueStatsReply> {
  using R = client::QueueStatsReply;
  static constexpr auto fields = std::tuple(field("queues", &R::queues, "By name."));
};

}  // namespace dbosc::schema
