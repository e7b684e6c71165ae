#include "client/observe/prometheus.h"

#include <array>
#include <cstdio>

#include "client/observe/call_times.h"

namespace dbosc::client {
namespace {

/// Never by the program's locale, which may write a comma.
std::string seconds(std::int64_t us) {
  std::array<char, 48> text;
  const int length =
      std::snprintf(text.data(), text.size(), "%lld.%06lld", static_cast<long long>(us / 1'000'000),
                    static_cast<long long>(us % 1'000'000));
  return {text.data(), static_cast<std::size_t>(length)};
}

class Exposition {
 public:
  explicit Exposition(std::int64_t client)
      : client_("{client=\"" + std::to_string(client) + "\"") {}

  void metric(const char* name, const char* type, const char* help) {
    name_ = name;
    text_ += "# HELP " + name_ + ' ' + help + "\n# TYPE " + name_ + ' ' + type + '\n';
  }
  /// Labels are `name="value"`, of names that need no escapes.
  void sample(const std::string& labels, const std::string& value, const char* suffix = "") {
    text_ += name_ + suffix + client_ + (labels.empty() ? "" : ",") + labels + "} " + value + '\n';
  }
  void number(const char* name, const char* type, const char* help, std::int64_t value) {
    metric(name, type, help);
    sample("", std::to_string(value));
  }
  std::string take() { return std::move(text_); }

 private:
  const std::string client_;
  std::string name_;
  std::string text_;
};

void write_pool(Exposition& out, const PoolStats& pool) {
  out.number("dbosc_pool_size", "gauge", "Most connections for calls.", pool.size);
  out.metric("dbosc_pool_connections", "gauge", "Connections of the pool.");
  out.sample("state=\"idle\"", std::to_string(pool.idle));
  out.sample("state=\"in_use\"", std::to_string(pool.in_use));
  out.number("dbosc_pool_waiting", "gauge", "Calls that wait for a connection.", pool.waiting);
  out.number("dbosc_pool_waits_total", "counter", "Calls that had to wait for a connection.",
             pool.waits);
  out.metric("dbosc_pool_waited_seconds_total", "counter", "How long calls waited for one.");
  out.sample("", seconds(pool.waited_us));
}

void write_database(Exposition& out, const DatabaseStats& database) {
  out.number("dbosc_connects_total", "counter", "Connections made.", database.connects);
  out.number("dbosc_connection_failures_total", "counter", "Connections refused or lost.",
             database.connection_failures);
  out.number("dbosc_retries_total", "counter", "Tries after a failed one.", database.retries);
  out.number("dbosc_outages_total", "counter", "Times that the database went away.",
             database.outages);
  out.number("dbosc_database_away", "gauge", "1 while the database does not answer.",
             database.away);
}

void write_waits(Exposition& out, const WaitStats& waits) {
  out.metric("dbosc_awaited", "gauge", "What is awaited now.");
  out.sample("topic=\"result\"", std::to_string(waits.results));
  out.sample("topic=\"event\"", std::to_string(waits.events));
  out.sample("topic=\"stream\"", std::to_string(waits.streams));
  out.number("dbosc_watch_ticks_total", "counter", "Looks at what is awaited.", waits.ticks);
  out.number("dbosc_watch_queries_total", "counter", "Statements that they took.", waits.queries);
  out.number("dbosc_watch_listening", "gauge", "1 while notifications are listened for.",
             waits.listening);
}

void write_batches(Exposition& out, const BatchStats& batches) {
  out.number("dbosc_batches_total", "counter", "Statements that wrote for several calls.",
             batches.batches);
  out.number("dbosc_batched_writes_total", "counter", "Calls that were written so.",
             batches.writes);
  out.number("dbosc_batches_failed_total", "counter", "Batches that failed.", batches.failed);
  out.number("dbosc_batch_waiting", "gauge", "Calls that wait for a batch or its answer.",
             batches.waiting);
}

void write_latency(Exposition& out, const OperationStats& operation) {
  const auto label = "operation=\"" + operation.operation + "\"";
  std::int64_t so_far = 0;
  auto next = operation.latency.begin();
  for (std::size_t i = 0; i + 1 < CallTimes::kBuckets; ++i) {
    const auto limit = CallTimes::limit_us(i);
    if (next != operation.latency.end() && next->below_us == limit) so_far += (next++)->calls;
    out.sample(label + ",le=\"" + seconds(limit) + "\"", std::to_string(so_far), "_bucket");
  }
  out.sample(label + ",le=\"+Inf\"", std::to_string(operation.calls), "_bucket");
  out.sample(label, seconds(operation.total_us), "_sum");
  out.sample(label, std::to_string(operation.calls), "_count");
}

void write_operations(Exposition& out, const std::vector<OperationStats>& operations) {
  out.metric("dbosc_calls_failed_total", "counter", "Calls that ended with an error.");
  for (const auto& each : operations) {
    out.sample("operation=\"" + each.operation + "\"", std::to_string(each.failed));
  }
  out.metric("dbosc_call_duration_seconds", "histogram", "How long calls took.");
  for (const auto& each : operations) write_latency(out, each);
}

}  // namespace

std::string prometheus_text(const ClientStatsReply& stats) {
  Exposition out(stats.client);
  write_pool(out, stats.pool);
  write_database(out, stats.database);
  write_waits(out, stats.waits);
  out.number("dbosc_submitted_in_flight", "gauge", "Submitted calls that have not ended.",
             stats.submitted.in_flight);
  out.number("dbosc_submitted_queued", "gauge", "Those of them that wait for a thread.",
             stats.submitted.queued);
  write_batches(out, stats.batches);
  out.number("dbosc_log_lines_dropped_total", "counter",
             "Log lines that the queue of the process had no room for.", stats.log_lines_dropped);
  write_operations(out, stats.operations);
  return out.take();
}

}  // namespace dbosc::client
