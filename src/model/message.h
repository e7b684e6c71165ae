#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dbosc::model {

/// Stored for a message without a topic.
inline constexpr std::string_view kNullTopic = "__null__topic__";

/// A row for table notifications, its identity fixed.
struct Message {
  std::string message_id;
  std::string destination_id;
  std::string topic;
  std::string message;  ///< Stored text, in `serialization`.
  std::optional<std::string> serialization;
};

}  // namespace dbosc::model
