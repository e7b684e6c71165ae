#pragma once

#include <optional>
#include <tuple>

#include "base/deadline.h"
#include "client/config.h"
#include "schema/field.h"

namespace dbosc::client {

/// The keys of every request that is not a wait.
struct CallOptions {
  std::optional<std::int64_t> timeout_ms;
  std::optional<wire::Mode> payloads;

  Deadline call_deadline(const Config& config) const {
    return Deadline::in(milliseconds(timeout_ms.value_or(config.default_timeout_ms)));
  }
};

/// The keys of a wait: without `timeout_ms` it lasts until the answer is there.
struct WaitOptions {
  std::optional<std::int64_t> timeout_ms;
  std::optional<wire::Mode> payloads;

  Deadline call_deadline(const Config&) const {
    return timeout_ms ? Deadline::in(milliseconds(*timeout_ms)) : Deadline::never();
  }
};

/// Marks requests of operations that need a connection or transactions of their own.
struct OutsideTransactions {};

/// Marks requests of operations that a client can answer for itself, also after its shutdown.
struct WithoutDatabase {};

/// A reply without keys.
struct Nothing {};

}  // namespace dbosc::client

namespace dbosc::schema {

inline constexpr std::int64_t kMaxTimeoutMs = 2147483647;

/// The shared keys, as fields of a request that derives from CallOptions.
template <class Request>
constexpr auto call_fields() {
  return std::tuple(
      field("timeout_ms", &Request::timeout_ms,
            "Deadline of this call. Default: the client's default_timeout_ms.")
          .between(1, kMaxTimeoutMs),
      field("payloads", &Request::payloads,
            "How payloads look in this request and its reply. Default: the client's."));
}

/// The shared keys, as fields of a request that derives from WaitOptions.
template <class Request>
constexpr auto wait_fields() {
  return std::tuple(
      field("timeout_ms", &Request::timeout_ms,
            "How long to wait; 0: only look. Default: until the answer is there. The first look "
            "is given a second even where this is less.")
          .between(0, kMaxTimeoutMs),
      field("payloads", &Request::payloads,
            "How payloads look in this reply. Default: the client's."));
}

template <>
struct Schema<client::Nothing> {
  static constexpr auto fields = std::tuple();
};

}  // namespace dbosc::schema
