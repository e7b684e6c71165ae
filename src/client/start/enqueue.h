#pragma once

#include <string>

#include "client/start/new_workflow.h"

namespace dbosc::client {

struct EnqueueRequest : CallOptions, EnqueueOptions {};

struct EnqueueReply {
  std::string workflow_id;
  EnqueueResult outcome = EnqueueResult::kCreated;
};

/// Starts a workflow durably. One statement, one round trip.
EnqueueReply enqueue(Call& call, const EnqueueRequest& request);

struct FindDeduplicatedRequest : CallOptions {
  std::string queue_name;
  std::string deduplication_id;
};
struct FindDeduplicatedReply {
  std::optional<std::string> workflow_id;
};

/// The unfinished workflow that holds a deduplication id, or null.
FindDeduplicatedReply find_deduplicated_workflow(Call& call,
                                                 const FindDeduplicatedRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::EnqueueRequest> {
  using R = client::EnqueueRequest;
  static constexpr auto fields = std::tuple_cat(enqueue_fields<R>(), call_fields<R>());
};

template <>
struct Schema<client::EnqueueReply> {
  using R = client::EnqueueReply;
  static constexpr auto fields =
      std::tuple(field("workflow_id", &R::workflow_id, "Id of the workflow, new or found."),
                 field("outcome", &R::outcome, "Whether this call made it or found it."));
};

template <>
struct Schema<client::FindDeduplicatedRequest> {
  using R = client::FindDeduplicatedRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("queue_name", &R::queue_name, "The queue.").required(),
                 field("deduplication_id", &R::deduplication_id, "The key.").required()),
      call_fields<R>());
};
template <>
struct Schema<client::FindDeduplicatedReply> {
  using R = client::FindDeduplicatedReply;
  static constexpr auto fields =
      std::tuple(field("workflow_id", &R::workflow_id, "Holder of the key, or null."));
};

}  // namespace dbosc::schema
