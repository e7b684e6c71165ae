#include "client/manage/selection.h"

#include "store/workflow_filter.h"

namespace dbosc::client {
namespace {

bool selects_something(const WorkflowFilterKeys& keys, const store::WorkflowFilter& filter) {
  const auto given = [](const auto&... list) { return (!list.empty() || ...); };
  const auto set = [](const auto&... value) { return (value.has_value() || ...); };
  return given(keys.workflow_ids, keys.workflow_id_prefix, keys.status, keys.name, keys.class_name,
               keys.config_name, keys.app_version, keys.user, keys.queue_name, keys.executor_id,
               keys.schedule_name, keys.forked_from, keys.parent_workflow_id, keys.deduplication_id,
               keys.application_name) ||
         set(keys.start_time, keys.end_time, keys.completed_after, keys.completed_before,
             keys.dequeued_after, keys.dequeued_before, keys.was_forked_from, keys.is_fork,
             keys.has_parent, keys.is_debounced, filter.attributes) ||
         keys.queues_only;
}

}  // namespace

std::vector<std::string> find_selected(Call& call, const WorkflowFilterKeys& keys) {
  auto filter = to_store(keys, call.config());
  filter.application_names =
      scope_of_changes(keys.application_name, keys.workflow_ids, call.config());
  if (!selects_something(keys, filter)) {
    throw invalid_argument("missing_key", "filter",
                           "'filter' must hold a condition: an empty one means every workflow");
  }
  return call.read_capped([&](sql::Session& session, const store::Layout& layout) {
    return store::find_workflow_ids(session, layout, filter);
  });
}

}  // namespace dbosc::client
