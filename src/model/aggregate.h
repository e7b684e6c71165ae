#pragma once

#include <array>
#include <iterator>

#include "schema/column.h"

namespace dbosc::model {

using schema::Column;
using schema::ColumnType;

/// What rows can be grouped by, and the start of their time bucket at the end. `column` is an SQL
/// expression here.
inline constexpr Column kWorkflowGroups[] = {
    {"status", "ws.status", ColumnType::kText, "Status; only if grouped by it."},
    {"name", "ws.name", ColumnType::kText, "Workflow name; only if grouped by it."},
    {"queue_name", "ws.queue_name", ColumnType::kText, "Queue; only if grouped by it."},
    {"executor_id", "ws.executor_id", ColumnType::kText, "Executor; only if grouped by it."},
    {"app_version", "ws.application_version", ColumnType::kText,
     "Application version; only if grouped by it."},
    {"application_name", "ws.application_name", ColumnType::kText,
     "Owning application, null while unclaimed; only if grouped by it."},
    {"time_bucket_at_ms", "ws.created_at", ColumnType::kInstant,
     "Start of the span of time in which they were created; only with time_bucket_ms."},
};
inline constexpr Column kWorkflowAggregates[] = {
    {"count", "count(*)", ColumnType::kInteger, "How many; only if selected."},
    {"min_created_at_ms", "min(ws.created_at)", ColumnType::kInstant,
     "When the oldest was made; only if selected."},
    {"max_queue_wait_ms", "max(ws.started_at_epoch_ms - ws.created_at)", ColumnType::kDuration,
     "Longest time from creation to the latest dequeue; null where none was dequeued; only if "
     "selected."},
    {"max_total_latency_ms", "max(ws.completed_at - ws.created_at)", ColumnType::kDuration,
     "Longest time from creation to the end; null where none has ended; only if selected."},
};

inline constexpr Column kStepGroups[] = {
    {"function_name", "oo.function_name", ColumnType::kText,
     "Name of the step; only if grouped by it."},
    // Go stores '' where there is no error.
    {"status", "CASE WHEN oo.error IS NULL OR oo.error = '' THEN 'SUCCESS' ELSE 'ERROR' END",
     ColumnType::kText, "SUCCESS or ERROR; only if grouped by it."},
    {"time_bucket_at_ms", "oo.completed_at_epoch_ms", ColumnType::kInstant,
     "Start of the span of time in which they ended, null for those that do not say when; only "
     "with time_bucket_ms."},
};
inline constexpr std::string_view kStepStatus = kStepGroups[1].column;
inline constexpr Column kStepAggregates[] = {
    {"count", "count(*)", ColumnType::kInteger, "How many; only if selected."},
    {"max_duration_ms", "max(oo.completed_at_epoch_ms - oo.started_at_epoch_ms)",
     ColumnType::kDuration,
     "Longest time from begin to end; null where none says both; only if selected."},
};

/// The keys of the first `kCount` columns.
template <std::size_t kCount, std::size_t kSize>
constexpr std::array<std::string_view, kCount> keys_of(const Column (&columns)[kSize]) {
  static_assert(kCount <= kSize);
  std::array<std::string_view, kCount> keys;
  for (std::size_t i = 0; i < kCount; ++i) keys[i] = columns[i].key;
  return keys;
}

}  // namespace dbosc::model
