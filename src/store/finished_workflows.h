#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sql/session.h"
#include "store/layout.h"
#include "store/workflow_changes.h"

namespace dbosc::store {

/// Workflows that were over at an instant. A row without `completed_at` counts from its
/// `updated_at`: schema level 36 added that column and filled it in for nobody, so whatever had
/// ended by then would never grow old.
struct FinishedFilter {
  std::int64_t until_ms = 0;
  std::vector<std::string> statuses;           ///< Only those of model::is_finished.
  std::vector<std::string> application_names;  ///< And unclaimed ones. Empty: all.
};

/// At most `limit` of them, the oldest first, as they look now. None: there are none left.
StatesBefore find_finished(sql::Session& session, const Layout& layout,
                           const FinishedFilter& filter, std::int64_t limit);

std::int64_t count_finished(sql::Session& session, const Layout& layout,
                            const FinishedFilter& filter);

}  // namespace dbosc::store
