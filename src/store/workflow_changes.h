#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/session.h"
#include "store/layout.h"

namespace dbosc::store {

/// What a workflow looked like before the first try of a change. A retry after a lost answer
/// changes only what still looks so: a resumed workflow that a worker has taken by then is not
/// resumed again.
struct StateBefore {
  std::string status;
  std::int64_t updated_at_ms = 0;
  friend bool operator==(const StateBefore&, const StateBefore&) = default;
};
using StatesBefore = std::map<std::string, StateBefore, std::less<>>;

/// Takes in a row of workflow_uuid, status, updated_at.
void add_state(StatesBefore& states, const sql::Row& row);

/// The state of those of `workflow_ids` that exist, locked until the transaction ends.
StatesBefore lock_states(sql::Session& session, const std::vector<std::string>& workflow_ids);

/// `workflow_ids` and everything that they started, directly or not.
std::vector<std::string> with_descendants(sql::Session& session,
                                          const std::vector<std::string>& workflow_ids);

/// What belongs to workflows without a foreign key, so that nothing cascades to it.
void delete_payloads_and_steps(sql::Session& session, const Layout& layout,
                               const std::vector<std::string>& workflow_ids);

/// Changes to commit with. They borrow what they are given; the caller has made sure, in the same
/// transaction, that the rows may be changed so.
using Statements = std::vector<sql::BoundStatement>;

/// Whether a workflow of this status becomes CANCELLED.
bool can_be_cancelled(std::string_view status);

/// The rows become CANCELLED and leave their queue.
Statements cancelling(const std::vector<std::string>& workflow_ids);

/// The same for those that can be cancelled, found and changed by one statement, which needs
/// Dialect::can_write_in_with. Returns what they looked like before.
StatesBefore cancel_at_once(sql::Session& session, const std::vector<std::string>& workflow_ids);

/// The rows become ENQUEUED on `queue_name`.
Statements resuming(const std::vector<std::string>& workflow_ids, std::string_view queue_name);

/// The rows and all that belongs to them go.
Statements deleting(const Layout& layout, const std::vector<std::string>& workflow_ids);

/// The rows move to another queue; a null partition key is written as given.
Statements moving(const std::vector<std::string>& workflow_ids, std::string_view queue_name,
                  const std::optional<std::string>& queue_partition_key);

/// What became of a change of one row, which its status may forbid.
enum class RowChange { kNotFound, kUnchanged, kChanged };
RowChange set_workflow_delay(sql::Session& session, std::string_view workflow_id,
                             std::int64_t delay_until_ms);
RowChange set_workflow_priority(sql::Session& session, std::string_view workflow_id,
                                std::int64_t priority);
/// `attributes` is a JSON object, or nothing to clear them. `merge` replaces its top-level keys
/// only.
RowChange update_attributes(sql::Session& session, std::string_view workflow_id,
                            const std::optional<std::string>& attributes, bool merge);

}  // namespace dbosc::store
