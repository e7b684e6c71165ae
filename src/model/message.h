#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/column.h"

namespace dbosc::model {

/// Stored for a message without a topic.
inline constexpr std::string_view kNullTopic = "__null__topic__";

/// Table notifications, but for the message itself.
inline constexpr schema::Column kMessageColumns[] = {
    {"message_id", "message_uuid", schema::ColumnType::kText, "Id of the message."},
    {"topic", "topic", schema::ColumnType::kText, "Its topic; null where it has none."},
    {"created_at_ms", "created_at_epoch_ms", schema::ColumnType::kInstant, "When it was sent."},
    {"consumed", "consumed", schema::ColumnType::kBoolean, "Whether the workflow has received it."},
    {"consumed_by_function_id", "consumed_by_function_id", schema::ColumnType::kInteger,
     "Step that received it."},
    {"serialization", "serialization", schema::ColumnType::kText,
     "Format of the message; null: the sender's own."},
};
inline constexpr schema::Column kMessagePayloads[] = {
    {"message", "message", schema::ColumnType::kPayload, "What was sent."},
};

/// A row for table notifications, its identity fixed.
struct Message {
  std::string message_id;
  std::string destination_id;
  std::string topic;
  std::string message;  ///< Stored text, in `serialization`.
  std::optional<std::string> serialization;
};

}  // namespace dbosc::model
