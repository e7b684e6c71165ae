#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dbosc::cron {

/// How many seconds lie between two firings of `@every`: a duration in Go's writing (`1h30m`,
/// `1.5h`), its fraction of a second cut off, and never less than one. Nothing if it is none.
std::optional<std::int64_t> go_period_seconds(std::string_view text);

}  // namespace dbosc::cron
