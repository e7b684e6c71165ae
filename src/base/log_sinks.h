#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "base/log.h"

namespace dbosc::log {

/// Where the lines of a process go: its standard error where DBOSC_LOG says so, and one callback or
/// queue.
class Sinks {
 public:
  static Sinks& of_process();

  void tell(Level level, std::string line);
  bool set(Level level, Callback callback);
  Next next(Deadline deadline);
  /// Lines that no queue had room for, since the process began.
  std::int64_t dropped() const { return dropped_in_all_; }

 private:
  struct Target {
    Level level = Level::kOff;
    Callback callback;  ///< Empty: the queue.
    int running = 0;    ///< Guarded by mutex_.
  };

  Sinks();
  void publish_level(Level target);
  void put(std::string line);
  std::string take();

  // Around fork(): the child gets a lock that nobody holds, and no line twice.
  static void before_fork();
  static void after_fork_in_parent();
  static void after_fork_in_child();

  const Level stderr_level_;
  std::mutex mutex_;
  std::condition_variable arrived_, ended_;
  std::shared_ptr<Target> target_;  // guarded by mutex_, as are these
  std::deque<std::string> queue_;
  std::int64_t dropped_ = 0;  ///< Since the last line that was put.
  std::atomic<std::int64_t> dropped_in_all_{0};
};

}  // namespace dbosc::log
