#include "client/operations.h"

#include "client/adjust.h"
#include "client/aggregate.h"
#include "client/debounce.h"
#include "client/enqueue.h"
#include "client/enqueue_many.h"
#include "client/event.h"
#include "client/fork.h"
#include "client/inspect.h"
#include "client/manage.h"
#include "client/message.h"
#include "client/operation_types.h"
#include "client/prepare.h"
#include "client/query.h"
#include "client/queue_pause.h"
#include "client/queue_stats.h"
#include "client/queues.h"
#include "client/rename.h"
#include "client/result.h"
#include "client/retention.h"
#include "client/schedule_runs.h"
#include "client/schedules.h"
#include "client/schedules_apply.h"
#include "client/stream.h"
#include "client/system.h"
#include "client/transfer.h"
#include "client/versions.h"
#include "client/wait.h"

namespace dbosc::client {
namespace {

constexpr Operation kOperations[] = {
#define DBOSC_OPERATION(name, doc) \
  {#name, doc, run_operation<&name>, describe_operation<&name>, kJoinsTransactions<&name>},
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
