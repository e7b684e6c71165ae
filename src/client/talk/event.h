#pragma once

#include <algorithm>
#include <string>

#include "base/clock.h"
#include "client/requests.h"
#include "client/wait/waiting.h"

namespace dbosc::client {

struct GetEventRequest {
  std::string workflow_id;
  std::string key;
  std::optional<std::int64_t> timeout_ms;
  std::optional<schema::Instant> deadline;
  std::optional<wire::Mode> payloads;

  /// How long to wait, from now on; at most 0: only look.
  std::int64_t patience_ms() const {
    return deadline ? deadline->ms - now_ms() : timeout_ms.value_or(60000);
  }
  Deadline call_deadline(const Config&) const {
    return Deadline::in(milliseconds(std::max<std::int64_t>(patience_ms(), 0)));
  }
};

struct GetEventReply {
  bool found = false;
  schema::RawJson value;
};

/// Waits until the event has a value. A passed timeout is an answer, not an error: found is false.
WaitFor<GetEventReply> get_event(const GetEventRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::GetEventRequest> {
  using R = client::GetEventRequest;
  static constexpr auto fields = std::tuple(
      field("workflow_id", &R::workflow_id, "Workflow that sets the event; it need not exist yet.")
          .required(),
      field("key", &R::key, "Name of the event.").required(),
      field("timeout_ms", &R::timeout_ms,
            "How long to wait for a value; 0: only look. The first look is given a second even "
            "where this is less.")
          .between(0, kMaxTimeoutMs)
          .defaults_to("60000"),
      field("deadline", &R::deadline, "Until when to wait. Excludes timeout_ms.").at_least(0),
      field("payloads", &R::payloads, "How payloads look in this reply. Default: the client's."));
};

template <>
struct Schema<client::GetEventReply> {
  using R = client::GetEventReply;
  static constexpr auto fields =
      std::tuple(field("found", &R::found, "Whether the event had a value in time."),
                 field("value", &R::value, "Its latest value, a payload; null if not found."));
};

}  // namespace dbosc::schema
