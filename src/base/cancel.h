#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>

#include "base/file_descriptor.h"

namespace dbosc {

/// A sticky request to stop. Any thread may trigger it; waits in poll(2) watch `fd`, waits on a
/// condition register.
class Cancel {
 public:
  Cancel() = default;
  Cancel(const Cancel&) = delete;
  Cancel& operator=(const Cancel&) = delete;

  void trigger() noexcept;
  bool triggered() const noexcept { return triggered_.load(std::memory_order_acquire); }
  /// Readable for ever once triggered. Made when first asked for: a hundred thousand calls may have
  /// a token each. Throws Error(kUnavailable, "no_file_descriptors") where the process has no
  /// descriptor left.
  int fd() const;

  /// Calls `wake` on trigger (at once if that has been), from the triggering thread, until
  /// destroyed.
  class Registration {
   public:
    Registration(const Cancel* cancel, std::function<void()> wake);
    ~Registration();
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

   private:
    const Cancel* cancel_;
    std::list<std::function<void()>>::iterator entry_;
  };

 private:
  std::atomic<bool> triggered_{false};
  mutable std::mutex mutex_;
  mutable FileDescriptor fd_;  // guarded by mutex_
  mutable std::list<std::function<void()>> wakers_;
};

}  // namespace dbosc
