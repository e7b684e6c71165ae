#pragma once

#include <string>
#include <vector>

#include "client/call.h"
#include "client/look/workflow_filter.h"
#include "client/requests.h"

namespace dbosc::client {

/// Where and how a fork runs.
struct ForkTarget {
  std::optional<std::string> app_version;
  std::optional<std::string> queue_name;
  std::optional<std::string> queue_partition_key;
  std::optional<std::int64_t> workflow_timeout_ms;
};
struct ForkOptions : ForkTarget {
  std::string workflow_id;
  schema::NumberOrText start_step;  ///< A step, `last_failure`, `last_step`, or a step's name.
  std::optional<std::string> new_workflow_id;
  schema::JsonObject replacement_children;
};

struct ForkRequest : CallOptions, ForkOptions {};
struct ForkReply {
  std::string workflow_id;
  std::int64_t start_step = 0;
};
/// Either a list, or all that match a filter, each from the same point on.
struct ForkManyRequest : CallOptions, ForkTarget {
  std::optional<std::vector<ForkOptions>> forks;
  std::optional<WorkflowFilterKeys> filter;
  std::optional<schema::NumberOrText> start_step;
  bool dry_run = false;
};
struct ForkEntry {
  std::string forked_from;
  std::optional<std::string> workflow_id;
  std::optional<std::int64_t> start_step;
};
struct ForkManyReply {
  std::vector<ForkEntry> forks;
};

struct RewindRequest : CallOptions {
  std::string workflow_id;
  schema::NumberOrText start_step;  ///< A step, `last_failure`, `last_step`, or a step's name.
  std::optional<std::string> app_version;
  std::optional<std::string> queue_name;
  std::optional<std::string> queue_partition_key;
};

/// A new workflow that has done what the old one did before the start step.
ForkReply fork_workflow(Call& call, const ForkRequest& request);
/// All or none.
ForkManyReply fork_workflows(Call& call, const ForkManyRequest& request);
/// The same workflow again from a step on; only one that is over.
ForkReply rewind_workflow(Call& call, const RewindRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <class R>
constexpr auto fork_target_fields() {
  return std::tuple(
      field("app_version", &R::app_version, "Version that may run it. Default: the latest one.")
          .non_empty(),
      field("queue_name", &R::queue_name, "Its queue. Default: the internal queue.").non_empty(),
      field("queue_partition_key", &R::queue_partition_key, "Its partition; needs queue_name.")
          .non_empty(),
      field("workflow_timeout_ms", &R::workflow_timeout_ms,
            "It is cancelled so long after its dequeue.")
          .at_least(1));
}

template <class R>
constexpr auto fork_fields() {
  return std::tuple_cat(
      std::tuple(
          field("workflow_id", &R::workflow_id, "Workflow to fork.").required(),
          field("start_step", &R::start_step,
                "First step to run again: a function_id in the numbering of the workflow's own "
                "SDK, `last_failure`, `last_step`, or a step's name (the last of that name).")
              .required()
              .between(0, 2147483647),
          field("new_workflow_id", &R::new_workflow_id, "Id of the fork. Default: a new UUID.")
              .non_empty()),
      fork_target_fields<R>(),
      std::tuple(field("replacement_children", &R::replacement_children,
                       "Ids of children in the copied steps that another workflow takes the place "
                       "of: {\"old id\": \"new id\"}.")));
}

template <>
struct Schema<client::ForkOptions> {
  static constexpr auto fields = fork_fields<client::ForkOptions>();
};
template <>
struct Schema<client::ForkRequest> {
  using R = client::ForkRequest;
  static constexpr auto fields = std::tuple_cat(fork_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::ForkReply> {
  using R = client::ForkReply;
  static constexpr auto fields =
      std::tuple(field("workflow_id", &R::workflow_id, "Id of the workflow that will run."),
                 field("start_step", &R::start_step, "The step's function_id."));
};
template <>
struct Schema<client::ForkManyRequest> {
  using R = client::ForkManyRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("forks", &R::forks, "Forks, made all or none. Excludes filter."),
                 field("filter", &R::filter,
                       "Filters of list_workflows, at least one: all that match are forked, all or "
                       "none. Excludes forks."),
                 field("start_step", &R::start_step,
                       "With filter: first step to run again, as for fork_workflow. A workflow "
                       "that has no such step is left out.")
                     .between(0, 2147483647),
                 field("dry_run", &R::dry_run, "Only say what would be forked, and from where.")
                     .defaults_to("false")),
      fork_target_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::ForkEntry> {
  using R = client::ForkEntry;
  static constexpr auto fields = std::tuple(
      field("forked_from", &R::forked_from, "The workflow that was forked."),
      field("workflow_id", &R::workflow_id,
            "Id of its fork; null in a dry run, and where it was left out."),
      field("start_step", &R::start_step, "The step's function_id; null where it was left out."));
};
template <>
struct Schema<client::ForkManyReply> {
  using R = client::ForkManyReply;
  static constexpr auto fields = std::tuple(field(
      "forks", &R::forks, "One entry a workflow, in the order of `forks` or of their creation."));
};
template <>
struct Schema<client::RewindRequest> {
  using R = client::RewindRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("workflow_id", &R::workflow_id, "Workflow that is over.").required(),
          field("start_step", &R::start_step, "First step to run again, as for fork_workflow.")
              .required()
              .between(0, 2147483647),
          field("app_version", &R::app_version, "Version that may run it. Default: as before.")
              .non_empty(),
          field("queue_name", &R::queue_name, "Its queue. Default: the internal queue.")
              .non_empty(),
          field("queue_partition_key", &R::queue_partition_key, "Its partition; needs queue_name.")
              .non_empty()),
      call_fields<R>());
};

}  // namespace dbosc::schema
