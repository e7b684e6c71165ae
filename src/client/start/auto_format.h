#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "client/call.h"
#include "client/start/new_workflow.h"
#include "client/talk/message.h"

/// The `serialization` `auto`: what the application that will run a workflow uses itself, told from
/// its rows; portable_json where they do not tell, or where this client cannot write it.
namespace dbosc::client {

inline constexpr std::string_view kAutoFormat = "auto";

/// How the arguments of a workflow are stored.
struct ArgumentsFormat {
  std::string serialization;
  store::PayloadColumns payload_columns = store::PayloadColumns::kStatus;
};

ArgumentsFormat arguments_format(Call& call, const EnqueueOptions& options);

/// Where the arguments of a workflow go that a schedule starts.
store::PayloadColumns payload_columns_for(const Call& call, sql::Session& session,
                                          const store::Layout& layout,
                                          const store::NewWorkflow& workflow);

/// What messages are stored in, one entry a message: as the workflows that they go to.
std::vector<std::string> message_formats(Call& call, std::span<const MessageOptions> messages);
/// Of a message to a workflow that the same call starts.
std::string message_format(const Call& call, const MessageContent& content,
                           const store::NewWorkflow& destination);

}  // namespace dbosc::client
