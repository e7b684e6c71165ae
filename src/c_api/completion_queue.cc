#include "c_api/completion_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "c_api/boundary.h"

dbosc_completion::~dbosc_completion() {
  std::free(reply);
  dbosc_error_free(error);
  if (queue) queue->give_up_place();
}

void dbosc_completion::succeeded(dbosc::JsonWriter& out) noexcept {
  status = dbosc::c_api::guarded(&error, [&] { reply = out.release(); });
  queue->push(this);
}

void dbosc_completion::failed(const std::exception_ptr& failure) noexcept {
  status = dbosc::c_api::guarded(&error, [&] { std::rethrow_exception(failure); });
  queue->push(this);
}

namespace dbosc::c_api {

CompletionQueue::CompletionQueue(std::int64_t capacity)
    : capacity_(capacity), process_id_(::getpid()), fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_.get() < 0) {
    throw Error(Code::kUnavailable, "no_file_descriptors", "no file descriptor for completions");
  }
}

CompletionQueue::~CompletionQueue() = default;

bool CompletionQueue::is_own_process() const { return ::getpid() == process_id_; }

std::unique_ptr<dbosc_completion> CompletionQueue::reserve(
    std::int64_t tag, const std::shared_ptr<client::Submissions>& client) {
  {
    std::lock_guard lock(mutex_);
    if (capacity_ > 0 && places_ >= capacity_) {
      Error full(Code::kUnavailable, "completions_full",
                 "there are " + std::to_string(places_) +
                     " calls whose outcomes have not been taken, as many as may be");
      full.retry = Retry::kAtOnce;
      throw full;
    }
    const auto is_it = [&](const auto& known) {
      return !known.owner_before(client) && !client.owner_before(known);
    };
    if (std::none_of(clients_.begin(), clients_.end(), is_it)) {
      std::erase_if(clients_, [](const auto& known) { return known.expired(); });
      clients_.push_back(client);
    }
    ++places_;
  }
  try {
    return std::make_unique<dbosc_completion>(shared_from_this(), tag);
  } catch (...) {
    give_up_place();
    throw;
  }
}

void CompletionQueue::give_up_place() noexcept {
  std::lock_guard lock(mutex_);
  --places_;
}

void CompletionQueue::push(dbosc_completion* completion) noexcept {
  const auto keep = completion->queue;
  {
    std::lock_guard lock(mutex_);
    if (!closed_) {
      (last_ ? last_->next : first_) = completion;
      if (!last_) set_readable();
      last_ = completion;
      arrived_.notify_one();
      return;
    }
  }
  delete completion;
}

dbosc_completion* CompletionQueue::take(Deadline deadline, std::int64_t most) {
  dbosc_completion* first = nullptr;
  std::unique_lock lock(mutex_);
  const auto any = [this] { return first_ != nullptr; };
  if (deadline.is_never()) {
    arrived_.wait(lock, any);
  } else if (!arrived_.wait_until(lock, deadline.at(), any)) {
    return nullptr;
  }
  first = first_;
  auto* last = first;
  std::int64_t count = 1;
  for (; count < most && last->next; ++count) last = last->next;
  first_ = std::exchange(last->next, nullptr);
  places_ -= count;
  if (!first_) {
    last_ = nullptr;
    set_unreadable();
  } else {
    arrived_.notify_one();
  }
  return first;
}

void CompletionQueue::put_back(dbosc_completion* first) noexcept {
  auto* last = first;
  std::lock_guard lock(mutex_);
  for (++places_; last->next; ++places_) last = last->next;
  last->next = first_;
  if (!first_) {
    last_ = last;
    set_readable();
  }
  first_ = first;
  arrived_.notify_one();
}

void CompletionQueue::close() noexcept {
  std::vector<std::weak_ptr<client::Submissions>> clients;
  dbosc_completion* rest = nullptr;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    clients.swap(clients_);
    std::swap(rest, first_);
    last_ = nullptr;
  }
  while (rest) delete std::exchange(rest, rest->next);
  for (const auto& client : clients) {
    if (const auto alive = client.lock()) alive->abandon(this);
  }
}

void CompletionQueue::set_readable() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd_.get(), &one, sizeof one);
}

void CompletionQueue::set_unreadable() noexcept {
  std::uint64_t count;
  [[maybe_unused]] const auto taken = ::read(fd_.get(), &count, sizeof count);
}

}  // namespace dbosc::c_api
