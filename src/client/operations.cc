#include "client/operations.h"

#include "base/log.h"
#include "client/applications/rename.h"
#include "client/applications/versions.h"
#include "client/look/aggregate.h"
#include "client/look/inspect.h"
#include "client/look/query.h"
#include "client/manage/adjust.h"
#include "client/manage/fork.h"
#include "client/manage/manage.h"
#include "client/manage/retention.h"
#include "client/manage/transfer.h"
#include "client/observe/client_stats.h"
#include "client/observe/doctor.h"
#include "client/operation_types.h"
#include "client/queues/queue_pause.h"
#include "client/queues/queue_stats.h"
#include "client/queues/queues.h"
#include "client/schedules/schedule_runs.h"
#include "client/schedules/schedules.h"
#include "client/schedules/schedules_apply.h"
#include "client/start/debounce.h"
#include "client/start/enqueue.h"
#include "client/start/enqueue_many.h"
#include "client/start/prepare.h"
#include "client/system.h"
#include "client/talk/event.h"
#include "client/talk/message.h"
#include "client/talk/stream.h"
#include "client/wait/result.h"
#include "client/wait/wait.h"

namespace dbosc::client {
namespace {

constexpr Operation kOperations[] = {
#define DBOSC_OPERATION(name, doc) \
  {#name,                          \
   doc,                            \
   run_operation<&name>,           \
   prepare_operation<&name>,       \
   describe_operation<&name>,      \
   kJoinsTransactions<&name>,      \
   kOutlivesShutdown<&name>},
#include "client/operations.def"
#undef DBOSC_OPERATION
};

}  // namespace

std::span<const Operation> operations() { return kOperations; }

const Operation* find_operation(std::string_view name) {
  for (const auto& operation : kOperations) {
    if (operation.name == name) return &operation;
  }
  return nullptr;
}

namespace {

log::Level level_of(const Error* failure) {
  if (!failure) return log::Level::kDebug;
  if (failure->code == Code::kInternal || failure->code == Code::kOutOfMemory) {
    return log::Level::kError;
  }
  return failure->code == Code::kOutcomeUnknown ? log::Level::kWarn : log::Level::kDebug;
}

/// A call's failure is its caller's to log; what a caller may not expect stands in ours as well.
void tell_call(Services& services, const Operation& operation, MonotonicClock::duration took,
               const Error* failure) noexcept {
  const auto level = level_of(failure);
  if (!log::wanted(level)) return;
  log::Line line(level, "call", failure ? std::string_view(failure->message) : "a call has ended");
  line.number("client", services.health().client()).text("operation", operation.name);
  line.number("duration_us", std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  if (failure) line.text("kind", failure->kind);
}

}  // namespace

void count_call(Services& services, const Operation& operation, MonotonicClock::time_point since,
                const Error* failure) noexcept {
  const auto took = MonotonicClock::now() - since;
  const auto index = static_cast<std::size_t>(&operation - operations().data());
  services.call_times().add(index, took, failure != nullptr);
  tell_call(services, operation, took, failure);
}

void run_call(const Operation& operation, const Caller& caller, const Json& request,
              JsonWriter& reply) {
  const auto since = MonotonicClock::now();
  try {
    operation.run(caller, request, reply);
  } catch (const Error& error) {
    count_call(caller.services, operation, since, &error);
    throw;
  } catch (...) {
    const Error unforeseen(Code::kInternal, "internal", "unforeseen");
    count_call(caller.services, operation, since, &unforeseen);
    throw;
  }
  count_call(caller.services, operation, since, nullptr);
}

void describe_api(JsonWriter& out) {
  out.begin_object().key("config").begin_object();
  schema::describe_fields<Config>(out);
  out.end_object().key("operations").begin_array();
  for (const auto& operation : kOperations) {
    out.begin_object().key("name").string(operation.name).key("doc").string(operation.doc);
    out.key("in_transaction").boolean(operation.joins_transactions);
    operation.describe(out);
    out.end_object();
  }
  out.end_array().end_object();
}

std::unique_ptr<Services> open(const Json& json, const Cancel* cancel,
                               std::optional<CallerPool> pool) {
  auto decoded = schema::decode<Config>(json);
  auto database = pool ? make_database(decoded, std::move(*pool)) : make_database(decoded);
  auto services = std::make_unique<Services>(std::move(decoded), std::move(database));
  const auto& config = services->config();
  if (config.lazy) return services;
  const auto timeout = config.startup_timeout_ms.value_or(config.default_timeout_ms);
  const Limits limits{Deadline::in(milliseconds(timeout)), cancel, nullptr};
  // One try: an address that is wrong must not look like one that is slow.
  auto session = services->pool().acquire(limits);
  services->layout(*session);
  return services;
}

}  // namespace dbosc::client
