#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sql/session.h"
#include "store/layout.h"
#include "store/rows.h"

namespace dbosc::store {

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
  PayloadColumns payload_columns = PayloadColumns::kStatus;
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
  bool is_debounced = false;              ///< Needs Layout::has(kDebouncing).
  std::optional<std::int64_t> debounce_deadline_ms;
  std::optional<std::string> schedule_name;  ///< The schedule that makes it.
  std::int64_t created_at_ms = 0;  ///< Used only where the database's own clock is too coarse,
  bool fixed_created_at = false;   ///< or where rows of one batch must keep their order.
};

/// What became of an insert. A row that was there before comes back as it is.
struct InsertOutcome {
  enum class Kind { kCreated, kExisting, kDeduplicated };
  Kind kind = Kind::kCreated;
  std::string workflow_id;  ///< Of that row; of the holder where deduplicated and known.
  std::string status;
  std::string name;
  std::optional<std::string> class_name;
  std::optional<std::string> config_name;
  std::optional<std::string> queue_name;
};

/// One statement, one round trip on Postgres, whatever the payload placement. Safe to repeat with
/// the same NewWorkflow.
InsertOutcome insert_workflow(sql::Session& session, const Layout& layout,
                              const NewWorkflow& workflow);

/// The row of workflow_status, column by column: names and values cannot come apart.
NewRow status_row(const Layout& layout, const sql::Dialect& dialect, PayloadColumns placement,
                  const NewWorkflow& workflow);

/// The columns of a row from which `read_outcome_row` tells what became of `workflow`.
std::string outcome_columns(std::string_view token);
InsertOutcome read_outcome_row(const sql::Row& row, const NewWorkflow& workflow);
/// Puts the input beside a row of our own, where the insert could not do that itself.
void insert_input(sql::Session& session, const NewWorkflow& workflow);

}  // namespace dbosc::store
