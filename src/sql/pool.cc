#include "sql/pool.h"

#include "base/error.h"

namespace dbosc::sql {

Lease::~Lease() {
  if (session_) pool_->give_back(std::move(session_));
}

/// Counts a wait for a place. The lock is held at both ends.
class Pool::Waiting {
 public:
  explicit Waiting(Pool& pool) : pool_(pool), since_(MonotonicClock::now()) {
    ++pool_.waits_;
    ++pool_.waiting_;
  }
  ~Waiting() {
    --pool_.waiting_;
    pool_.waited_ += MonotonicClock::now() - since_;
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  Pool& pool_;
  const MonotonicClock::time_point since_;
};

Lease Pool::acquire(const Limits& limits) {
  limits.check();
  wait_for_place(limits);
  // The place is ours from here on: give_back frees it whatever becomes of the session.
  auto session = take_idle();
  try {
    if (!session) session = connector_(limits);
  } catch (Error& error) {
    give_back(nullptr);
    error.settles = false;
    throw;
  } catch (...) {
    give_back(nullptr);
    throw;
  }
  session->set_limits(limits);
  return Lease(*this, std::move(session));
}

void Pool::wait_for_place(const Limits& limits) {
  {
    std::lock_guard lock(mutex_);
    if (in_use_ < size_) {
      ++in_use_;
      return;
    }
  }
  // Registered without the lock held: a trigger calls back with its own lock held and then takes
  // ours.
  const auto wake = [this] {
    std::lock_guard lock(mutex_);
    freed_.notify_all();
  };
  const Cancel::Registration by_caller(limits.cancel, wake);
  const Cancel::Registration by_client(limits.closing, wake);
  std::unique_lock lock(mutex_);
  const Waiting waiting(*this);
  while (in_use_ >= size_) {
    limits.check();
    if (limits.deadline.is_never()) {
      freed_.wait(lock);
    } else {
      freed_.wait_until(lock, limits.deadline.at());
    }
  }
  ++in_use_;
}

std::unique_ptr<Session> Pool::take_idle() {
  for (;;) {
    std::unique_ptr<Session> session;
    {
      std::lock_guard lock(mutex_);
      if (idle_.empty()) return nullptr;
      session = std::move(idle_.back());
      idle_.pop_back();
    }
    if (session->usable()) return session;
  }
}

void Pool::give_back(std::unique_ptr<Session> session) {
  const bool keep = keeps_ && session && session->reusable();
  if (!keep) session.reset();
  {
    std::lock_guard lock(mutex_);
    --in_use_;
    if (keep) idle_.push_back(std::move(session));
  }
  freed_.notify_one();
}

PoolCounts Pool::counts() {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  std::lock_guard lock(mutex_);
  return {.size = static_cast<std::int64_t>(size_),
          .idle = static_cast<std::int64_t>(idle_.size()),
          .in_use = static_cast<std::int64_t>(in_use_),
          .waiting = waiting_,
          .waits = waits_,
          .waited_us = duration_cast<microseconds>(waited_).count()};
}

}  // namespace dbosc::sql
