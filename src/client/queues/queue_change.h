#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "client/call.h"
#include "model/queue.h"
#include "store/queues.h"

namespace dbosc::client {

inline Identity identity_of_queue(const std::string& name) { return {{"queue_name", name}}; }

inline Error queue_not_found(const std::string& name) {
  return Error(Code::kNotFound, "queue_not_found",
               "no queue '" + name +
                   "' is registered in the database; one that an application declares only in its "
                   "own memory can be changed by that application alone")
      .with("queue_name", name);
}

/// A queue before and after a change.
struct QueueChange {
  model::Queue before, after;
};

/// One transaction: reads the row, lets `change(queue, layout)` alter it, writes what differs.
/// `before` is what the first try found, for a retry after a lost answer finds the change itself.
/// Throws Error(kNotFound, "queue_not_found").
template <class Change>
QueueChange change_queue(Call& call, const std::string& name, Change&& change) {
  const auto at = now_ms();
  std::optional<model::Queue> first;
  return call.write(identity_of_queue(name),
                    [&](sql::Session& session, const store::Layout& layout) -> QueueChange {
                      sql::Transaction transaction(session);
                      const auto before = store::find_queue(session, layout, name,
                                                            store::Lock::kUntilTransactionEnds);
                      if (!before) throw queue_not_found(name);
                      if (!first) first = before;
                      auto after = *before;
                      change(after, layout);
                      const auto written =
                          store::changing_queue(session.dialect(), layout, *before, after, at);
                      if (written) transaction.commit_after({&*written, 1});
                      return {*first, after};
                    });
}

}  // namespace dbosc::client
