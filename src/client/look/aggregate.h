#pragma once

#include <vector>

#include "client/look/query.h"
#include "model/aggregate.h"

namespace dbosc::client {

// Each value is the index of a column of model/aggregate.h.
enum class WorkflowGroup {};
enum class WorkflowAggregate {};
enum class StepGroup {};
enum class StepAggregate {};

template <class Group, class Aggregate>
struct AggregationKeys {
  std::vector<Group> group_by;
  std::vector<Aggregate> select;
  std::optional<std::int64_t> time_bucket_ms;
  std::int64_t limit = 0;
};

struct WorkflowAggregatesRequest : CallOptions,
                                   WorkflowFilterKeys,
                                   AggregationKeys<WorkflowGroup, WorkflowAggregate> {};
struct WorkflowAggregatesReply {
  schema::Rows<model::kWorkflowGroups, model::kWorkflowAggregates> rows;
};

struct StepAggregatesRequest : CallOptions, AggregationKeys<StepGroup, StepAggregate> {
  schema::OneOrMany workflow_ids, workflow_id_prefix, status, function_name, application_name;
  std::optional<schema::Instant> completed_after, completed_before;
};
struct StepAggregatesReply {
  schema::Rows<model::kStepGroups, model::kStepAggregates> rows;
};

// One row for each group that is not empty; it holds the keys that were asked for.
void get_workflow_aggregates(Call& call, const WorkflowAggregatesRequest& request,
                             ReplyTo<WorkflowAggregatesReply> reply);
void get_step_aggregates(Call& call, const StepAggregatesRequest& request,
                         ReplyTo<StepAggregatesReply> reply);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::WorkflowGroup> {
  static constexpr auto texts = model::keys_of<6>(model::kWorkflowGroups);
};
template <>
struct EnumTexts<client::WorkflowAggregate> {
  static constexpr auto texts = model::keys_of<4>(model::kWorkflowAggregates);
};
template <>
struct EnumTexts<client::StepGroup> {
  static constexpr auto texts = model::keys_of<2>(model::kStepGroups);
};
template <>
struct EnumTexts<client::StepAggregate> {
  static constexpr auto texts = model::keys_of<2>(model::kStepAggregates);
};

template <class R>
constexpr auto aggregation_fields() {
  return std::tuple(
      field("group_by", &R::group_by,
            "What makes a group; at least one, unless time_bucket_ms is given."),
      field("select", &R::select, "What is wanted of each group.").defaults_to("[\"count\"]"),
      field("time_bucket_ms", &R::time_bucket_ms,
            "Also group by spans of time of this length, counted from 1970-01-01.")
          .between(1, 253402300799999),
      field("limit", &R::limit, "Most rows; 0: all.").between(0, 1000000000).defaults_to("0"));
}

template <>
struct Schema<client::WorkflowAggregatesRequest> {
  using R = client::WorkflowAggregatesRequest;
  static constexpr auto fields =
      std::tuple_cat(aggregation_fields<R>(), filter_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::WorkflowAggregatesReply> {
  using R = client::WorkflowAggregatesReply;
  static constexpr auto fields =
      std::tuple(field("rows", &R::rows, "In the order of time_bucket_at_ms and group_by."));
};
template <>
struct Schema<client::StepAggregatesRequest> {
  using R = client::StepAggregatesRequest;
  static constexpr auto fields = std::tuple_cat(
      aggregation_fields<R>(),
      std::tuple(
          field("workflow_ids", &R::workflow_ids,
                "Steps of these workflows, whatever their "
                "application.")
              .alias("workflow_id"),
          field("workflow_id_prefix", &R::workflow_id_prefix,
                "Steps of workflows whose ids begin so."),
          field("status", &R::status, "SUCCESS or ERROR."),
          field("function_name", &R::function_name, "Names of steps."),
          field("application_name", &R::application_name,
                "Steps of these applications and unclaimed ones. Default: the client's; without "
                "one, or with an empty list, all. Without effect below schema level 104."),
          field("completed_after", &R::completed_after, "Ended then or later."),
          field("completed_before", &R::completed_before, "Ended then or earlier.")),
      call_fields<R>());
};
template <>
struct Schema<client::StepAggregatesReply> {
  using R = client::StepAggregatesReply;
  static constexpr auto fields =
      std::tuple(field("rows", &R::rows, "In the order of time_bucket_at_ms and group_by."));
};

}  // namespace dbosc::schema
