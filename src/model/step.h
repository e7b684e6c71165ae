#pragma once

#include <iterator>

#include "schema/column.h"

namespace dbosc::model {

using schema::Column;
using schema::ColumnType;

/// Table operation_outputs, but for its two payloads.
inline constexpr Column kStepColumns[] = {
    {"function_id", "function_id", ColumnType::kInteger,
     "Number of the step; Python counts from 1, the other SDKs from 0."},
    {"function_name", "function_name", ColumnType::kText,
     "Name of the step; DBOS's own are like DBOS.sleep."},
    {"child_workflow_id", "child_workflow_id", ColumnType::kText,
     "Workflow that the step started."},
    {"started_at_ms", "started_at_epoch_ms", ColumnType::kInstant, "When the step began."},
    {"completed_at_ms", "completed_at_epoch_ms", ColumnType::kInstant, "When it ended."},
    {"serialization", "serialization", ColumnType::kText,
     "Format of its payloads; null: the application's own."},
};
/// Its payloads, in the order in which a listing selects them after the columns.
inline constexpr Column kStepPayloads[] = {
    {"output", "output", ColumnType::kPayload, "What it returned; only with load_output."},
    {"error", "error", ColumnType::kPayload,
     "Why it failed, {\"name\", \"message\", \"code\", \"data\", \"serialization\"}; only with "
     "load_output."},
};
inline constexpr int kStepColumnCount = static_cast<int>(std::size(kStepColumns));

}  // namespace dbosc::model
