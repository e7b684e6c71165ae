#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sql/session.h"
#include "store/layout.h"

namespace dbosc::store {

/// A format that recent workflows of one function, queue and owner are stored in.
struct UsedFormat {
  std::string serialization;
  std::string name;
  std::optional<std::string> queue_name;
  std::optional<std::string> application_name;
  bool succeeded = false;  ///< A worker has read such a row, and come to its end.
  bool split = false;      ///< The arguments of such a row are in workflow_input only.
  std::int64_t last_used_at_ms = 0;
};

/// The SDKs' own formats and the applications' among the newest workflows: those with a label that
/// tells whose they are. One statement, bounded by the number of rows it looks at.
std::vector<UsedFormat> recent_formats(sql::Session& session, const Layout& layout);

/// What a workflow is labelled, and whose it is.
struct WorkflowFormat {
  std::optional<std::string> serialization;
  std::optional<std::string> application_name;
};
/// Of those that exist, by their ids.
std::map<std::string, WorkflowFormat> formats_of(sql::Session& session, const Layout& layout,
                                                 const std::vector<std::string>& workflow_ids);

}  // namespace dbosc::store
