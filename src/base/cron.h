#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/timezone.h"

/// Cron expressions as the schedulers of the SDKs understand them. The four agree on little: which
/// forms there are, what both day fields mean together, and what happens where clocks change.
namespace dbosc::cron {

enum class Dialect {
  kPython,      ///< croniter
  kTypescript,  ///< the SDK's own parser
  kGo,          ///< robfig/cron
  kJava,        ///< cron-utils, Spring 5.3
};

/// A parsed expression.
class Schedule {
 public:
  /// The first firing after an instant, in epoch seconds.
  using Next = std::function<std::optional<std::int64_t>(std::int64_t after, const TimeZone&)>;

  explicit Schedule(Next next) : next_(std::move(next)) {}

  /// The first firing strictly after an instant, both in epoch milliseconds; nothing if its own
  /// scheduler would not find one either.
  std::optional<std::int64_t> next(std::int64_t after_ms, const TimeZone& zone) const;

 private:
  Next next_;
};

/// Throws `invalid_cron`, with `path` as the key at fault, for what the dialect's own parser
/// refuses and for what would do harm in its scheduler.
Schedule parse(std::string_view text, Dialect dialect, std::string_view path);

/// Throws `invalid_cron` if the schedule will not fire after an instant: each scheduler takes such
/// an expression and then fails, or waits for ever.
void require_firing(const Schedule& schedule, std::int64_t after_ms, const TimeZone& zone,
                    std::string_view path);

}  // namespace dbosc::cron
