#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/session.h"

namespace dbosc::store {

/// The latest value of an event.
struct Event {
  std::string workflow_id;
  std::string key;
  std::string value;
  std::optional<std::string> serialization;
};

/// Channel on which a new event is announced, with the payload `workflow::key`.
inline constexpr std::string_view kEventsChannel = "dbos_workflow_events_channel";
/// What a notification about an event or a stream says.
std::string announcement(std::string_view workflow_id, std::string_view key);

std::optional<Event> read_event(sql::Session& session, std::string_view workflow_id,
                                std::string_view key);

/// Where an event stands.
struct EventPlace {
  std::string workflow_id;
  std::string key;
};
/// Those events that exist at the places, in one statement.
std::vector<Event> read_events(sql::Session& session, const std::vector<EventPlace>& places);

/// All events of a workflow by key. Each row: key, value, serialization.
void list_events(sql::Session& session, std::string_view workflow_id, sql::OnRow on_row);

}  // namespace dbosc::store
