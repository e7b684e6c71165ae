#pragma once

#include <array>
#include <string>

#include "client/call.h"
#include "client/requests.h"
#include "model/queue.h"

namespace dbosc::client {

enum class PauseOutcome { kPaused, kUnchanged };
enum class ResumeOutcome { kResumed, kUnchanged };

struct PauseQueueRequest : CallOptions {
  std::string name;
};
struct PauseQueueReply {
  PauseOutcome outcome = PauseOutcome::kPaused;
  model::Queue queue;
};
struct ResumeQueueRequest : CallOptions {
  std::string name;
};
struct ResumeQueueReply {
  ResumeOutcome outcome = ResumeOutcome::kResumed;
  model::Queue queue;
};

// Both throw Error(kNotFound, "queue_not_found"). A pause is in the database and lasts until it is
// resumed, or until an application registers the queue anew: SDKs then write their own limits.
PauseQueueReply pause_queue(Call& call, const PauseQueueRequest& request);
ResumeQueueReply resume_queue(Call& call, const ResumeQueueRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::PauseOutcome> {
  static constexpr std::array<std::string_view, 2> texts = {"paused", "unchanged"};
};
template <>
struct EnumTexts<client::ResumeOutcome> {
  static constexpr std::array<std::string_view, 2> texts = {"resumed", "unchanged"};
};

template <>
struct Schema<client::PauseQueueRequest> {
  using R = client::PauseQueueRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("name", &R::name,
                "Queue whose workflows no worker shall take; those that run go on. Its limits are "
                "remembered: to workers and clients of the SDKs a paused queue has a rate limit "
                "that admits nothing. An application that registers the queue when it starts ends "
                "the pause, unless with on_conflict never_update.")
              .required()),
      call_fields<R>());
};
template <>
struct Schema<client::PauseQueueReply> {
  using R = client::PauseQueueReply;
  static constexpr auto fields =
      std::tuple(field("outcome", &R::outcome, "unchanged: it was paused before."),
                 field("queue", &R::queue, "The queue as it is now."));
};
template <>
struct Schema<client::ResumeQueueRequest> {
  using R = client::ResumeQueueRequest;
  static constexpr auto fields =
      std::tuple_cat(std::tuple(field("name", &R::name,
                                      "Queue whose workflows shall be taken again, within the "
                                      "limits that it had or has been given since.")
                                    .required()),
                     call_fields<R>());
};
template <>
struct Schema<client::ResumeQueueReply> {
  using R = client::ResumeQueueReply;
  static constexpr auto fields =
      std::tuple(field("outcome", &R::outcome, "unchanged: it was not paused."),
                 field("queue", &R::queue, "The queue as it is now."));
};

}  // namespace dbosc::schema
