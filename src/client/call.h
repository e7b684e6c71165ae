#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "client/services.h"
#include "sql/retry.h"
#include "sql/session.h"
#include "store/layout.h"
#include "wire/payload.h"

namespace dbosc::client {

using Identity = std::vector<Detail>;

/// An open transaction that calls join instead of making one of their own.
struct JoinedTransaction {
  sql::Session& session;
  std::vector<Identity>& written;  ///< What its calls have fixed, for a commit without an answer.
};

/// What one call carries: its client, its limits, how its payloads look.
struct Call {
  Services& services;
  Limits limits;
  wire::Payloads payloads;
  JoinedTransaction* joined = nullptr;

  const Config& config() const { return services.config(); }

  /// Runs reading statements on a connection of the pool, again on another where it is lost.
  template <class Work>
  auto read(Work&& work) {
    return attempt(limits, {}, work);
  }
  /// The same for a listing, inside the cap of `observability_query_timeout_ms`.
  template <class Work>
  auto read_capped(Work&& work);
  /// Runs writing statements, which must be safe to repeat: every id and time fixed before.
  /// `identity` goes into the error of an unknown outcome.
  template <class Work>
  auto write(const Identity& identity, Work&& work) {
    return attempt(limits, identity, work);
  }

  /// Hands a connection to `work`, once and without a look at the tables.
  template <class Work>
  auto once(Work&& work) {
    if (joined) return work(joined_session(limits));
    auto session = services.pool().acquire(limits);
    return work(*session);
  }

  template <class Work>
  auto attempt(const Limits& within, const Identity& identity, Work& work) {
    if (joined) return attempt_joined(within, identity, work);
    bool reread = false;
    return retried(within, identity,
                   [&]() -> decltype(auto) { return try_once(within, reread, work); });
  }

  /// Runs `one_try` until it ends for good, as sql::with_retry does.
  template <class Try>
  auto retried(const Limits& within, const Identity& identity, Try&& one_try) {
    const sql::RetryRules rules{config().retry_connection_errors, &services.health()};
    return sql::with_retry(within, rules, identity, one_try);
  }

  /// One try, outside a caller's transaction. `reread`: the tables are to be looked at anew.
  template <class Work>
  auto try_once(const Limits& within, bool& reread, Work& work) {
    auto session = services.pool().acquire(within);
    auto layout = reread ? services.reread_layout(*session) : services.layout(*session);
    try {
      return work(*session, *layout);
    } catch (Error& error) {
      // The tables are not what we saw, or lacked what we need: look once more, they may have been
      // migrated since.
      const bool outdated = error.kind == "schema_changed" || error.kind == "schema_too_old";
      if (outdated && !std::exchange(reread, true)) {
        error.retry = Retry::kAtOnce;
      }
      throw;
    }
  }

 private:
  sql::Session& joined_session(const Limits& within) {
    joined->session.set_limits(within);
    return joined->session;
  }
  /// Once: only the owner of a transaction can repeat it.
  template <class Work>
  auto attempt_joined(const Limits& within, const Identity& identity, Work& work) {
    auto& session = joined_session(within);
    const auto layout = services.layout(session);
    if (!identity.empty()) joined->written.push_back(identity);
    return work(session, *layout);
  }
};

template <class Work>
auto Call::read_capped(Work&& work) {
  const auto cap = config().observability_query_timeout_ms;
  if (cap == 0) return read(work);
  const auto capped = limits.until(Deadline::in(milliseconds(cap)));
  try {
    return attempt(capped, {}, work);
  } catch (Error& error) {
    if (error.kind == "timeout" && !limits.deadline.expired()) {
      throw Error(Code::kTimeout, "query_timeout",
                  "the listing took longer than observability_query_timeout_ms (" +
                      std::to_string(cap) + ")");
    }
    throw;
  }
}

}  // namespace dbosc::client
