#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/session.h"
#include "store/layout.h"

namespace dbosc::store {

/// The workflow that holds a deduplication id in a queue.
std::optional<std::string> find_deduplicated_workflow(sql::Session& session,
                                                      std::string_view queue_name,
                                                      std::string_view deduplication_id);

/// How a workflow stands, with its result where it is finished.
struct Outcome {
  std::string workflow_id;
  std::string status;
  std::optional<std::string> serialization;
  std::optional<std::string> output;
  std::optional<std::string> error;
};

std::optional<Outcome> read_outcome(sql::Session& session, const Layout& layout,
                                    std::string_view workflow_id);

/// The finished ones among `workflow_ids`, in one statement however many there are.
std::vector<Outcome> read_finished(sql::Session& session, const Layout& layout,
                                   std::vector<std::string> workflow_ids);

inline constexpr std::size_t kMostRecent = 10000;
/// How old a workflow's stamp is at most when its row is committed, but for few.
inline constexpr std::chrono::milliseconds kStampsMayBeLate{100};
/// The ids of workflows that were stamped as finished within the last `window_ms` by the database's
/// clock (on SQLite by `now_ms`), or somewhat earlier, at most kMostRecent. A hint: see
/// Watcher::poll_recent.
void recently_finished(sql::Session& session, std::int64_t window_ms, std::int64_t now_ms,
                       FunctionRef<void(std::string_view)> on_id);

/// Which of `workflow_ids` are over.
std::vector<std::string> finished_workflows(sql::Session& session,
                                            const std::vector<std::string>& workflow_ids);

/// Which of `workflow_ids` exist.
std::vector<std::string> existing_workflows(sql::Session& session,
                                            const std::vector<std::string>& workflow_ids);

}  // namespace dbosc::store
