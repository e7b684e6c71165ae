#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

#include "schema/column.h"

namespace dbosc::model {

using schema::Column;
using schema::ColumnType;

/// Table workflow_status, but for the payloads, whose place depends on the schema level.
inline constexpr Column kWorkflowColumns[] = {
    {"workflow_id", "workflow_uuid", ColumnType::kText, "Id of the workflow."},
    {"status", "status", ColumnType::kText,
     "ENQUEUED, DELAYED, PENDING, SUCCESS, ERROR, CANCELLED or MAX_RECOVERY_ATTEMPTS_EXCEEDED."},
    {"name", "name", ColumnType::kText, "Registered name of the workflow function."},
    {"class_name", "class_name", ColumnType::kText, "Class of a workflow method."},
    {"config_name", "config_name", ColumnType::kText, "Configured instance of that class."},
    {"queue_name", "queue_name", ColumnType::kText, "Queue; null once cancelled."},
    {"priority", "priority", ColumnType::kInteger, "Lower runs first; 0 when none was given."},
    {"deduplication_id", "deduplication_id", ColumnType::kText,
     "Key held in its queue until the workflow is over."},
    {"queue_partition_key", "queue_partition_key", ColumnType::kText,
     "Partition of a partitioned queue."},
    {"app_version", "application_version", ColumnType::kText,
     "Application version that may run it, or ran it."},
    {"application_name", "application_name", ColumnType::kText,
     "Owning application; null while unclaimed."},
    {"app_id", "application_id", ColumnType::kText, "Id of the application, where one is used."},
    {"executor_id", "executor_id", ColumnType::kText, "Process that runs it, or ran it."},
    {"authenticated_user", "authenticated_user", ColumnType::kText,
     "User on whose behalf it runs."},
    {"assumed_role", "assumed_role", ColumnType::kText, "Role it runs under."},
    {"authenticated_roles", "authenticated_roles", ColumnType::kJson, "Roles of that user."},
    {"created_at_ms", "created_at", ColumnType::kInstant, "When the row was made."},
    {"updated_at_ms", "updated_at", ColumnType::kInstant, "When it was last changed."},
    {"dequeued_at_ms", "started_at_epoch_ms", ColumnType::kInstant, "When a worker took it."},
    {"completed_at_ms", "completed_at", ColumnType::kInstant, "When it ended."},
    {"delay_until_ms", "delay_until_epoch_ms", ColumnType::kInstant,
     "Until when a DELAYED workflow stays so."},
    {"workflow_timeout_ms", "workflow_timeout_ms", ColumnType::kDuration,
     "Time it may run; counted from its dequeue."},
    {"deadline_at_ms", "workflow_deadline_epoch_ms", ColumnType::kInstant,
     "When it is cancelled; set at its dequeue unless given."},
    {"recovery_attempts", "recovery_attempts", ColumnType::kInteger,
     "How often its execution was begun."},
    {"forked_from", "forked_from", ColumnType::kText, "Workflow it was forked from."},
    {"was_forked_from", "was_forked_from", ColumnType::kBoolean, "Whether it has forks."},
    {"parent_workflow_id", "parent_workflow_id", ColumnType::kText, "Workflow that started it."},
    {"schedule_name", "schedule_name", ColumnType::kText, "Schedule that made it."},
    {"attributes", "attributes", ColumnType::kJson, "Its attributes, or null."},
    {"serialization", "serialization", ColumnType::kText,
     "Format of its payloads; null: the application's own."},
    {"is_debounced", "is_debounced", ColumnType::kBoolean, "Whether a debouncer made it."},
    {"debounce_deadline_at_ms", "debounce_deadline_epoch_ms", ColumnType::kInstant,
     "Until when a debouncer may put it off."},
    {"rate_limited", "rate_limited", ColumnType::kBoolean, "Whether it counts for a rate limit."},
    {"owner_xid", "owner_xid", ColumnType::kText, "Token of the execution that owns it."},
    {"request", "request", ColumnType::kText, "HTTP request that started it, in old releases."},
};
/// Its payloads, in the order in which a listing selects them after the columns.
inline constexpr Column kWorkflowPayloads[] = {
    {"input", "inputs", ColumnType::kPayload,
     "Its arguments, {\"args\": [...], \"kwargs\": {...}}; only with load_input."},
    {"output", "output", ColumnType::kPayload,
     "What it returned; null unless it succeeded; only with load_output."},
    {"error", "error", ColumnType::kPayload,
     "Why it failed, {\"name\", \"message\", \"code\", \"data\", \"serialization\"}; null unless "
     "it "
     "failed; only with load_output."},
};
inline constexpr int kWorkflowColumnCount = static_cast<int>(std::size(kWorkflowColumns));

/// Statuses that a workflow does not leave by itself.
inline constexpr std::string_view kFinishedStatuses[] = {"SUCCESS", "ERROR", "CANCELLED",
                                                         "MAX_RECOVERY_ATTEMPTS_EXCEEDED"};
inline constexpr bool is_finished(std::string_view status) {
  return std::find(std::begin(kFinishedStatuses), std::end(kFinishedStatuses), status) !=
         std::end(kFinishedStatuses);
}

/// The queue of resumed and forked workflows that are given none.
inline constexpr std::string_view kInternalQueue = "_dbos_internal_queue";

}  // namespace dbosc::model
