#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/call.h"
#include "client/requests.h"

namespace dbosc::client {

enum class StatsFormat { kJson, kPrometheus };

struct ClientStatsRequest : CallOptions, OutsideTransactions, WithoutDatabase {
  StatsFormat format = StatsFormat::kJson;
};

struct PoolStats {
  std::int64_t size = 0, idle = 0, in_use = 0, waiting = 0, waits = 0, waited_us = 0;
};
struct DatabaseStats {
  std::int64_t connects = 0, connection_failures = 0, retries = 0, outages = 0;
  bool away = false;
};
struct WaitStats {
  std::int64_t results = 0, events = 0, streams = 0, ticks = 0, queries = 0;
  bool connected = false, listening = false;
};
struct SubmittedStats {
  std::int64_t in_flight = 0, queued = 0, threads = 0;
};
struct BatchStats {
  std::int64_t batches = 0, writes = 0, failed = 0, waiting = 0;
};
struct LatencyBucket {
  std::optional<std::int64_t> below_us;
  std::int64_t calls = 0;
};
struct OperationStats {
  std::string operation;
  std::int64_t calls = 0, failed = 0, total_us = 0, p50_us = 0, p95_us = 0, p99_us = 0;
  std::vector<LatencyBucket> latency;
};
struct ClientStatsReply {
  std::int64_t client = 0;
  PoolStats pool;
  DatabaseStats database;
  WaitStats waits;
  SubmittedStats submitted;
  BatchStats batches;
  std::int64_t log_lines_dropped = 0;
  std::vector<OperationStats> operations;
  std::optional<std::string> text;
};

ClientStatsReply client_stats(Call& call, const ClientStatsRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::StatsFormat> {
  static constexpr std::array<std::string_view, 2> texts = {"json", "prometheus"};
};

template <>
struct Schema<client::ClientStatsRequest> {
  using R = client::ClientStatsRequest;
  static constexpr auto fields =
      std::tuple_cat(std::tuple(field("format", &R::format,
                                      "prometheus: the reply's `text` has them for a scraper.")
                                    .defaults_to("\"json\"")),
                     call_fields<R>());
};
template <>
struct Schema<client::PoolStats> {
  using R = client::PoolStats;
  static constexpr auto fields = std::tuple(
      field("size", &R::size, "Most connections for calls."),
      field("idle", &R::idle, "Connections that nobody uses."),
      field("in_use", &R::in_use, "Places that calls hold."),
      field("waiting", &R::waiting, "Calls that wait for a place now."),
      field("waits", &R::waits, "Calls that had to wait for a place."),
      field("waited_us", &R::waited_us, "How long they waited together, in microseconds."));
};
template <>
struct Schema<client::DatabaseStats> {
  using R = client::DatabaseStats;
  static constexpr auto fields = std::tuple(
      field("connects", &R::connects, "Connections made."),
      field("connection_failures", &R::connection_failures, "Connections refused or lost."),
      field("retries", &R::retries, "Tries after a failed one."),
      field("outages", &R::outages,
            "Times that the database went away: from the first connection that was lost or refused "
            "to the next answer."),
      field("away", &R::away, "Whether such a time lasts."));
};
template <>
struct Schema<client::WaitStats> {
  using R = client::WaitStats;
  static constexpr auto fields = std::tuple(
      field("results", &R::results, "Results that are awaited now, once for each waiting call."),
      field("events", &R::events, "The same for events."),
      field("streams", &R::streams, "The same for streams."),
      field("ticks", &R::ticks, "Looks at what is awaited, all of it together."),
      field("queries", &R::queries, "Statements that these looks took."),
      field("connected", &R::connected, "Whether the connection for waits is open."),
      field("listening", &R::listening, "Whether notifications are listened for on it."));
};
template <>
struct Schema<client::SubmittedStats> {
  using R = client::SubmittedStats;
  static constexpr auto fields =
      std::tuple(field("in_flight", &R::in_flight, "Submitted calls that have not ended."),
                 field("queued", &R::queued, "Those of them that wait for a thread."),
                 field("threads", &R::threads, "Threads that run such calls."));
};
template <>
struct Schema<client::BatchStats> {
  using R = client::BatchStats;
  static constexpr auto fields = std::tuple(
      field("batches", &R::batches, "Statements that wrote for several calls at once."),
      field("writes", &R::writes, "Calls of enqueue and send that were written so."),
      field("failed", &R::failed, "Batches that failed: their calls were tried one by one."),
      field("waiting", &R::waiting, "Calls that wait for a batch or for its answer now."));
};
template <>
struct Schema<client::LatencyBucket> {
  using R = client::LatencyBucket;
  static constexpr auto fields = std::tuple(
      field("below_us", &R::below_us,
            "These calls took less than so many microseconds, and not less than half of it but in "
            "the first bucket; null: longer than all buckets."),
      field("calls", &R::calls, "How many."));
};
template <>
struct Schema<client::OperationStats> {
  using R = client::OperationStats;
  static constexpr auto fields = std::tuple(
      field("operation", &R::operation, "Its name."),
      field("calls", &R::calls, "Calls that have ended, blocking and submitted ones."),
      field("failed", &R::failed, "Those of them that ended with an error."),
      field("total_us", &R::total_us, "How long all took together, in microseconds."),
      field("p50_us", &R::p50_us, "Half of them took less than this: the end of a bucket."),
      field("p95_us", &R::p95_us, "The same for 95 of a hundred."),
      field("p99_us", &R::p99_us, "The same for 99 of a hundred."),
      field("latency", &R::latency, "The buckets that have calls, the shortest times first."));
};
template <>
struct Schema<client::ClientStatsReply> {
  using R = client::ClientStatsReply;
  static constexpr auto fields =
      std::tuple(field("client", &R::client, "Its number in this process, as in log lines."),
                 field("pool", &R::pool, "Connections for calls."),
                 field("database", &R::database, "How the database was to be had."),
                 field("waits", &R::waits, "What is awaited, and what that costs."),
                 field("submitted", &R::submitted, "Calls of dbosc_client_submit."),
                 field("batches", &R::batches, "Writes of several calls at once (`group_commit`)."),
                 field("log_lines_dropped", &R::log_lines_dropped,
                       "Lines that the queue of dbosc_log_next had no room for, in this process."),
                 field("operations", &R::operations, "Operations that have been called."),
                 field("text", &R::text,
                       "All of this in the text format of Prometheus where asked for, else null."));
};

}  // namespace dbosc::schema
