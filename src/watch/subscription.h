#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "watch/watcher.h"

namespace dbosc::watch {

/// A blocked thread's wait, for one topic or several.
class Subscription final : private Waiter {
 public:
  Subscription(Watcher& watcher, std::vector<Topic> topics,
               Watcher::FirstLook first_look = Watcher::FirstLook::kAtOnce);
  Subscription(Watcher& watcher, Topic topic)
      : Subscription(watcher, std::vector<Topic>{std::move(topic)}) {}
  ~Subscription() { watcher_.unsubscribe(tickets_); }
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  using Arrived = std::pair<std::size_t, Answer>;
  /// Blocks until one more topic has its answer. Throws as Limits::check, or why the watch cannot
  /// go on.
  Arrived wait_next(const Limits& limits);
  /// The answer to the only topic.
  Answer wait(const Limits& limits) { return wait_next(limits).second; }

 private:
  void answered(std::size_t index, Answer answer) override;
  void failed(const Error& failure) override;

  Watcher& watcher_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Arrived> arrived_;   // guarded by mutex_
  std::optional<Error> failure_;  // guarded by mutex_
  const Watcher::Tickets tickets_;
};

}  // namespace dbosc::watch
