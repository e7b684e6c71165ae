#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace dbosc::model {

enum class CellType { kText, kInteger, kBoolean, kJsonText };

/// One column of an exported row; its key is the column's own name.
struct TransferColumn {
  std::string_view name;
  CellType type = CellType::kText;
  bool required = false;
  /// What an import writes for null where the column must not be; SQL. Empty: NULL.
  std::string_view when_null = {};
  /// The schema level that brings the column.
  std::int64_t since = 41;
};

/// A table whose rows belong to a workflow.
struct TransferTable {
  std::string_view name;   ///< Of the table, and its key in an export.
  std::string_view owner;  ///< Column that names the workflow.
  std::string_view order;
  std::span<const TransferColumn> columns;
};

// Tables, columns and names are those of Go's ExportWorkflow. Ours has more: `request`, and the
// table of messages. Left out as there: the tokens by which a creator knows its row, and when
// retention began; an import sets both anew.

inline constexpr TransferColumn kStatusTransfer[] = {
    {.name = "workflow_uuid", .required = true},
    {.name = "status", .required = true},
    {.name = "name"},
    {.name = "authenticated_user"},
    {.name = "assumed_role"},
    {.name = "authenticated_roles"},
    {.name = "request"},
    {.name = "output"},
    {.name = "error"},
    {.name = "executor_id"},
    {.name = "created_at", .type = CellType::kInteger, .when_null = "now_ms()"},
    {.name = "updated_at", .type = CellType::kInteger, .when_null = "now_ms()"},
    {.name = "application_version"},
    {.name = "application_id"},
    {.name = "class_name"},
    {.name = "config_name"},
    {.name = "recovery_attempts", .type = CellType::kInteger},
    {.name = "queue_name"},
    {.name = "workflow_timeout_ms", .type = CellType::kInteger},
    {.name = "workflow_deadline_epoch_ms", .type = CellType::kInteger},
    {.name = "started_at_epoch_ms", .type = CellType::kInteger},
    {.name = "deduplication_id"},
    {.name = "inputs"},
    {.name = "priority", .type = CellType::kInteger, .when_null = "0"},
    {.name = "queue_partition_key"},
    {.name = "forked_from"},
    {.name = "parent_workflow_id"},
    {.name = "delay_until_epoch_ms", .type = CellType::kInteger},
    {.name = "serialization"},
    {.name = "was_forked_from", .type = CellType::kBoolean, .when_null = "FALSE"},
    {.name = "rate_limited", .type = CellType::kBoolean, .when_null = "FALSE"},
    {.name = "completed_at", .type = CellType::kInteger},
    {.name = "attributes", .type = CellType::kJsonText},
    {.name = "schedule_name"},
    {.name = "debounce_deadline_epoch_ms", .type = CellType::kInteger, .since = 42},
    {.name = "is_debounced", .type = CellType::kBoolean, .when_null = "FALSE", .since = 42},
    {.name = "application_name", .since = 100},
};
inline constexpr TransferColumn kStepTransfer[] = {
    {.name = "workflow_uuid"},
    {.name = "function_id", .type = CellType::kInteger, .required = true},
    {.name = "function_name", .when_null = "''"},
    {.name = "output"},
    {.name = "error"},
    {.name = "child_workflow_id"},
    {.name = "started_at_epoch_ms", .type = CellType::kInteger},
    {.name = "completed_at_epoch_ms", .type = CellType::kInteger},
    {.name = "serialization"},
    {.name = "application_name", .since = 104},
};
inline constexpr TransferColumn kEventTransfer[] = {
    {.name = "workflow_uuid"},
    {.name = "key", .required = true},
    {.name = "value", .required = true},
    {.name = "serialization"},
};
inline constexpr TransferColumn kEventHistoryTransfer[] = {
    {.name = "workflow_uuid"},
    {.name = "function_id", .type = CellType::kInteger, .required = true},
    {.name = "key", .required = true},
    {.name = "value", .required = true},
    {.name = "serialization"},
};
inline constexpr TransferColumn kStreamTransfer[] = {
    {.name = "workflow_uuid"},
    {.name = "key", .required = true},
    {.name = "value", .required = true},
    {.name = "offset", .type = CellType::kInteger, .required = true},
    {.name = "function_id", .type = CellType::kInteger, .when_null = "0"},
    {.name = "serialization"},
};
inline constexpr TransferColumn kMessageTransfer[] = {
    {.name = "message_uuid", .required = true},
    {.name = "destination_uuid"},
    {.name = "topic"},
    {.name = "message", .required = true},
    {.name = "created_at_epoch_ms", .type = CellType::kInteger, .when_null = "now_ms()"},
    {.name = "serialization"},
    {.name = "consumed", .type = CellType::kBoolean, .when_null = "FALSE"},
    {.name = "consumed_by_function_id", .type = CellType::kInteger, .since = 121},
};

inline constexpr TransferTable kStatusTable{"workflow_status", "workflow_uuid", "1",
                                            kStatusTransfer};
/// What belongs to a workflow, the messages last.
inline constexpr TransferTable kTransferTables[] = {
    {"operation_outputs", "workflow_uuid", "function_id", kStepTransfer},
    {"workflow_events", "workflow_uuid", "key", kEventTransfer},
    {"workflow_events_history", "workflow_uuid", "function_id, key", kEventHistoryTransfer},
    {"streams", "workflow_uuid", "key, \"offset\"", kStreamTransfer},
    {"notifications", "destination_uuid", "created_at_epoch_ms, message_uuid", kMessageTransfer},
};

}  // namespace dbosc::model
