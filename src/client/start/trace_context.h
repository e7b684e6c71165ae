#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace dbosc::client {

/// Attribute in which Python's workers look for the trace that a workflow belongs to.
inline constexpr std::string_view kTraceAttribute = "dbos.otelContext";

/// `attributes` (may be empty) with the trace context added; a trace context written there by hand
/// gives way. Throws Error(kInvalidArgument, "invalid_trace_context") where the W3C grammar is not
/// held.
std::string with_trace_context(const Json& attributes, std::string_view traceparent,
                               const std::optional<std::string>& tracestate);

}  // namespace dbosc::client
