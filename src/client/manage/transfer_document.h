#pragma once

#include <vector>

#include "schema/types.h"
#include "store/layout.h"
#include "store/transfer.h"

namespace dbosc::client {

/// The workflows of an export, checked; their values are views into the document. Throws
/// Error(kInvalidArgument) naming the path of what is wrong.
std::vector<store::TransferredWorkflow> read_document(
    const std::vector<schema::JsonObject>& workflows);

/// Throws Error(kUnsupported, "schema_too_old") where a column that this level does not have holds
/// something.
void require_columns(const store::Layout& layout,
                     const std::vector<store::TransferredWorkflow>& workflows);

}  // namespace dbosc::client
