#pragma once

#include <array>
#include <string>
#include <vector>

#include "client/start/new_workflow.h"
#include "client/talk/message.h"

namespace dbosc::client {

struct EnqueueManyRequest : CallOptions {
  std::vector<EnqueueOptions> workflows;
  bool atomic = true;
};

enum class EntryResult { kCreated, kExisting, kDeduplicated, kRejected };

struct EntryOutcome {
  EntryResult outcome = EntryResult::kCreated;
  std::string workflow_id;
  schema::RawJson error;
};

struct EnqueueManyReply {
  std::vector<EntryOutcome> outcomes;
};

/// Starts many workflows; a collision of one leaves the others alone.
EnqueueManyReply enqueue_many(Call& call, const EnqueueManyRequest& request);

struct EnqueueAndSendRequest : CallOptions, EnqueueOptions {
  std::vector<MessageContent> messages;
};

struct EnqueueAndSendReply {
  std::string workflow_id;
  EnqueueResult outcome = EnqueueResult::kCreated;
  std::vector<std::string> message_ids;
};

/// Starts a workflow and sends it messages, all or none. One that is there already gets them too.
EnqueueAndSendReply enqueue_and_send(Call& call, const EnqueueAndSendRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::EntryResult> {
  static constexpr std::array<std::string_view, 4> texts = {"created", "existing", "deduplicated",
                                                            "rejected"};
};

template <>
struct Schema<client::EnqueueManyRequest> {
  using R = client::EnqueueManyRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("workflows", &R::workflows,
                       "Workflows to start, each with the keys of enqueue. Wrong input in one "
                       "refuses the call before anything is written.")
                     .given(),
                 field("atomic", &R::atomic,
                       "One transaction for all; else one for every 1000 or about a megabyte, and "
                       "a failure tells in its `outcomes` what earlier ones did. A collision is an "
                       "outcome, not a failure, in both.")
                     .defaults_to("true")),
      call_fields<R>());
};

template <>
struct Schema<client::EntryOutcome> {
  using R = client::EntryOutcome;
  static constexpr auto fields = std::tuple(
      field("outcome", &R::outcome,
            "Made by this call, found, refused for its deduplication id, or for its id."),
      field("workflow_id", &R::workflow_id,
            "Id of the workflow; of the one that holds the deduplication id where that is held."),
      field("error", &R::error, "Why it was refused, as an error's JSON; null otherwise."));
};

template <>
struct Schema<client::EnqueueManyReply> {
  using R = client::EnqueueManyReply;
  static constexpr auto fields =
      std::tuple(field("outcomes", &R::outcomes, "One entry a workflow, in their order."));
};

template <>
struct Schema<client::EnqueueAndSendRequest> {
  using R = client::EnqueueAndSendRequest;
  static constexpr auto fields = std::tuple_cat(
      enqueue_fields<R>(),
      std::tuple(
          field("messages", &R::messages, "Messages to the workflow, in their order.").required()),
      call_fields<R>());
};

template <>
struct Schema<client::EnqueueAndSendReply> {
  using R = client::EnqueueAndSendReply;
  static constexpr auto fields =
      std::tuple(field("workflow_id", &R::workflow_id, "Id of the workflow, new or found."),
                 field("outcome", &R::outcome, "Whether this call made it or found it."),
                 field("message_ids", &R::message_ids, "Ids of the messages, in their order."));
};

}  // namespace dbosc::schema
