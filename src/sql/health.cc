#include "sql/health.h"

#include <utility>

#include "base/log.h"

namespace dbosc::sql {
namespace {

using log::Level;
using log::Line;

/// A server that loses every second connection must not fill the log.
constexpr milliseconds kQuiet{5000};

}  // namespace

void Health::connected() {
  connects_.fetch_add(1, std::memory_order_relaxed);
  answered();
  Line(Level::kDebug, "connected", "a connection to the database was made")
      .number("client", client_);
}

void Health::failed(const Error& failure) {
  failures_.fetch_add(1, std::memory_order_relaxed);
  std::int64_t untold = 0;
  {
    const auto now = MonotonicClock::now();
    std::lock_guard lock(mutex_);
    if (!away_.load(std::memory_order_relaxed)) {
      since_ = now;
      failures_in_outage_ = 0;
      told_ = false;
      outages_.fetch_add(1, std::memory_order_relaxed);
      ++untold_;
      away_.store(true, std::memory_order_relaxed);
    }
    ++failures_in_outage_;
    if (told_ || now < may_tell_) return;
    told_ = true;
    may_tell_ = now + kQuiet;
    untold = std::exchange(untold_, 0) - 1;
  }
  // Without the lock: somebody else's code may hear it.
  Line line(Level::kWarn, "outage_begin", failure.message);
  line.number("client", client_).text("kind", failure.kind);
  if (untold > 0) line.number("untold_outages", untold);
}

void Health::came_back() {
  std::int64_t failures = 0;
  MonotonicClock::duration lasted{};
  {
    std::lock_guard lock(mutex_);
    if (!away_.exchange(false, std::memory_order_relaxed) || !told_) return;
    failures = failures_in_outage_;
    lasted = MonotonicClock::now() - since_;
  }
  Line(Level::kWarn, "outage_end", "the database answers again")
      .number("client", client_)
      .number("duration_ms", std::chrono::duration_cast<milliseconds>(lasted).count())
      .number("failures", failures);
}

void Health::retrying(const Error& failure, int tries) {
  retries_.fetch_add(1, std::memory_order_relaxed);
  Line(Level::kDebug, "retry", failure.message)
      .number("client", client_)
      .text("kind", failure.kind)
      .number("tries", tries);
}

HealthCounts Health::counts() const {
  const auto read = [](const auto& counter) { return counter.load(std::memory_order_relaxed); };
  return {read(connects_), read(failures_), read(retries_), read(outages_), read(away_)};
}

}  // namespace dbosc::sql
