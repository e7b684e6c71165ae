#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "client/call.h"
#include "client/operations.h"
#include "sql/pool.h"

namespace dbosc::client {

/// A transaction that operations of a client run inside of: the caller's own, on a connection that
/// is borrowed for each call, or one of ours. One call at a time; a second one is refused.
class Transaction {
 public:
  /// How to borrow the caller's connection for one call.
  using Borrow = std::function<std::unique_ptr<sql::Session>(const Limits&)>;

  /// In the caller's transaction, which is never begun, ended or repeated here.
  Transaction(Services& services, Borrow borrow)
      : services_(services), borrow_(std::move(borrow)) {}
  /// A transaction of ours, begun on a connection of the pool.
  Transaction(Services& services, const Limits& limits);
  /// Rolls ours back where it has not been ended.
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void call(const Operation& operation, const Cancel* cancel, const Json& request,
            JsonWriter& reply);
  /// One statement of the caller's own. Writes an object: `columns`, `rows`, `row_count`.
  void execute(std::string_view sql, const Json& params, const Limits& limits, JsonWriter& reply);
  /// Throws Error(kOutcomeUnknown) with what its calls had fixed where the answer does not come.
  void commit(const Limits& limits);
  void rollback(const Limits& limits);

 private:
  class Use;
  sql::Session& own_session();

  Services& services_;
  const Borrow borrow_;  ///< Empty for a transaction of ours.
  std::optional<sql::Lease> lease_;
  std::vector<Identity> written_;
  std::atomic<bool> in_use_{false};
};

}  // namespace dbosc::client
