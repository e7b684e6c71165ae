#pragma once

#include <string>
#include <vector>

#include "description.h"
#include "json.h"

namespace cli {

/// The value of a field from what was typed for it, one text for each time. `name` is what an
/// error calls it. Throws UsageError.
Json value_of(const Field& field, const std::string& name, const std::vector<std::string>& texts);

/// JSON from a text; "@FILE" is the contents of a file, "@-" of the standard input. Throws
/// UsageError.
Json json_argument(const std::string& name, const std::string& text);

/// The flag of a key: "queue_name" is "queue-name".
std::string dashed(std::string key);

}  // namespace cli
