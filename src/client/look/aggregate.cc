#include "client/look/aggregate.h"

#include <algorithm>

#include "client/look/rows.h"
#include "store/aggregates.h"

namespace dbosc::client {
namespace {

template <class Enum>
std::vector<schema::Column> chosen(std::string_view key, const std::vector<Enum>& keys,
                                   std::span<const schema::Column> columns) {
  std::vector<schema::Column> list;
  for (const auto chosen : keys) {
    const auto& column = columns[static_cast<std::size_t>(chosen)];
    const auto same = [&](const schema::Column& other) { return other.key == column.key; };
    if (std::any_of(list.begin(), list.end(), same)) {
      throw invalid_argument(
          "repeated_value", key,
          '\'' + std::string(key) + "' names '" + std::string(column.key) + "' twice");
    }
    list.push_back(column);
  }
  return list;
}

/// `groups`: all that there are, the bucketed instant at the end; the first of `values` is the
/// default.
template <class Group, class Aggregate>
store::Aggregation to_store(const AggregationKeys<Group, Aggregate>& keys,
                            std::span<const schema::Column> groups,
                            std::span<const schema::Column> values) {
  if (keys.group_by.empty() && !keys.time_bucket_ms) {
    throw invalid_argument("missing_key", "group_by",
                           "'group_by' must name at least one group, unless 'time_bucket_ms' is "
                           "given");
  }
  store::Aggregation aggregation;
  aggregation.groups = chosen("group_by", keys.group_by, groups);
  aggregation.values = chosen("select", keys.select, values);
  if (aggregation.values.empty()) aggregation.values = {values.front()};
  if (keys.time_bucket_ms) {
    aggregation.bucket = groups.back();
    aggregation.bucket_ms = *keys.time_bucket_ms;
  }
  aggregation.limit = keys.limit;
  return aggregation;
}

template <class Query>
void write_rows(Call& call, const store::Aggregation& aggregation, JsonWriter& out, Query&& query) {
  const auto columns = aggregation.columns();
  const auto before = out.view().size();
  call.read_capped([&](sql::Session& session, const store::Layout& layout) {
    out.truncate(before);
    out.begin_object().key("rows").begin_array();
    query(session, layout, [&](const sql::Row& row) {
      out.begin_object();
      write_columns(out, columns, row);
      out.end_object();
    });
    out.end_array().end_object();
  });
}

store::StepFilter step_filter(const StepAggregatesRequest& request, const Config& config) {
  store::StepFilter filter{.workflow_ids = request.workflow_ids.values,
                           .workflow_id_prefixes = request.workflow_id_prefix.values,
                           .statuses = request.status.values,
                           .function_names = request.function_name.values,
                           .application_names = application_scope(request.application_name,
                                                                  request.workflow_ids, config),
                           .completed_from = ms(request.completed_after),
                           .completed_until = ms(request.completed_before)};
  return filter;
}

}  // namespace

void get_workflow_aggregates(Call& call, const WorkflowAggregatesRequest& request,
                             ReplyTo<WorkflowAggregatesReply> reply) {
  const auto aggregation = to_store(request, model::kWorkflowGroups, model::kWorkflowAggregates);
  const auto filter = to_store(request, call.config());
  write_rows(call, aggregation, reply.json,
             [&](sql::Session& session, const store::Layout& layout, sql::OnRow on_row) {
               store::aggregate_workflows(session, layout, filter, aggregation, on_row);
             });
}

void get_step_aggregates(Call& call, const StepAggregatesRequest& request,
                         ReplyTo<StepAggregatesReply> reply) {
  const auto aggregation = to_store(request, model::kStepGroups, model::kStepAggregates);
  const auto filter = step_filter(request, call.config());
  write_rows(call, aggregation, reply.json,
             [&](sql::Session& session, const store::Layout& layout, sql::OnRow on_row) {
               store::aggregate_steps(session, layout, filter, aggregation, on_row);
             });
}

}  // namespace dbosc::client
