#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/function_ref.h"
#include "sql/session.h"
#include "store/layout.h"

namespace dbosc::store {

struct QueueStatsFilter {
  std::vector<std::string> names;  ///< None: all.
  /// Rows of these applications and unclaimed ones. None: all.
  std::vector<std::string> application_names;
  bool by_partition = false;
};

/// A group of unfinished workflows on one queue; or, without a status, a registered queue.
struct QueueGroup {
  std::string queue_name;
  std::optional<std::string> partition_key;
  std::optional<std::string> status;
  std::int64_t count = 0;
  std::optional<std::int64_t> oldest_created_at_ms;
  bool paused = false;
  std::int64_t now_ms = 0;  ///< The database's clock.
};

/// In one statement, in no order.
void count_queues(sql::Session& session, const Layout& layout, const QueueStatsFilter& filter,
                  FunctionRef<void(const QueueGroup&)> on_group);

}  // namespace dbosc::store
