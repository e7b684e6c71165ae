#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dbosc::wire {

/// The RFC 3339 text of what Go's time.Time encodes itself as; nothing for what is not of that
/// form, or of a year beyond four digits.
std::optional<std::string> go_time(std::string_view bytes);

}  // namespace dbosc::wire
