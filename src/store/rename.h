#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sql/session.h"
#include "store/layout.h"

namespace dbosc::store {

/// Whose rows get which new owner.
struct Renaming {
  std::optional<std::string> old_name;  ///< Rows of this application.
  bool unclaimed = false;               ///< And those of none.
  std::string new_name;
};

/// What must change hands at once: an application that owns only half of it would dequeue work
/// whose version it no longer sees. In the transaction of the caller; each returns how many rows.
std::int64_t rename_queues(sql::Session& session, const Renaming& renaming);
std::int64_t rename_schedules(sql::Session& session, const Renaming& renaming);
std::int64_t rename_versions(sql::Session& session, const Renaming& renaming);
std::int64_t rename_unfinished_workflows(sql::Session& session, const Renaming& renaming);

/// Tables with a long history, whose rows may follow range by range of workflow ids.
enum class History { kWorkflows, kSteps };

/// One range of a table.
struct Range {
  std::optional<std::string> after;  ///< Workflow ids greater than this. None: from the first.
  std::optional<std::string> last;   ///< Up to this one, inclusive. None: all of the table, what
                                     ///< has appeared below `after` too.
};

/// The range after `after` that holds `size` workflow ids of rows to rename; without a `last`
/// where there are fewer.
Range next_range(sql::Session& session, History history, const Renaming& renaming,
                 const std::optional<std::string>& after, std::int64_t size);
std::int64_t rename_range(sql::Session& session, History history, const Renaming& renaming,
                          const Range& range);

}  // namespace dbosc::store
