#include "client/observe/client_stats.h"

#include "base/log.h"
#include "client/observe/prometheus.h"
#include "client/operations.h"
#include "client/submit/submissions.h"
#include "write/combiner.h"

namespace dbosc::client {
namespace {

std::vector<LatencyBucket> buckets_with_calls(const CallTimes::Counts& counts) {
  std::vector<LatencyBucket> buckets;
  for (std::size_t i = 0; i < CallTimes::kBuckets; ++i) {
    if (counts.buckets[i] == 0) continue;
    const bool last = i + 1 == CallTimes::kBuckets;
    buckets.push_back(
        {last ? std::nullopt : std::optional(CallTimes::limit_us(i)), counts.buckets[i]});
  }
  return buckets;
}

std::vector<OperationStats> operation_stats(const CallTimes& times) {
  std::vector<OperationStats> stats;
  const auto all = operations();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto counts = times.counts(i);
    if (counts.calls == 0) continue;
    stats.push_back({std::string(all[i].name), counts.calls, counts.failed, counts.total_us,
                     counts.percentile_us(50), counts.percentile_us(95), counts.percentile_us(99),
                     buckets_with_calls(counts)});
  }
  return stats;
}

PoolStats pool_stats(sql::Pool& pool) {
  const auto counts = pool.counts();
  return {counts.size, counts.idle, counts.in_use, counts.waiting, counts.waits, counts.waited_us};
}

DatabaseStats database_stats(const sql::Health& health) {
  const auto counts = health.counts();
  return {counts.connects, counts.failures, counts.retries, counts.outages, counts.away};
}

WaitStats wait_stats(watch::Watcher& watcher) {
  const auto counts = watcher.counts();
  return {counts.results, counts.events,    counts.streams,  counts.ticks,
          counts.queries, counts.connected, counts.listening};
}

SubmittedStats submitted_stats(Submissions& submissions) {
  const auto counts = submissions.counts();
  return {counts.in_flight, counts.queued, counts.threads};
}

BatchStats batch_stats(Services& services) {
  BatchStats stats;
  for (auto* combiner : {&services.enqueues(), &services.sends()}) {
    const auto counts = combiner->counts();
    stats.batches += counts.groups;
    stats.writes += counts.writes;
    stats.failed += counts.failed;
    stats.waiting += counts.queued + counts.in_flight;
  }
  return stats;
}

}  // namespace

ClientStatsReply client_stats(Call& call, const ClientStatsRequest& request) {
  auto& services = call.services;
  ClientStatsReply reply{.client = services.health().client(),
                         .pool = pool_stats(services.pool()),
                         .database = database_stats(services.health()),
                         .waits = wait_stats(services.watcher()),
                         .submitted = submitted_stats(*services.submissions()),
                         .batches = batch_stats(services),
                         .log_lines_dropped = log::dropped(),
                         .operations = operation_stats(services.call_times()),
                         .text = std::nullopt};
  if (request.format == StatsFormat::kPrometheus) reply.text = prometheus_text(reply);
  return reply;
}

}  // namespace dbosc::client
