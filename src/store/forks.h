#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sql/session.h"
#include "store/layout.h"
#include "store/workflows.h"

namespace dbosc::store {

/// A fork with its identity fixed before the first try.
struct NewFork {
  std::string source_id;
  std::string workflow_id;
  std::string creation_token;
  std::int64_t start_step = 0;  ///< Steps with a smaller function_id are copied.
  std::string queue_name;
  std::optional<std::string> queue_partition_key;
  std::optional<std::string> app_version;
  std::optional<std::string> application_name;  ///< For a source that has no owner.
  std::optional<std::int64_t> workflow_timeout_ms;
  std::map<std::string, std::string> replacement_children;  ///< Old child id to new.
  std::int64_t created_at_ms = 0;
};

enum class ForkOutcome { kCreated, kSourceMissing, kIdInUse };

/// Copies the workflow and what it did before the start step. Runs inside the caller's transaction;
/// safe to repeat with the same NewFork.
ForkOutcome insert_fork(sql::Session& session, const Layout& layout, PayloadColumns placement,
                        const NewFork& fork);

/// A step to start from that is named and not numbered.
enum class StepChoice { kLastFailure, kLastStep, kNamed };
/// Its function_id; nothing where there is no such step. `name` counts only for kNamed: the last
/// step of that name.
std::optional<std::int64_t> find_step(sql::Session& session, std::string_view workflow_id,
                                      StepChoice choice, std::string_view name);

/// What a rewound workflow starts again with.
struct Rewind {
  std::string workflow_id;
  std::int64_t start_step = 0;
  std::string queue_name;
  std::optional<std::string> queue_partition_key;
  std::optional<std::string> app_version;
};

/// Drops what the workflow did from the start step on and enqueues it again under its own id. Runs
/// inside the caller's transaction, which has locked the row and seen that the workflow is over.
void rewind_workflow(sql::Session& session, const Rewind& rewind);

}  // namespace dbosc::store
