#pragma once

#include "command.h"

namespace cli {

/// Gives the command that enqueues its options --from-file and --batch-id: a workflow for each
/// line.
void allow_files(Command& command);

}  // namespace cli
