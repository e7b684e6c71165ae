#pragma once

#include <string_view>

#include "client/start/new_workflow.h"

namespace dbosc::client {

/// What a format asks of the workflow whose arguments it carries, because its SDK's workers would
/// otherwise never run it, or stop. Throws Error(kInvalidArgument) naming the key.
void check_format(const EnqueueOptions& options, std::string_view serialization);

}  // namespace dbosc::client
