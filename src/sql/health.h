#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "base/deadline.h"
#include "base/error.h"

namespace dbosc::sql {

/// How often the database was not there for one client, since it was opened.
struct HealthCounts {
  std::int64_t connects = 0;  ///< Connections made.
  std::int64_t failures = 0;  ///< Connections that were refused or lost.
  std::int64_t retries = 0;   ///< Tries after a failed one.
  std::int64_t outages = 0;
  bool away = false;  ///< Whether an outage lasts.
};

/// Watches the database from one client, and logs an outage once when it begins and once when it
/// ends, however many calls meet it. It begins with the first connection that is lost or refused
/// and ends with the next answer. Outages that follow each other closely are told as one count.
class Health {
 public:
  /// `client` is its number, for the log.
  explicit Health(std::int64_t client) : client_(client) {}

  std::int64_t client() const { return client_; }
  /// A connection was made.
  void connected();
  /// A connection was refused or lost.
  void failed(const Error& failure);
  /// A statement or a connection was answered. Costs nothing while all is well.
  void answered() {
    if (away_.load(std::memory_order_relaxed)) came_back();
  }
  /// What failed so is tried again, for the `tries`th time.
  void retrying(const Error& failure, int tries);
  HealthCounts counts() const;

 private:
  void came_back();

  const std::int64_t client_;
  std::atomic<std::int64_t> connects_{0}, failures_{0}, retries_{0}, outages_{0};
  std::atomic<bool> away_{false};

  std::mutex mutex_;
  MonotonicClock::time_point since_{};     // of the outage; guarded by mutex_, as are these
  MonotonicClock::time_point may_tell_{};  ///< Not before that is another outage told.
  std::int64_t failures_in_outage_ = 0;
  std::int64_t untold_ = 0;
  bool told_ = false;
};

}  // namespace dbosc::sql
