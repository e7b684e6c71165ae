#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/cancel.h"
#include "client/operations.h"
#include "watch/watcher.h"

namespace dbosc::client {

/// Where the outcome of a submitted call goes: one of the two, once, from a thread of the library.
/// Whoever calls it has let go of it: it belongs to itself.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual void succeeded(JsonWriter& reply) noexcept = 0;
  virtual void failed(const std::exception_ptr& failure) noexcept = 0;
  /// Whether its outcome goes to this queue.
  virtual bool belongs_to(const void* queue) const noexcept = 0;
};

class Submissions;

/// A submitted call on its way. Where it waits it occupies no thread.
class Task final : public std::enable_shared_from_this<Task>, private watch::Waiter {
 public:
  Task(Submissions& submissions, std::unique_ptr<PreparedCall> call,
       std::shared_ptr<const Cancel> cancel)
      : submissions_(submissions), call_(std::move(call)), cancel_(std::move(cancel)) {}

 private:
  friend class Submissions;
  enum class State : std::uint8_t {
    kHeld,     ///< One thread works on it, which alone may touch what has no guard.
    kWaiting,  ///< For the watcher.
    kQueued,   ///< For a thread.
  };
  using Place = std::list<std::shared_ptr<Task>>::iterator;
  using Alarm = std::multimap<MonotonicClock::time_point, Task*>::iterator;

  void answered(std::size_t index, watch::Answer answer) override;
  void failed(const Error& failure) override;
  void found_nothing() override;

  Submissions& submissions_;
  const std::unique_ptr<PreparedCall> call_;
  const std::shared_ptr<const Cancel> cancel_;
  std::optional<Cancel::Registration> on_cancel_;
  watch::Watcher::Tickets tickets_;

  // Guarded by Submissions::mutex_.
  std::unique_ptr<Receiver> receiver_;
  State state_ = State::kHeld;
  bool asked_last_ = false;       ///< The watcher takes a last look.
  bool ran_out_ = false;          ///< That has brought nothing.
  bool needs_attention_ = false;  ///< Stands in Submissions::attention_, not in tasks_.
  std::vector<std::pair<std::size_t, watch::Answer>> inbox_;
  std::exception_ptr stop_;  ///< Why it must end.
  std::optional<Alarm> alarm_;
  Place place_;
};

}  // namespace dbosc::client
