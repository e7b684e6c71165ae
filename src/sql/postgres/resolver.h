#pragma once

#include <string>
#include <vector>

#include "base/limits.h"

namespace dbosc::sql::postgres {

/// The numeric addresses of a host, in the system's order. A numeric address, a socket directory or
/// an empty name comes back as one entry that needs no look-up. Throws Error(kUnavailable,
/// "unknown_host"), or as Limits::check.
std::vector<std::string> resolve(const std::string& host, const Limits& limits);

}  // namespace dbosc::sql::postgres
