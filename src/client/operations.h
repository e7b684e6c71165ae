#pragma once

#include <span>
#include <string_view>

#include "base/json.h"
#include "base/json_writer.h"
#include "client/call.h"

namespace dbosc::client {

/// Who calls: a client, and the transaction that the call joins where there is one.
struct Caller {
  Services& services;
  const Cancel* cancel = nullptr;
  JoinedTransaction* joined = nullptr;
};

class Wait;
struct Operation;

/// A call whose request has been decoded, to be run once, later and by any thread.
class PreparedCall {
 public:
  virtual ~PreparedCall() = default;
  virtual void run(Call& call, JsonWriter& reply) = 0;
  /// Of an operation that waits: its wait, to be driven instead of `run`.
  virtual Wait* wait() { return nullptr; }

  const Operation* operation = nullptr;
  MonotonicClock::time_point since = MonotonicClock::now();
  Deadline deadline = Deadline::never();
  wire::Mode payloads = wire::Mode::kPlain;
};

/// An operation without its types: what a caller by name, the boundary and the reference need.
struct Operation {
  std::string_view name;
  std::string_view doc;
  /// Decodes the request, runs, writes the reply. Throws Error.
  void (*run)(const Caller& caller, const Json& request, JsonWriter& reply);
  /// The first half of `run`. Keeps nothing of `request`.
  std::unique_ptr<PreparedCall> (*prepare)(Services& services, std::string_view request);
  /// Writes `request` and `reply` into an open object.
  void (*describe)(JsonWriter& out);
  bool joins_transactions = false;
  bool outlives_shutdown = false;
};

std::span<const Operation> operations();
/// Null when there is none of that name.
const Operation* find_operation(std::string_view name);

/// Runs an operation, and counts it among the client's calls.
void run_call(const Operation& operation, const Caller& caller, const Json& request,
              JsonWriter& reply);
/// Counts a call that was begun at `since` and has ended; `failure` is null where it succeeded.
void count_call(Services& services, const Operation& operation, MonotonicClock::time_point since,
                const Error* failure) noexcept;

/// The whole API as one JSON object: operations, their keys, the keys of the config.
void describe_api(JsonWriter& out);

/// Checks the config, connects unless it is lazy. Throws Error.
std::unique_ptr<Services> open(const Json& config, const Cancel* cancel,
                               std::optional<CallerPool> pool);

}  // namespace dbosc::client
