#pragma once

#include <array>
#include <string>

#include "client/language.h"
#include "client/start/new_workflow.h"

namespace dbosc::client {

enum class DebounceOutcome { kCreated, kExtended, kExisting };

struct DebounceRequest : CallOptions, EnqueueOptions {
  std::string debounce_key;
  std::int64_t debounce_period_ms = 0;
  std::int64_t debounce_timeout_ms = 0;
  std::optional<Language> language;
};
struct DebounceReply {
  std::string workflow_id;
  DebounceOutcome outcome = DebounceOutcome::kCreated;
};

/// Puts off the workflow that waits under the key and gives it these arguments, or makes one. Each
/// step is one transaction; a race with another caller starts over.
DebounceReply debounce(Call& call, const DebounceRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::DebounceOutcome> {
  static constexpr std::array<std::string_view, 3> texts = {"created", "extended", "existing"};
};

template <>
struct Schema<client::DebounceRequest> {
  using R = client::DebounceRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("debounce_key", &R::debounce_key,
                "Calls with the same key, workflow and queue become one run.")
              .required(),
          field("debounce_period_ms", &R::debounce_period_ms,
                "The workflow runs when no call has come for this long.")
              .required()
              .between(0, 253402300799999),
          field("debounce_timeout_ms", &R::debounce_timeout_ms,
                "It is put off no longer than this from the call that made it; 0: without end.")
              .between(0, 253402300799999)
              .defaults_to("0"),
          field("language", &R::language,
                "SDK whose debouncers this call shares its key with. Default: the one whose own "
                "format the arguments are in, else python. Rust has no debouncer and takes "
                "python's keys; java is unsupported.")),
      enqueue_fields<R>(field("queue_name", &R::queue_name,
                              "Queue to run on; keys count for each queue. Default: the internal "
                              "one, which all workers listen to.")
                            .non_empty()),
      call_fields<R>());
};
template <>
struct Schema<client::DebounceReply> {
  using R = client::DebounceReply;
  static constexpr auto fields = std::tuple(
      field("workflow_id", &R::workflow_id, "The workflow that will run with these arguments."),
      field("outcome", &R::outcome,
            "Whether this call made it, put it off, or found workflow_id taken by it."));
};

}  // namespace dbosc::schema
