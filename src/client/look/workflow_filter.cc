#include "client/look/workflow_filter.h"

namespace dbosc::client {

std::optional<std::int64_t> ms(const std::optional<schema::Instant>& instant) {
  if (!instant) return std::nullopt;
  return instant->ms;
}

std::vector<std::string> application_scope(const schema::OneOrMany& asked,
                                           const schema::OneOrMany& workflow_ids,
                                           const Config& config) {
  // An id names one workflow in the whole database, so ids need no application.
  const bool own = !asked.given && workflow_ids.empty() && config.application_name;
  return own ? std::vector{*config.application_name} : asked.values;
}

std::vector<std::string> scope_of_changes(const schema::OneOrMany& asked,
                                          const schema::OneOrMany& workflow_ids,
                                          const Config& config) {
  return application_scope({asked.values, !asked.empty()}, workflow_ids, config);
}

store::WorkflowFilter to_store(const WorkflowFilterKeys& keys, const Config& config) {
  store::WorkflowFilter filter;
  filter.workflow_ids = keys.workflow_ids.values;
  filter.workflow_id_prefixes = keys.workflow_id_prefix.values;
  filter.statuses = keys.status.values;
  filter.names = keys.name.values;
  filter.class_names = keys.class_name.values;
  filter.config_names = keys.config_name.values;
  filter.app_versions = keys.app_version.values;
  filter.users = keys.user.values;
  filter.queue_names = keys.queue_name.values;
  filter.executor_ids = keys.executor_id.values;
  filter.schedule_names = keys.schedule_name.values;
  filter.forked_from = keys.forked_from.values;
  filter.parent_workflow_ids = keys.parent_workflow_id.values;
  filter.deduplication_ids = keys.deduplication_id.values;
  filter.application_names = application_scope(keys.application_name, keys.workflow_ids, config);
  filter.created_from = ms(keys.start_time);
  filter.created_until = ms(keys.end_time);
  filter.completed_from = ms(keys.completed_after);
  filter.completed_until = ms(keys.completed_before);
  filter.dequeued_from = ms(keys.dequeued_after);
  filter.dequeued_until = ms(keys.dequeued_before);
  filter.was_forked_from = keys.was_forked_from;
  filter.is_fork = keys.is_fork;
  filter.has_parent = keys.has_parent;
  filter.is_debounced = keys.is_debounced;
  filter.queued_only = keys.queues_only;
  const auto& attributes = keys.attributes.value;
  if (attributes && attributes.size() > 0) filter.attributes = std::string(attributes.raw());
  return filter;
}

}  // namespace dbosc::client
