#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/column.h"
#include "sql/session.h"
#include "store/layout.h"
#include "store/workflow_filter.h"

namespace dbosc::store {

/// How rows are put together. At least one group or a bucket.
struct Aggregation {
  std::vector<schema::Column> groups;  ///< Columns of model::kWorkflowGroups or kStepGroups.
  std::vector<schema::Column> values;
  /// The instant that is cut into buckets of `bucket_ms`.
  std::optional<schema::Column> bucket;
  std::int64_t bucket_ms = 0;
  std::int64_t limit = 0;  ///< 0: none.

  /// What each row holds: the bucket, the groups, the values.
  std::vector<schema::Column> columns() const;
};

struct StepFilter {
  std::vector<std::string> workflow_ids, workflow_id_prefixes, statuses, function_names;
  /// Steps of these applications and unclaimed ones. Empty: all.
  std::vector<std::string> application_names;
  std::optional<std::int64_t> completed_from, completed_until;
};

// In the order of bucket and groups. Throws Error(kUnsupported, "schema_too_old") for a group that
// this level does not have.
void aggregate_workflows(sql::Session& session, const Layout& layout, const WorkflowFilter& filter,
                         const Aggregation& aggregation, sql::OnRow on_row);
void aggregate_steps(sql::Session& session, const Layout& layout, const StepFilter& filter,
                     const Aggregation& aggregation, sql::OnRow on_row);

}  // namespace dbosc::store
