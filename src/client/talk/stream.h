#pragma once

#include <string>

#include "client/requests.h"
#include "client/wait/waiting.h"

namespace dbosc::client {

struct ReadStreamRequest : WaitOptions {
  std::string workflow_id;
  std::string key;
  std::int64_t offset = 0;
  std::int64_t limit = 0;
};

/// Only for the reference: the wait writes its reply itself.
struct ReadStreamReply {
  std::vector<schema::RawJson> values;
  std::int64_t next_offset = 0;
  bool closed = false;
};

/// Waits until there is a value at or after `offset`, or the stream has ended; returns what there
/// is.
WaitFor<ReadStreamReply> read_stream(const ReadStreamRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::ReadStreamRequest> {
  using R = client::ReadStreamRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("workflow_id", &R::workflow_id, "Workflow that writes the stream.").required(),
          field("key", &R::key, "Name of the stream.").required(),
          field("offset", &R::offset, "Number of the first value wanted, from 0.")
              .between(0, 2147483647)
              .defaults_to("0"),
          field("limit", &R::limit, "Most values; 0: all that are there.")
              .between(0, 1000000000)
              .defaults_to("0")),
      wait_fields<R>());
};

template <>
struct Schema<client::ReadStreamReply> {
  using R = client::ReadStreamReply;
  static constexpr auto fields = std::tuple(
      field("values", &R::values, "Values in their order, payloads; none when the wait ran out."),
      field("next_offset", &R::next_offset, "Offset to go on from."),
      field("closed", &R::closed,
            "Whether nothing will follow: the stream was closed, or its workflow is over."));
};

}  // namespace dbosc::schema
