#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/session.h"
#include "store/conditions.h"
#include "store/layout.h"

namespace dbosc::store {

/// Which workflows: every condition that is set must hold; a list holds if one of its values does;
/// an empty list is none.
struct WorkflowFilter {
  using Texts = std::vector<std::string>;
  Texts workflow_ids, workflow_id_prefixes, statuses, names, class_names, config_names,
      app_versions, users, queue_names, executor_ids, schedule_names, forked_from,
      parent_workflow_ids, deduplication_ids;
  /// Rows of these applications and unclaimed ones. Empty: all.
  Texts application_names;
  std::optional<std::int64_t> created_from, created_until, completed_from, completed_until,
      dequeued_from, dequeued_until;
  std::optional<bool> was_forked_from, is_fork, has_parent, is_debounced;
  bool queued_only = false;               ///< On a queue and not finished.
  std::optional<std::string> attributes;  ///< JSON object that the attributes must contain.
};

/// The filter as conditions on `dbos.workflow_status ws`; borrows from it. Throws
/// Error(kUnsupported) for a filter that this database cannot apply.
Conditions conditions(const sql::Session& session, const Layout& layout,
                      const WorkflowFilter& filter);

/// Where a page starts: after this row in the order of the listing.
struct PageStart {
  std::int64_t created_at_ms = 0;
  std::string workflow_id;
};

struct Page {
  std::int64_t limit = 0;  ///< 0: none.
  std::int64_t offset = 0;
  bool sort_desc = false;
  std::optional<PageStart> after;
};

struct LoadPayloads {
  bool input = true;
  bool output = true;
};

/// Lists in order of creation. Each row holds model::kWorkflowColumns in their order, then those of
/// model::kWorkflowPayloads that are loaded.
void list_workflows(sql::Session& session, const Layout& layout, const WorkflowFilter& filter,
                    const Page& page, LoadPayloads load, sql::OnRow on_row);

/// Reads one, its row as in a listing; none where there is none.
void read_workflow(sql::Session& session, const Layout& layout, std::string_view workflow_id,
                   LoadPayloads load, sql::OnRow on_row);

std::int64_t count_workflows(sql::Session& session, const Layout& layout,
                             const WorkflowFilter& filter);

/// Ids of the workflows that match, in order of creation.
std::vector<std::string> find_workflow_ids(sql::Session& session, const Layout& layout,
                                           const WorkflowFilter& filter);

}  // namespace dbosc::store
