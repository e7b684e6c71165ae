#pragma once

#include <string_view>

#include "sql/session.h"
#include "store/layout.h"

namespace dbosc::store {

/// Lists the recorded steps of a workflow in their order. Each row holds model::kStepColumns, then
/// output and error (NULL where not loaded). `limit` 0: none.
void list_steps(sql::Session& session, std::string_view workflow_id, bool load_output,
                std::int64_t limit, std::int64_t offset, sql::OnRow on_row);

}  // namespace dbosc::store
