#include "store/queues.h"

#include <algorithm>

#include "sql/dialect.h"
#include "store/conditions.h"
#include "store/insert_or_find.h"

namespace dbosc::store {
namespace {

/// Seconds in a column as milliseconds; what is no such number does not fail the listing.
std::string ms_of(std::string_view seconds) {
  const std::string column(seconds);
  return "CASE WHEN " + column + " IS NULL THEN NULL WHEN abs(" + column +
         ") < 9e12 THEN CAST(round(" + column + " * 1000.0) AS bigint) ELSE 9000000000000000 END";
}

std::string select_list(const Layout& layout) {
  const auto column = [&](std::string_view name, std::string_view type) {
    return layout.has("queues", name) ? std::string(name) : "NULL::" + std::string(type);
  };
  const bool partitions = layout.has(kPartitionLimits);
  return "queue_id, name, concurrency, worker_concurrency, rate_limit_max, " +
         ms_of("rate_limit_period_sec") + ", " + column("partition_concurrency", "bigint") + ", " +
         column("partition_worker_concurrency", "bigint") + ", " +
         column("partition_rate_limit_max", "bigint") + ", " +
         (partitions ? ms_of("partition_rate_limit_period_sec") : std::string("NULL::bigint")) +
         ", partition_queue, priority_enabled, " + ms_of("polling_interval_sec") + ", " +
         column("application_name", "text") + ", created_at, updated_at";
}

/// Both columns or no limit, as in all SDKs but Python, which never writes one alone.
std::optional<model::RateLimit> rate_limit(const sql::Row& row, int column) {
  const auto limit = row.integer(column), period = row.integer(column + 1);
  if (!limit || !period) return std::nullopt;
  return model::RateLimit{*limit, *period};
}

model::Queue read_queue(const sql::Row& row) {
  model::Queue queue;
  queue.queue_id = row.copy(0).value_or("");
  queue.name = row.copy(1).value_or("");
  queue.global_concurrency = row.integer(2);
  queue.worker_concurrency = row.integer(3);
  queue.rate_limit = rate_limit(row, 4);
  queue.partition_concurrency = row.integer(6);
  queue.partition_worker_concurrency = row.integer(7);
  queue.partition_rate_limit = rate_limit(row, 8);
  queue.partition_queue = row.boolean(10);
  queue.priority_enabled = row.boolean(11);
  queue.polling_interval_ms = row.integer(12).value_or(model::kDefaultPollingIntervalMs);
  queue.application_name = row.copy(13);
  queue.created_at_ms = row.integer(14).value_or(0);
  queue.updated_at_ms = row.integer(15).value_or(0);
  if (queue.rate_limit && queue.rate_limit->limit <= 0) {
    queue.paused = true;
    queue.rate_limit->limit = -queue.rate_limit->limit;
    if (queue.rate_limit->limit == 0) queue.rate_limit.reset();
  }
  return queue;
}

/// The rate limit that the row holds.
std::optional<model::RateLimit> stored_rate_limit(const model::Queue& queue) {
  if (!queue.paused) return queue.rate_limit;
  if (!queue.rate_limit) return model::RateLimit{0, 1000};
  return model::RateLimit{-queue.rate_limit->limit, queue.rate_limit->period_ms};
}

/// One column of a row and what is written there. Borrows from the queue.
struct Cell {
  std::string_view column;
  sql::Param value;
  bool is_seconds = false;  ///< Milliseconds here.
};

void add_rate_limit(std::vector<Cell>& cells, std::string_view limit, std::string_view period,
                    const std::optional<model::RateLimit>& value) {
  cells.push_back({limit, value ? sql::Param(value->limit) : sql::Param(nullptr)});
  cells.push_back({period, value ? sql::Param(value->period_ms) : sql::Param(nullptr), true});
}

/// All that a change can touch, in one order.
std::vector<Cell> cells_of(const Layout& layout, const model::Queue& queue) {
  std::vector<Cell> cells{{"concurrency", queue.global_concurrency},
                          {"worker_concurrency", queue.worker_concurrency},
                          {"priority_enabled", queue.priority_enabled},
                          {"partition_queue", queue.partition_queue},
                          {"polling_interval_sec", queue.polling_interval_ms, true}};
  add_rate_limit(cells, "rate_limit_max", "rate_limit_period_sec", stored_rate_limit(queue));
  if (layout.has("queues", "application_name")) {
    cells.push_back({"application_name", queue.application_name});
  }
  if (layout.has(kPartitionLimits)) {
    cells.push_back({"partition_concurrency", queue.partition_concurrency});
    cells.push_back({"partition_worker_concurrency", queue.partition_worker_concurrency});
    add_rate_limit(cells, "partition_rate_limit_max", "partition_rate_limit_period_sec",
                   queue.partition_rate_limit);
  }
  return cells;
}

/// Binds a cell; returns the expression for its column.
std::string bind(Conditions& statement, const Cell& cell) {
  const auto param = statement.bind(cell.value);
  return cell.is_seconds ? param + "::bigint / 1000.0::float8" : param;
}

}  // namespace

std::optional<model::Queue> find_queue(sql::Session& session, const Layout& layout,
                                       std::string_view name, Lock lock) {
  auto sql = "SELECT " + select_list(layout) + " FROM dbos.queues WHERE name = $1";
  if (lock == Lock::kUntilTransactionEnds) sql += session.dialect().locking_rows();
  std::optional<model::Queue> found;
  session.query(sql, {name}, [&](const sql::Row& row) { found = read_queue(row); });
  return found;
}

std::vector<model::Queue> list_queues(sql::Session& session, const Layout& layout,
                                      const std::vector<std::string>& application_names) {
  Conditions where(session.dialect());
  if (layout.has("queues", "application_name")) {
    where.claimed_by("application_name", application_names);
  }
  std::vector<model::Queue> queues;
  session.query("SELECT " + select_list(layout) + " FROM dbos.queues" + where.sql(), where.params(),
                [&](const sql::Row& row) { queues.push_back(read_queue(row)); });
  // Here, as the databases sort texts differently.
  std::sort(queues.begin(), queues.end(),
            [](const auto& left, const auto& right) { return left.name < right.name; });
  return queues;
}

std::optional<model::Queue> insert_or_find_queue(sql::Session& session, const Layout& layout,
                                                 const model::Queue& queue) {
  Conditions statement(session.dialect());
  std::string columns = "queue_id, name, created_at, updated_at", values;
  for (const auto& value : {sql::Param(queue.queue_id), sql::Param(queue.name),
                            sql::Param(queue.created_at_ms), sql::Param(queue.updated_at_ms)}) {
    values += (values.empty() ? "" : ", ") + statement.bind(value);
  }
  for (const auto& cell : cells_of(layout, queue)) {
    columns += ", " + std::string(cell.column);
    values += ", " + bind(statement, cell);
  }
  std::optional<model::Queue> found;
  insert_or_find(session,
                 {.insert = "INSERT INTO dbos.queues (" + columns + ") VALUES (" + values + ')',
                  .table = "dbos.queues",
                  .key = "name",
                  .value = "$2",
                  .columns = select_list(layout)},
                 statement.params(), [&](const sql::Row& row) { found = read_queue(row); });
  return found;
}

std::optional<sql::BoundStatement> changing_queue(const sql::Dialect& dialect, const Layout& layout,
                                                  const model::Queue& before, model::Queue& after,
                                                  std::int64_t updated_at_ms) {
  const auto old_cells = cells_of(layout, before), new_cells = cells_of(layout, after);
  Conditions statement(dialect);
  std::string changes;
  for (std::size_t i = 0; i < new_cells.size(); ++i) {
    if (old_cells[i].value.value() == new_cells[i].value.value()) continue;
    changes += std::string(new_cells[i].column) + " = " + bind(statement, new_cells[i]) + ", ";
  }
  if (changes.empty()) {
    after = before;
    return std::nullopt;
  }
  changes += "updated_at = " + statement.bind(updated_at_ms);
  statement.add("queue_id = ", before.queue_id);
  statement.add("updated_at = ", before.updated_at_ms);
  after.updated_at_ms = updated_at_ms;
  if (!layout.has("queues", "application_name")) after.application_name.reset();
  const auto params = statement.params();
  return sql::BoundStatement{"UPDATE dbos.queues SET " + changes + statement.sql(),
                             {params.begin(), params.end()}};
}

void delete_queue(sql::Session& session, std::string_view queue_id) {
  session.execute("DELETE FROM dbos.queues WHERE queue_id = $1", {queue_id});
}

}  // namespace dbosc::store
