#pragma once

#include "command.h"

namespace cli {

/// Reads a stream until it is closed, printing each value at once.
int run_tail(const Command& command, const Context& context);

}  // namespace cli
