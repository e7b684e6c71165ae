#pragma once

#include <span>
#include <string>
#include <vector>

#include "client/call.h"
#include "client/requests.h"
#include "model/message.h"

namespace dbosc::client {

/// What a message says, wherever it goes.
struct MessageContent {
  schema::Payload message;
  std::optional<std::string> topic;
  std::optional<std::string> idempotency_key;
  std::optional<std::string> serialization;
};

/// One message, alone or in a batch.
struct MessageOptions : MessageContent {
  std::string destination_id;
  bool send_to_forks = false;
};

struct SendRequest : CallOptions, MessageOptions {};

struct SendReply {
  std::string message_id;
  std::vector<std::string> recipients;
};

struct SendManyRequest : CallOptions {
  std::vector<MessageOptions> messages;
};

struct SendManyReply {
  std::vector<SendReply> sent;
};

/// The key as it is stored for a destination, or a new id.
std::string new_message_id(const std::optional<std::string>& idempotency_key,
                           const std::string& destination_id);
/// Two messages of one call with one id: the second would be dropped without a word.
void refuse_repeated_ids(std::span<const std::string> message_ids);
/// A message without its id and destination.
model::Message new_message(const Call& call, const MessageContent& content,
                           const std::string& serialization);

SendReply send(Call& call, const SendRequest& request);
/// All or none.
SendManyReply send_many(Call& call, const SendManyRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <class R>
constexpr auto message_content_fields() {
  return std::tuple(
      field("message", &R::message, "Any value.").required(),
      field("topic", &R::topic,
            "The receiver's queue of messages to join. Default: the one without a name."),
      field("idempotency_key", &R::idempotency_key,
            "A second message to the same destination with this key is dropped.")
          .non_empty(),
      field("serialization", &R::serialization,
            "Format of the message; auto: that of the workflow which receives it. Default: the "
            "client's.")
          .non_empty());
}

template <class R>
constexpr auto message_fields() {
  return std::tuple_cat(
      std::tuple(
          field("destination_id", &R::destination_id, "Workflow that receives it; it must exist.")
              .required()),
      message_content_fields<R>(),
      std::tuple(field("send_to_forks", &R::send_to_forks,
                       "Also to every workflow forked from the destination, and from those.")
                     .defaults_to("false")));
}

template <>
struct Schema<client::MessageContent> {
  static constexpr auto fields = message_content_fields<client::MessageContent>();
};

template <>
struct Schema<client::MessageOptions> {
  static constexpr auto fields = message_fields<client::MessageOptions>();
};

template <>
struct Schema<client::SendRequest> {
  using R = client::SendRequest;
  static constexpr auto fields = std::tuple_cat(message_fields<R>(), call_fields<R>());
};

template <>
struct Schema<client::SendReply> {
  using R = client::SendReply;
  static constexpr auto fields = std::tuple(
      field("message_id", &R::message_id, "Id of the destination's message."),
      field("recipients", &R::recipients, "Destination, then its forks where asked for."));
};

template <>
struct Schema<client::SendManyRequest> {
  using R = client::SendManyRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("messages", &R::messages, "Messages, sent all or none.").required()),
      call_fields<R>());
};

template <>
struct Schema<client::SendManyReply> {
  using R = client::SendManyReply;
  static constexpr auto fields =
      std::tuple(field("sent", &R::sent, "One entry a message, in their order."));
};

}  // namespace dbosc::schema
