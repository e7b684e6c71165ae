#pragma once

#include <array>
#include <string>
#include <vector>

#include "client/call.h"
#include "client/look/workflow_filter.h"
#include "client/requests.h"

namespace dbosc::client {

enum class ChangeOutcome { kCancelled, kResumed, kDeleted, kMoved, kUnchanged, kNotFound };

struct WorkflowChange {
  std::string workflow_id;
  ChangeOutcome outcome = ChangeOutcome::kUnchanged;
};

/// Which workflows to change: by id, or all that match a filter.
struct WorkflowSelection : CallOptions {
  std::optional<std::vector<std::string>> workflow_ids;
  std::optional<WorkflowFilterKeys> filter;
  bool dry_run = false;
  std::int64_t batch_size = 1000;
};

struct CancelWorkflowsRequest : WorkflowSelection {
  bool cancel_children = false;
};
struct ResumeWorkflowsRequest : WorkflowSelection {
  std::optional<std::string> queue_name;
};
struct DeleteWorkflowsRequest : WorkflowSelection {
  bool delete_children = false;
};
struct MoveWorkflowsRequest : WorkflowSelection {
  std::string queue_name;
  std::optional<std::string> queue_partition_key;
};
struct ChangeReply {
  std::vector<WorkflowChange> outcomes;
};

/// Unfinished workflows stop at their next step; finished ones stay as they are.
ChangeReply cancel_workflows(Call& call, const CancelWorkflowsRequest& request);
/// Workflows that are not over go on from their last step, on their next worker.
ChangeReply resume_workflows(Call& call, const ResumeWorkflowsRequest& request);
/// Gone with all that belongs to them, whatever their status.
ChangeReply delete_workflows(Call& call, const DeleteWorkflowsRequest& request);
/// Workflows that wait move to another queue.
ChangeReply move_workflows(Call& call, const MoveWorkflowsRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::ChangeOutcome> {
  static constexpr std::array<std::string_view, 6> texts = {"cancelled", "resumed",   "deleted",
                                                            "moved",     "unchanged", "not_found"};
};

template <class R>
constexpr auto selection_fields() {
  return std::tuple(
      field("workflow_ids", &R::workflow_ids, "Workflows to change. Excludes filter."),
      field("filter", &R::filter,
            "Filters of list_workflows, at least one. Excludes workflow_ids."),
      field("dry_run", &R::dry_run, "Only say what would happen.").defaults_to("false"),
      field("batch_size", &R::batch_size, "Workflows changed in one transaction.")
          .between(1, 100000)
          .defaults_to("1000"));
}

template <>
struct Schema<client::WorkflowChange> {
  using R = client::WorkflowChange;
  static constexpr auto fields = std::tuple(field("workflow_id", &R::workflow_id, "The workflow."),
                                            field("outcome", &R::outcome, "What became of it."));
};
template <>
struct Schema<client::ChangeReply> {
  using R = client::ChangeReply;
  static constexpr auto fields =
      std::tuple(field("outcomes", &R::outcomes, "One entry a workflow, each once."));
};
template <>
struct Schema<client::CancelWorkflowsRequest> {
  using R = client::CancelWorkflowsRequest;
  static constexpr auto fields =
      std::tuple_cat(selection_fields<R>(),
                     std::tuple(field("cancel_children", &R::cancel_children,
                                      "Also all that they started, and so on.")
                                    .defaults_to("false")),
                     call_fields<R>());
};
template <>
struct Schema<client::ResumeWorkflowsRequest> {
  using R = client::ResumeWorkflowsRequest;
  static constexpr auto fields = std::tuple_cat(
      selection_fields<R>(),
      std::tuple(field("queue_name", &R::queue_name,
                       "Queue to put them on. Default: the internal queue, which has no limits.")
                     .non_empty()),
      call_fields<R>());
};

template <>
struct Schema<client::DeleteWorkflowsRequest> {
  using R = client::DeleteWorkflowsRequest;
  static constexpr auto fields =
      std::tuple_cat(selection_fields<R>(),
                     std::tuple(field("delete_children", &R::delete_children,
                                      "Also all that they started, and so on.")
                                    .defaults_to("false")),
                     call_fields<R>());
};
template <>
struct Schema<client::MoveWorkflowsRequest> {
  using R = client::MoveWorkflowsRequest;
  static constexpr auto fields = std::tuple_cat(
      selection_fields<R>(),
      std::tuple(field("queue_name", &R::queue_name, "Queue to move them to.").required(),
                 field("queue_partition_key", &R::queue_partition_key,
                       "Their partition there. Default: none.")
                     .non_empty()),
      call_fields<R>());
};

}  // namespace dbosc::schema
