#pragma once

#include <string>

#include "client/call.h"
#include "client/look/workflow_filter.h"
#include "client/requests.h"
#include "model/step.h"
#include "model/workflow.h"

namespace dbosc::client {

/// A reply that the operation writes itself, row by row, into the buffer that the caller gets.
/// `Reply` describes it.
template <class Reply>
struct ReplyTo {
  JsonWriter& json;
};

struct GetWorkflowRequest : CallOptions {
  std::string workflow_id;
  bool load_input = true;
  bool load_output = true;
};
struct GetWorkflowReply {
  schema::OneRow<model::kWorkflowColumns, model::kWorkflowPayloads> workflow;
};

struct ListWorkflowsRequest : CallOptions, WorkflowFilterKeys {
  std::int64_t limit = 0;
  std::int64_t offset = 0;
  std::optional<std::string> cursor;
  bool sort_desc = false;
  bool load_input = true;
  bool load_output = true;
};
struct ListWorkflowsReply {
  schema::Rows<model::kWorkflowColumns, model::kWorkflowPayloads> workflows;
  std::optional<std::string> next_cursor;
};

struct CountWorkflowsRequest : CallOptions, WorkflowFilterKeys {};
struct CountWorkflowsReply {
  std::int64_t count = 0;
};

struct ListStepsRequest : CallOptions {
  std::string workflow_id;
  bool load_output = true;
  std::int64_t limit = 0;
  std::int64_t offset = 0;
};
struct ListStepsReply {
  schema::Rows<model::kStepColumns, model::kStepPayloads> steps;
};

/// The workflow, or null where there is none.
void get_workflow(Call& call, const GetWorkflowRequest& request, ReplyTo<GetWorkflowReply> reply);
void list_workflows(Call& call, const ListWorkflowsRequest& request,
                    ReplyTo<ListWorkflowsReply> reply);
/// list_workflows with `queues_only`.
void list_queued_workflows(Call& call, const ListWorkflowsRequest& request,
                           ReplyTo<ListWorkflowsReply> reply);
CountWorkflowsReply count_workflows(Call& call, const CountWorkflowsRequest& request);
void list_workflow_steps(Call& call, const ListStepsRequest& request,
                         ReplyTo<ListStepsReply> reply);

}  // namespace dbosc::client

namespace dbosc::schema {

template <class R>
constexpr auto load_fields() {
  return std::tuple(
      field("load_input", &R::load_input, "Whether `input` is read.").defaults_to("true"),
      field("load_output", &R::load_output, "Whether `output` and `error` are read.")
          .defaults_to("true"));
}

template <class R>
constexpr auto page_fields() {
  return std::tuple(
      field("limit", &R::limit, "Most rows; 0: all.").between(0, 1000000000).defaults_to("0"),
      field("offset", &R::offset, "Rows to skip.").between(0, 1000000000).defaults_to("0"));
}

template <>
struct Schema<client::GetWorkflowRequest> {
  using R = client::GetWorkflowRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("workflow_id", &R::workflow_id, "Workflow to look up.").required()),
      load_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::GetWorkflowReply> {
  using R = client::GetWorkflowReply;
  static constexpr auto fields =
      std::tuple(field("workflow", &R::workflow, "The workflow, or null."));
};

template <>
struct Schema<client::ListWorkflowsRequest> {
  using R = client::ListWorkflowsRequest;
  static constexpr auto fields = std::tuple_cat(
      filter_fields<R>(), page_fields<R>(),
      std::tuple(
          field("cursor", &R::cursor,
                "`next_cursor` of the page before; goes on after it whatever has been added since. "
                "Excludes offset.")
              .non_empty(),
          field("sort_desc", &R::sort_desc, "Newest first.").defaults_to("false")),
      load_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::ListWorkflowsReply> {
  using R = client::ListWorkflowsReply;
  static constexpr auto fields =
      std::tuple(field("workflows", &R::workflows, "In the order of their creation."),
                 field("next_cursor", &R::next_cursor,
                       "Cursor of the next page; null where this one did not fill its limit."));
};

template <>
struct Schema<client::CountWorkflowsRequest> {
  using R = client::CountWorkflowsRequest;
  static constexpr auto fields = std::tuple_cat(filter_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::CountWorkflowsReply> {
  using R = client::CountWorkflowsReply;
  static constexpr auto fields = std::tuple(field("count", &R::count, "How many match."));
};

template <>
struct Schema<client::ListStepsRequest> {
  using R = client::ListStepsRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("workflow_id", &R::workflow_id, "Workflow whose steps to list.").required(),
                 field("load_output", &R::load_output, "Whether `output` and `error` are read.")
                     .defaults_to("true")),
      page_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::ListStepsReply> {
  using R = client::ListStepsReply;
  static constexpr auto fields =
      std::tuple(field("steps", &R::steps, "Recorded steps; none for an unknown workflow."));
};

}  // namespace dbosc::schema
