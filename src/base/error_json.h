#pragma once

#include <string>

#include "base/error.h"

namespace dbosc {

/// Everything about a failure as one JSON object: code, status, kind, message, retryable, details.
std::string to_json(const Error& failure);

}  // namespace dbosc
