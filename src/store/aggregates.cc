#include "store/aggregates.h"

#include "base/error.h"
#include "model/aggregate.h"
#include "sql/dialect.h"
#include "store/conditions.h"

namespace dbosc::store {
namespace {

void append(std::string& list, std::string_view item) {
  if (!list.empty()) list += ", ";
  list += item;
}

/// Groups and order go by position: a group's expression may hold a parameter, and Postgres takes
/// an expression written twice for two.
void run(sql::Session& session, std::string_view table, Conditions where,
         const Aggregation& aggregation, sql::OnRow on_row) {
  std::string columns, positions, order;
  int position = 0;
  const auto group = [&](std::string_view expression) {
    append(columns, expression);
    const auto number = std::to_string(++position);
    append(positions, number);
    append(order, number + " NULLS LAST");  // where the two databases differ by default
  };
  if (aggregation.bucket) {
    const std::string instant(aggregation.bucket->column);
    group(instant + " - " + instant + " % " + where.bind(aggregation.bucket_ms));
  }
  for (const auto& column : aggregation.groups) group(column.column);
  for (const auto& column : aggregation.values) append(columns, column.column);
  const auto sql = "SELECT " + columns + " FROM " + std::string(table) + where.sql() +
                   " GROUP BY " + positions + " ORDER BY " + order + where.page(aggregation.limit);
  session.query(sql, where.params(), on_row);
}

void require_groups(const Layout& layout, const Aggregation& aggregation) {
  for (const auto& column : aggregation.groups) {
    if (column.key == "application_name") {
      layout.require(kOwnership, "grouping by 'application_name'");
    }
  }
}

}  // namespace

std::vector<schema::Column> Aggregation::columns() const {
  std::vector<schema::Column> all;
  if (bucket) all.push_back(*bucket);
  all.insert(all.end(), groups.begin(), groups.end());
  all.insert(all.end(), values.begin(), values.end());
  return all;
}

void aggregate_workflows(sql::Session& session, const Layout& layout, const WorkflowFilter& filter,
                         const Aggregation& aggregation, sql::OnRow on_row) {
  require_groups(layout, aggregation);
  run(session, "dbos.workflow_status ws", conditions(session, layout, filter), aggregation, on_row);
}

void aggregate_steps(sql::Session& session, const Layout& layout, const StepFilter& filter,
                     const Aggregation& aggregation, sql::OnRow on_row) {
  Conditions where(session.dialect());
  where.any_of("oo.workflow_uuid", filter.workflow_ids);
  where.any_prefix("oo.workflow_uuid", filter.workflow_id_prefixes);
  where.any_of(model::kStepStatus, filter.statuses);
  where.any_of("oo.function_name", filter.function_names);
  where.bound("oo.completed_at_epoch_ms >= ", filter.completed_from);
  where.bound("oo.completed_at_epoch_ms <= ", filter.completed_until);
  if (layout.has("operation_outputs", "application_name")) {
    where.claimed_by("oo.application_name", filter.application_names);
  }
  run(session, "dbos.operation_outputs oo", std::move(where), aggregation, on_row);
}

}  // namespace dbosc::store
