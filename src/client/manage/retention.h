#pragma once

#include <cstdint>

#include "client/call.h"
#include "client/requests.h"

namespace dbosc::client {

struct DeleteFinishedRequest : CallOptions {
  schema::Instant completed_before;
  schema::OneOrMany status;
  schema::OneOrMany application_name;
  std::int64_t batch_size = 1000;
  bool dry_run = false;
};
struct DeleteFinishedReply {
  std::int64_t deleted = 0;
};

/// Batch by batch, each a transaction; whatever ends it, the batches before are done, and an error
/// says in `deleted` how many workflows that were. Repeating the call goes on.
DeleteFinishedReply delete_finished_workflows(Call& call, const DeleteFinishedRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::DeleteFinishedRequest> {
  using R = client::DeleteFinishedRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("completed_before", &R::completed_before,
                "Ended then or earlier. A workflow that ended before its database noted when "
                "(schema level 36) counts from its last change.")
              .required()
              .at_least(0),
          field("status", &R::status,
                "Only these: SUCCESS, ERROR, CANCELLED, MAX_RECOVERY_ATTEMPTS_EXCEEDED. "
                "Default: all four."),
          field("application_name", &R::application_name,
                "Rows of these applications and unclaimed ones. Default: the client's; without "
                "one, all."),
          field("batch_size", &R::batch_size, "Workflows deleted in one transaction.")
              .between(1, 100000)
              .defaults_to("1000"),
          field("dry_run", &R::dry_run, "Only say how many it would be.").defaults_to("false")),
      call_fields<R>());
};
template <>
struct Schema<client::DeleteFinishedReply> {
  using R = client::DeleteFinishedReply;
  static constexpr auto fields =
      std::tuple(field("deleted", &R::deleted,
                       "How many are gone, or with dry_run would be. An error's `deleted` says the "
                       "same of the batches before it."));
};

}  // namespace dbosc::schema
