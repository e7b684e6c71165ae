#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/session.h"
#include "store/layout.h"

namespace dbosc::store {

/// Where inputs are written from level 109 on. Workers older than that level's split read only
/// `status`.
enum class PayloadColumns { kStatus, kSplit, kBoth };

/// A row for workflow_status, its identity and times fixed before the first try.
struct NewWorkflow {
  std::string workflow_id;
  std::string creation_token;
  std::string status;
  std::string name;
  std::optional<std::string> class_name;
  std::optional<std::string> config_name;
  std::string queue_name;
  std::string inputs;  ///< Stored text, in `serialization`.
  std::optional<std::string> serialization;
  std::optional<std::string> authenticated_user;
  std::optional<std::string> authenticated_roles;  ///< JSON array.
  std::optional<std::string> assumed_role;
  std::optional<std::string> app_version;
  std::optional<std::string> application_name;
  std::int64_t priority = 0;
  std::optional<std::string> deduplication_id;
  std::optional<std::string> queue_partition_key;
  std::optional<std::int64_t> workflow_timeout_ms;
  std::optional<std::int64_t> deadline_ms;
  std::optional<std::int64_t> delay_until_ms;
  std::optional<std::string> attributes;  ///< JSON object.
  std::int64_t created_at_ms = 0;  ///< Used only where the database's own clock is too coarse.
};

/// What became of an insert. A row that was there before comes back as it is.
struct InsertOutcome {
  enum class Kind { kCreated, kExisting, kDeduplicated };
  Kind kind = Kind::kCreated;
  std::string status;
  std::string name;
  std::optional<std::string> class_name;
  std::optional<std::string> config_name;
  std::optional<std::string> queue_name;
};

/// One statement, one round trip on Postgres, whatever the payload placement. Safe to repeat with
/// the same NewWorkflow.
InsertOutcome insert_workflow(sql::Session& session, const Layout& layout, PayloadColumns placement,
                              const NewWorkflow& workflow);

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
                                   const std::vector<std::string>& workflow_ids);

/// Which of `workflow_ids` are over.
std::vector<std::string> finished_workflows(sql::Session& session,
                                            const std::vector<std::string>& workflow_ids);

/// Which of `workflow_ids` exist.
std::vector<std::string> existing_workflows(sql::Session& session,
                                            const std::vector<std::string>& workflow_ids);

}  // namespace dbosc::store
