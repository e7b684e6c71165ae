#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/session.h"
#include "store/layout.h"

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

/// The same for several, inside a transaction that the caller opened and without ever failing it: a
/// collision is waited out and looked up. Holders of deduplication ids are told. Where one batch
/// repeats an id, the first counts; where its payload columns differ, all of them are filled.
std::vector<InsertOutcome> insert_workflows(sql::Session& session, const Layout& layout,
                                            std::span<const NewWorkflow> workflows);

/// One column of a new row.
struct NewColumn {
  std::string_view name;
  std::string_view type;  ///< text, bigint or jsonb.
  sql::Param value;       ///< Views into the NewWorkflow.
};

/// The row of workflow_status, column by column: names and values cannot come apart.
std::vector<NewColumn> status_row(const Layout& layout, const sql::Dialect& dialect,
                                  PayloadColumns placement, const NewWorkflow& workflow);
}  // namespace dbosc::store
