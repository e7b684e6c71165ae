#include "store/queue_stats.h"

#include "store/conditions.h"
#include "store/queues.h"

namespace dbosc::store {

void count_queues(sql::Session& session, const Layout& layout, const QueueStatsFilter& filter,
                  FunctionRef<void(const QueueGroup&)> on_group) {
  Conditions where(session.dialect());
  where.raw("status IN ('ENQUEUED', 'PENDING', 'DELAYED') AND queue_name IS NOT NULL");
  where.any_of("queue_name", filter.names);
  if (layout.has_application_name()) {
    where.claimed_by("application_name", filter.application_names);
  }
  const std::string key = filter.by_partition ? "queue_partition_key" : "NULL::text";
  const auto work = "SELECT queue_name, " + key +
                    ", status, count(*), min(created_at), FALSE, now_ms()"
                    " FROM dbos.workflow_status" +
                    where.sql() + " GROUP BY queue_name, status" +
                    (filter.by_partition ? ", " + key : std::string());
  where.restart();
  where.any_of("name", filter.names);
  if (layout.has("queues", "application_name")) {
    where.claimed_by("application_name", filter.application_names);
  }
  const auto registered = "SELECT name, NULL::text, NULL::text, 0, NULL::bigint, COALESCE(" +
                          std::string(kIsPaused) + ", FALSE), now_ms() FROM dbos.queues" +
                          where.sql();
  session.query(work + " UNION ALL " + registered, where.params(), [&](const sql::Row& row) {
    on_group({.queue_name = row.copy(0).value_or(""),
              .partition_key = row.copy(1),
              .status = row.copy(2),
              .count = row.integer(3).value_or(0),
              .oldest_created_at_ms = row.integer(4),
              .paused = row.boolean(5),
              .now_ms = row.integer(6).value_or(0)});
  });
}

}  // namespace dbosc::store
