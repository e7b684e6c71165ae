#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dbosc {

/// Epoch milliseconds of an RFC 3339 text (`2026-11-21T08:30:00.5+01:00`), finer digits cut off;
/// nothing if it is not one.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

/// The same in UTC with milliseconds (`2026-11-21T07:30:00.500Z`), for instants of the years 1 to
/// 9999.
std::string format_rfc3339(std::int64_t epoch_ms);

}  // namespace dbosc
