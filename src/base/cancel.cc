#include "base/cancel.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace dbosc {

namespace {

void make_readable(const FileDescriptor& fd) noexcept {
  const std::uint64_t one = 1;
  // The counter starts at 0 and is written once, so the write cannot block or fail.
  [[maybe_unused]] const auto written = ::write(fd.get(), &one, sizeof one);
}

}  // namespace

int Cancel::fd() const {
  std::lock_guard lock(mutex_);
  if (fd_.get() < 0) {
    FileDescriptor made(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (made.get() < 0) {
      throw Error(
          Code::kUnavailable, "no_file_descriptors",
          "no file descriptor for a cancel token: " + std::generic_category().message(errno));
    }
    if (triggered()) make_readable(made);
    fd_ = std::move(made);
  }
  return fd_.get();
}

void Cancel::trigger() noexcept {
  if (triggered_.exchange(true, std::memory_order_acq_rel)) return;
  std::lock_guard lock(mutex_);
  if (fd_.get() >= 0) make_readable(fd_);
  for (const auto& wake : wakers_) wake();
}

Cancel::Registration::Registration(const Cancel* cancel, std::function<void()> wake)
    : cancel_(cancel) {
  if (!cancel_) return;
  std::lock_guard lock(cancel_->mutex_);
  cancel_->wakers_.push_front(std::move(wake));
  entry_ = cancel_->wakers_.begin();
  if (cancel_->triggered()) (*entry_)();
}

Cancel::Registration::~Registration() {
  if (!cancel_) return;
  std::lock_guard lock(cancel_->mutex_);
  cancel_->wakers_.erase(entry_);
}

}  // namespace dbosc
