#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace dbosc::wire::superjson {

/// Whether a stored text's JSON is of this format.
bool is_stored(const Json& root);

/// A JSON value as the TypeScript SDK stores it; `undefined` where there is none.
std::string stored(const Json& value);

/// The arguments [date, value], where the second is a stored superjson text; empty where that is
/// none, or refers to itself.
std::string stored_arguments(std::string_view iso_date, std::string_view stored_value);

}  // namespace dbosc::wire::superjson
