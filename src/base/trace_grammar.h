#pragma once

#include <string>
#include <string_view>

namespace dbosc {

/// What is wrong with a header of W3C Trace Context, to follow its name in a sentence; empty where
/// nothing is. `traceparent` is `version-traceid-parentid-flags`; a later version than 00 may
/// append fields.
std::string traceparent_problem(std::string_view text);

/// `tracestate` is a list of at most 32 `key=value`, joined by commas, each key once; here of at
/// most 512 characters.
std::string tracestate_problem(std::string_view text);

}  // namespace dbosc
