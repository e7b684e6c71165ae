#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/queue.h"
#include "sql/session.h"
#include "store/layout.h"

namespace dbosc::store {

// How a pause is stored. No column says `paused`, so a paused queue has a rate limit that admits
// nothing: 0 where it had none, else its own limit with the sign turned, which is how it is
// remembered. Every SDK leaves such a queue alone at every level, and it is the one form that all
// of them can read: Java refuses a row whose concurrency is not above zero, and its worker never
// comes back to that queue.

/// The condition on a row of queues that it is paused.
inline constexpr std::string_view kIsPaused =
    "(rate_limit_max <= 0 AND rate_limit_period_sec IS NOT NULL)";

enum class Lock { kNone, kUntilTransactionEnds };

std::optional<model::Queue> find_queue(sql::Session& session, const Layout& layout,
                                       std::string_view name, Lock lock = Lock::kNone);

/// Queues of these applications and unclaimed ones, by name. No application: all.
std::vector<model::Queue> list_queues(sql::Session& session, const Layout& layout,
                                      const std::vector<std::string>& application_names);

/// The row that has the name of `queue`: this one, made here, or one that was there before. Nothing
/// where that one is being deleted or has come in the same moment: ask again.
std::optional<model::Queue> insert_or_find_queue(sql::Session& session, const Layout& layout,
                                                 const model::Queue& queue);

/// Makes `after`, which has the id of `before`, the row as it is once what differs is written, as
/// of `updated_at_ms`. Returns the statement, which borrows both and changes nothing where the row
/// has been updated since `before`, or nothing where nothing differs.
std::optional<sql::BoundStatement> changing_queue(const sql::Dialect& dialect, const Layout& layout,
                                                  const model::Queue& before, model::Queue& after,
                                                  std::int64_t updated_at_ms);

/// Deletes this very row: not one of the same name that came after it.
void delete_queue(sql::Session& session, std::string_view queue_id);

}  // namespace dbosc::store
