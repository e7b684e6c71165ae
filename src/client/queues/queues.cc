#include "client/queues/queues.h"

#include "base/log.h"
#include "base/uuid.h"
#include "client/applications/ownership.h"
#include "client/look/workflow_filter.h"
#include "client/queues/queue_change.h"

namespace dbosc::client {
namespace {

void check(const RegisterQueueRequest& request) {
  if (request.name.starts_with(model::kReservedQueuePrefix)) {
    throw invalid_argument("reserved_name", "name",
                           "'name' must not begin with '_dbos_': those queues are DBOS's own");
  }
  if (request.on_conflict == QueueConflict::kUpdateIfLatestVersion) {
    throw invalid_argument("unsupported_option", "on_conflict",
                           "'on_conflict' 'update_if_latest_version' is for applications: a client "
                           "has no version; it must be 'always_update' or 'never_update'");
  }
  refuse_flag_beside_limits(request.partition_queue.has_value(), request);
  check_limits(request);
}

model::Queue to_queue(const RegisterQueueRequest& request, const Config& config) {
  model::Queue queue;
  static_cast<model::QueueLimits&>(queue) = request;
  queue.queue_id = new_uuid();
  queue.name = request.name;
  queue.partition_queue = request.partition_queue.value_or(request.limits_partitions());
  queue.priority_enabled = request.priority_enabled;
  queue.polling_interval_ms = request.polling_interval_ms;
  queue.application_name = named_or_own(request.application_name, config);
  queue.created_at_ms = queue.updated_at_ms = now_ms();
  return queue;
}

/// The row that has the name, made where there is none.
model::Queue insert_or_find(sql::Session& session, const store::Layout& layout,
                            const model::Queue& queue) {
  for (;;) {
    auto found = store::insert_or_find_queue(session, layout, queue);
    if (found) return *std::move(found);
    session.limits().check();
  }
}

/// The settings of `wanted` for a queue that is there: what belongs to the row stays. Throws
/// Error(kConflict) for a queue of another application.
model::Queue with_settings(const model::Queue& existing, const model::Queue& wanted) {
  auto queue = wanted;
  queue.queue_id = existing.queue_id;
  queue.paused = existing.paused;
  queue.created_at_ms = existing.created_at_ms;
  queue.updated_at_ms = existing.updated_at_ms;
  queue.application_name =
      resolve_owner("queue", existing.name, existing.application_name, wanted.application_name);
  return queue;
}

template <class T>
void take(const schema::Clearable<T>& change, std::optional<T>& value) {
  if (change.given) value = change.value;
}
template <class T>
void take(const schema::Clearable<T>& change, T& value, const T& cleared) {
  if (change.given) value = change.value.value_or(cleared);
}

/// A queue partitioned by the old flag alone: its limits count in each partition.
bool is_partitioned_by_flag(const model::Queue& queue) {
  return queue.partition_queue && !queue.limits_partitions();
}

void change_partitioning(const UpdateQueueRequest& request, const model::Queue& before,
                         model::Queue& after) {
  if (!after.limits_partitions()) {
    // The flag stays where it alone partitions the queue, and goes with the last limit.
    if (before.limits_partitions()) after.partition_queue = false;
    take(request.partition_queue, after.partition_queue, false);
    return;
  }
  refuse_flag_beside_limits(request.partition_queue.given, after);
  if (is_partitioned_by_flag(before)) {
    // The limits of the whole queue would silently come to mean something else.
    throw invalid_argument("conflicting_limits", "partition_queue",
                           "queue '" + before.name +
                               "' is partitioned by its old flag 'partition_queue'; clear that "
                               "first to set limits for each partition");
  }
  after.partition_queue = true;
}

void apply(const UpdateQueueRequest& request, model::Queue& queue) {
  const auto before = queue;
  take(request.global_concurrency, queue.global_concurrency);
  take(request.worker_concurrency, queue.worker_concurrency);
  take(request.rate_limit, queue.rate_limit);
  take(request.partition_concurrency, queue.partition_concurrency);
  take(request.partition_worker_concurrency, queue.partition_worker_concurrency);
  take(request.partition_rate_limit, queue.partition_rate_limit);
  take(request.priority_enabled, queue.priority_enabled, true);
  take(request.polling_interval_ms, queue.polling_interval_ms, model::kDefaultPollingIntervalMs);
  change_partitioning(request, before, queue);
  check_limits(queue);
}

}  // namespace

namespace {

void tell_registered(const model::Queue& queue) {
  log::Line line(log::Level::kInfo, "queue_registered", "a queue was registered");
  line.text("queue_name", queue.name);
  const auto tell = [&](const char* key, const std::optional<std::int64_t>& limit) {
    if (limit) line.number(key, *limit);
  };
  tell("global_concurrency", queue.global_concurrency);
  tell("worker_concurrency", queue.worker_concurrency);
  tell("partition_concurrency", queue.partition_concurrency);
  tell("partition_worker_concurrency", queue.partition_worker_concurrency);
  if (queue.rate_limit) {
    line.number("rate_limit", queue.rate_limit->limit);
    line.number("rate_limit_period_ms", queue.rate_limit->period_ms);
  }
}

}  // namespace

RegisterQueueReply register_queue(Call& call, const RegisterQueueRequest& request) {
  check(request);
  const auto wanted = to_queue(request, call.config());
  // A retry after a lost answer finds what an earlier try has written.
  bool may_be_updated = false;
  const auto work = [&](sql::Session& session, const store::Layout& layout) -> RegisterQueueReply {
    require_room(layout, wanted);
    for (;;) {
      const auto queue = insert_or_find(session, layout, wanted);
      if (queue.queue_id == wanted.queue_id) return {RegisterOutcome::kCreated, queue};
      auto resettled = with_settings(queue, wanted);
      if (request.on_conflict == QueueConflict::kNeverUpdate) {
        return {RegisterOutcome::kExisting, queue};
      }
      const auto change =
          store::changing_queue(session.dialect(), layout, queue, resettled, wanted.updated_at_ms);
      const bool by_earlier_try = std::exchange(may_be_updated, may_be_updated || change);
      if (!change) {
        return {by_earlier_try ? RegisterOutcome::kUpdated : RegisterOutcome::kExisting, queue};
      }
      if (session.execute(change->sql, change->params, sql::ignore_row) > 0) {
        return {RegisterOutcome::kUpdated, resettled};
      }
      may_be_updated = by_earlier_try;  // somebody else has changed it meanwhile
      session.limits().check();
    }
  };
  auto reply = call.write(identity_of_queue(request.name), work);
  if (reply.outcome == RegisterOutcome::kCreated) tell_registered(reply.queue);
  return reply;
}

GetQueueReply get_queue(Call& call, const GetQueueRequest& request) {
  return call.read([&](sql::Session& session, const store::Layout& layout) -> GetQueueReply {
    return {store::find_queue(session, layout, request.name)};
  });
}

ListQueuesReply list_queues(Call& call, const ListQueuesRequest& request) {
  const auto names = application_scope(request.application_name, {}, call.config());
  return call.read_capped(
      [&](sql::Session& session, const store::Layout& layout) -> ListQueuesReply {
        return {store::list_queues(session, layout, names)};
      });
}

UpdateQueueReply update_queue(Call& call, const UpdateQueueRequest& request) {
  return {change_queue(call, request.name, [&](model::Queue& queue, const store::Layout& layout) {
            apply(request, queue);
            require_room(layout, queue);
          }).after};
}

DeleteQueueReply delete_queue(Call& call, const DeleteQueueRequest& request) {
  // Fixed by the first try: a retry after a lost answer deletes no queue that came later.
  std::optional<model::Queue> found;
  bool looked = false;
  return call.write(identity_of_queue(request.name),
                    [&](sql::Session& session, const store::Layout& layout) -> DeleteQueueReply {
                      if (!looked) found = store::find_queue(session, layout, request.name);
                      looked = true;
                      if (found) store::delete_queue(session, found->queue_id);
                      return {found.has_value()};
                    });
}

}  // namespace dbosc::client
