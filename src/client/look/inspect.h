#pragma once

#include <string>

#include "client/call.h"
#include "client/look/query.h"
#include "client/requests.h"
#include "model/message.h"

namespace dbosc::client {

/// What belongs to one workflow.
struct OfWorkflowRequest : CallOptions {
  std::string workflow_id;
};

struct ListedEvent {
  std::string key;
  schema::RawJson value;
  std::optional<std::string> serialization;
};
struct ListEventsReply {
  std::vector<ListedEvent> events;
};
struct ListMessagesReply {
  schema::Rows<model::kMessageColumns, model::kMessagePayloads> messages;
};
struct ListedStream {
  std::string key;
  std::vector<schema::RawJson> values;
  bool closed = false;
};
struct ListStreamsReply {
  std::vector<ListedStream> streams;
};

// None for a workflow that does not exist.
ListEventsReply list_events(Call& call, const OfWorkflowRequest& request);
void list_messages(Call& call, const OfWorkflowRequest& request, ReplyTo<ListMessagesReply> reply);
ListStreamsReply list_streams(Call& call, const OfWorkflowRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::OfWorkflowRequest> {
  using R = client::OfWorkflowRequest;
  static constexpr auto fields =
      std::tuple_cat(std::tuple(field("workflow_id", &R::workflow_id, "The workflow.").required()),
                     call_fields<R>());
};
template <>
struct Schema<client::ListedEvent> {
  using R = client::ListedEvent;
  static constexpr auto fields =
      std::tuple(field("key", &R::key, "Name of the event."),
                 field("value", &R::value, "Its latest value, a payload."),
                 field("serialization", &R::serialization,
                       "Format of the value; null: the application's own."));
};
template <>
struct Schema<client::ListEventsReply> {
  using R = client::ListEventsReply;
  static constexpr auto fields = std::tuple(field("events", &R::events, "Its events, by key."));
};
template <>
struct Schema<client::ListMessagesReply> {
  using R = client::ListMessagesReply;
  static constexpr auto fields =
      std::tuple(field("messages", &R::messages, "Its messages, in the order of their arrival."));
};
template <>
struct Schema<client::ListedStream> {
  using R = client::ListedStream;
  static constexpr auto fields =
      std::tuple(field("key", &R::key, "Name of the stream."),
                 field("values", &R::values, "What has been written, payloads."),
                 field("closed", &R::closed, "Whether its writer has closed it."));
};
template <>
struct Schema<client::ListStreamsReply> {
  using R = client::ListStreamsReply;
  static constexpr auto fields = std::tuple(field("streams", &R::streams, "Its streams, by key."));
};

}  // namespace dbosc::schema
