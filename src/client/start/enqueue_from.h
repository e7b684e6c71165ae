#pragma once

#include <string>

#include "base/function_ref.h"
#include "client/start/enqueue_many.h"

namespace dbosc::client {

struct EnqueueFromRequest : CallOptions {};

struct EnqueueFromReply {
  std::int64_t created = 0;
  std::int64_t existing = 0;
  std::int64_t deduplicated = 0;
  std::int64_t rejected = 0;
};

/// The next workflow as the text of an enqueue request, valid until the next call; null at the end.
using NextWorkflow = FunctionRef<const char*()>;
/// Told what became of a part once it counts, as the text of an EnqueueManyReply. False to stop.
using OnPart = FunctionRef<bool(const char*)>;

/// Starts workflows as they are read, part by part, each all or none: no more than a part is in
/// memory. What fails says in `enqueued` how many came before its part.
EnqueueFromReply enqueue_from(Call& call, NextWorkflow next, OnPart on_part);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::EnqueueFromRequest> {
  static constexpr auto fields = call_fields<client::EnqueueFromRequest>();
};

template <>
struct Schema<client::EnqueueFromReply> {
  using R = client::EnqueueFromReply;
  static constexpr auto fields =
      std::tuple(field("created", &R::created, "How many were made."),
                 field("existing", &R::existing, "How many were there already."),
                 field("deduplicated", &R::deduplicated, "How many found their key held."),
                 field("rejected", &R::rejected, "How many were refused for their id."));
};

}  // namespace dbosc::schema
