#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/message.h"
#include "sql/dialect.h"
#include "store/new_workflow.h"

namespace dbosc::store {

/// A statement for somebody else's driver: texts with a parameter between each two. Every parameter
/// is text or NULL, which all drivers can bind and whose type none can guess wrong; the statement
/// casts.
struct PreparedStatement {
  std::vector<std::string> texts;
  std::vector<std::optional<std::string>> params;
};

enum class OnConflict { kError, kNothing };

/// What `insert_workflow` does, for one transaction. A collision raises the database's own
/// violation of uniqueness, or leaves no row.
std::vector<PreparedStatement> prepare_workflow(const sql::Dialect& dialect, const Layout& layout,
                                                const NewWorkflow& workflow,
                                                OnConflict on_conflict);

/// The forks that get the message too are found when it runs; the id of each one's is
/// `fork_prefix` followed by the fork's.
struct ToForks {
  std::string fork_prefix;
};
std::vector<PreparedStatement> prepare_message(const sql::Dialect& dialect,
                                               const model::Message& message, std::int64_t now_ms,
                                               const std::optional<ToForks>& to_forks,
                                               OnConflict on_conflict);

}  // namespace dbosc::store
