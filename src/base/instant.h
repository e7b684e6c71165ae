#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dbosc {

/// Epoch milliseconds of an RFC 3339 text (`2026-11-21T08:30:00.5+01:00`), finer digits cut off;
/// nothing if it is not one.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace dbosc
