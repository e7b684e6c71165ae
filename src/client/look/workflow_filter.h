#pragma once

#include <string>
#include <tuple>

#include "client/config.h"
#include "schema/field.h"
#include "store/workflow_filter.h"

namespace dbosc::client {

/// The filters of every operation that selects workflows. Each takes one value or a list.
struct WorkflowFilterKeys {
  schema::OneOrMany workflow_ids, workflow_id_prefix, status, name, class_name, config_name,
      app_version, user, queue_name, executor_id, schedule_name, forked_from, parent_workflow_id,
      deduplication_id, application_name;
  std::optional<schema::Instant> start_time, end_time, completed_after, completed_before,
      dequeued_after, dequeued_before;
  std::optional<bool> was_forked_from, is_fork, has_parent, is_debounced;
  bool queues_only = false;
  schema::JsonObject attributes;
};

std::optional<std::int64_t> ms(const std::optional<schema::Instant>& instant);

/// The applications whose rows a request means: those it asks for, else the client's own, but all
/// (none named) where it gives ids or asks for an empty list, as in the SDKs.
std::vector<std::string> application_scope(const schema::OneOrMany& asked,
                                           const schema::OneOrMany& workflow_ids,
                                           const Config& config);
/// The same for what is changed: there an empty list, which may be a mistake, asks for nothing.
std::vector<std::string> scope_of_changes(const schema::OneOrMany& asked,
                                          const schema::OneOrMany& workflow_ids,
                                          const Config& config);

/// The store's filter; without ids or an application of its own it is limited to the client's.
store::WorkflowFilter to_store(const WorkflowFilterKeys& keys, const Config& config);

}  // namespace dbosc::client

namespace dbosc::schema {

template <class R>
constexpr auto filter_fields() {
  return std::tuple(
      field("workflow_ids", &R::workflow_ids, "These ids, whatever their application.")
          .alias("workflow_id"),
      field("workflow_id_prefix", &R::workflow_id_prefix, "Ids that begin so."),
      field("status", &R::status, "Statuses."),
      field("name", &R::name, "Workflow names.").alias("workflow_name"),
      field("class_name", &R::class_name, "Class names."),
      field("config_name", &R::config_name, "Configured instances.").alias("instance_name"),
      field("app_version", &R::app_version, "Application versions."),
      field("user", &R::user, "Authenticated users.").alias("authenticated_user"),
      field("queue_name", &R::queue_name, "Queues."),
      field("executor_id", &R::executor_id, "Executors."),
      field("schedule_name", &R::schedule_name, "Schedules that made them."),
      field("forked_from", &R::forked_from, "Workflows they were forked from."),
      field("parent_workflow_id", &R::parent_workflow_id, "Workflows that started them."),
      field("deduplication_id", &R::deduplication_id, "Deduplication ids they hold."),
      field("application_name", &R::application_name,
            "Rows of these applications and unclaimed ones. Default: the client's; without one, "
            "all. An empty list is all for what only reads, the default for what changes."),
      field("start_time", &R::start_time, "Created then or later."),
      field("end_time", &R::end_time, "Created then or earlier."),
      field("completed_after", &R::completed_after, "Ended then or later."),
      field("completed_before", &R::completed_before, "Ended then or earlier."),
      field("dequeued_after", &R::dequeued_after, "Taken by a worker then or later."),
      field("dequeued_before", &R::dequeued_before, "Taken by a worker then or earlier."),
      field("was_forked_from", &R::was_forked_from, "Whether it has forks."),
      field("is_fork", &R::is_fork, "Whether it is a fork."),
      field("has_parent", &R::has_parent, "Whether a workflow started it."),
      field("is_debounced", &R::is_debounced, "Whether a debouncer made it."),
      field("queues_only", &R::queues_only,
            "Only those on a queue, and unfinished unless a status is asked for.")
          .defaults_to("false"),
      field("attributes", &R::attributes, "Object that its attributes contain. Postgres only."));
}

template <>
struct Schema<client::WorkflowFilterKeys> {
  static constexpr auto fields = filter_fields<client::WorkflowFilterKeys>();
};

}  // namespace dbosc::schema
