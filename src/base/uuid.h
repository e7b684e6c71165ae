#pragma once

#include <string>

namespace dbosc {

/// A random UUID (version 4) in lower case with hyphens, as the SDKs write ids.
std::string new_uuid();

}  // namespace dbosc
