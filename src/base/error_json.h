#pragma once

#include <span>
#include <string>

#include "base/error.h"
#include "base/json_writer.h"

namespace dbosc {

/// Writes them as members of the open object.
void write_details(JsonWriter& out, std::span<const Detail> details);

/// Everything about a failure as one JSON object: code, status, kind, message, retryable, details.
std::string to_json(const Error& failure);

}  // namespace dbosc
