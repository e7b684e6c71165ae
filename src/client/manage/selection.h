#pragma once

#include <string>
#include <vector>

#include "client/call.h"
#include "client/look/workflow_filter.h"

namespace dbosc::client {

/// The workflows that match a filter which something is done to. Refuses one without a condition:
/// it would mean every workflow.
std::vector<std::string> find_selected(Call& call, const WorkflowFilterKeys& keys);

}  // namespace dbosc::client
