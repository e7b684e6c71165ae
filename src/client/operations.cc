#include "client/operations.h"

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
   kJoinsTransactions<&name>},
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
