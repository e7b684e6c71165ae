#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "sql/session.h"

namespace dbosc::sql {

using Connector = std::function<std::unique_ptr<Session>(const Limits&)>;

class Pool;

/// A session on loan; goes back to its pool, or is closed if it broke.
class Lease {
 public:
  ~Lease();
  Lease(Lease&& other) noexcept = default;
  Lease& operator=(Lease&&) = delete;
  Session& operator*() const { return *session_; }
  Session* operator->() const { return session_.get(); }

 private:
  friend class Pool;
  Lease(Pool& pool, std::unique_ptr<Session> session)
      : pool_(&pool), session_(std::move(session)) {}
  Pool* pool_;
  std::unique_ptr<Session> session_;
};

/// How a pool stands, and how often a call had to wait for a place in it.
struct PoolCounts {
  std::int64_t size = 0, idle = 0, in_use = 0, waiting = 0;
  std::int64_t waits = 0, waited_us = 0;  ///< Since it was made.
};

/// At most `size` connections, made when first needed, the last used handed out first. One that
/// `keeps` none closes each after its use: they are somebody else's to keep.
class Pool {
 public:
  Pool(Connector connector, std::size_t size, bool keeps = true)
      : connector_(std::move(connector)), size_(size), keeps_(keeps) {}

  /// Waits for a free place and connects if need be; both within the limits. Throws as
  /// Limits::check, or what the connector throws.
  Lease acquire(const Limits& limits);
  PoolCounts counts();

 private:
  friend class Lease;
  class Waiting;
  void give_back(std::unique_ptr<Session> session);
  std::unique_ptr<Session> take_idle();
  void wait_for_place(const Limits& limits);

  const Connector connector_;
  const std::size_t size_;
  const bool keeps_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Session>> idle_;  // guarded by mutex_
  std::size_t in_use_ = 0;                      // guarded by mutex_
  std::int64_t waiting_ = 0, waits_ = 0;        // guarded by mutex_
  MonotonicClock::duration waited_{0};          // guarded by mutex_
};

}  // namespace dbosc::sql
