#include "watch/subscription.h"

namespace dbosc::watch {

Subscription::Subscription(Watcher& watcher, std::vector<Topic> topics,
                           Watcher::FirstLook first_look)
    : watcher_(watcher), tickets_(watcher.subscribe(std::move(topics), *this, first_look)) {}

void Subscription::answered(std::size_t index, Answer answer) {
  std::lock_guard lock(mutex_);
  arrived_.emplace_back(index, std::move(answer));
  ready_.notify_all();
}

void Subscription::failed(const Error& failure) {
  std::lock_guard lock(mutex_);
  failure_ = failure;
  ready_.notify_all();
}

Subscription::Arrived Subscription::wait_next(const Limits& limits) {
  const auto wake = [this] {
    std::lock_guard lock(mutex_);
    ready_.notify_all();
  };
  const Cancel::Registration by_caller(limits.cancel, wake);
  const Cancel::Registration by_client(limits.closing, wake);
  std::unique_lock lock(mutex_);
  while (arrived_.empty()) {
    if (failure_) throw Error(*failure_);
    limits.check();
    if (limits.deadline.is_never()) {
      ready_.wait(lock);
    } else {
      ready_.wait_until(lock, limits.deadline.at());
    }
  }
  auto first = std::move(arrived_.front());
  arrived_.pop_front();
  return first;
}

}  // namespace dbosc::watch
