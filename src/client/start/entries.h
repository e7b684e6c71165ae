#pragma once

#include <vector>

#include "client/start/enqueue_many.h"

/// What enqueue_many and enqueue_from share.
namespace dbosc::client {

EntryOutcome entry_outcome(Settled settled);

/// Workers take the rows of a partition by their time: in one batch it rises with the order, from
/// `earliest_ms` on. Returns from when on the next batch has to begin.
std::int64_t keep_order(std::vector<store::NewWorkflow>& workflows, std::int64_t earliest_ms);

}  // namespace dbosc::client
