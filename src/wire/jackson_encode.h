#pragma once

#include <string>

#include "base/json.h"
#include "base/json_writer.h"

namespace dbosc::wire {

/// Writes a JSON value as the Java SDK stores it: its arrays as ArrayList, its objects as
/// LinkedHashMap, integers as Integer, Long or BigInteger by their size.
void write_jackson(JsonWriter& out, const Json& value);

}  // namespace dbosc::wire
