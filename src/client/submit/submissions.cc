#include "client/submit/submissions.h"

#include <algorithm>

#include "base/thread.h"
#include "client/wait/waiting.h"

namespace dbosc::client {
namespace {

constexpr std::int64_t kMostWorkers = 16;

std::exception_ptr stopped(Code code, std::string kind, std::string message) {
  return std::make_exception_ptr(Error(code, std::move(kind), std::move(message)));
}

}  // namespace

Submissions::Submissions(Services& services)
    : services_(services),
      most_workers_(static_cast<std::size_t>(std::min(services.config().pool_size, kMostWorkers))),
      // Made before they are needed: neither a cancel nor a shutdown may fail for want of memory.
      cancelled_(stopped(Code::kCancelled, "cancelled", "the call was cancelled")),
      closed_(stopped(Code::kInvalidState, "closed", "the client was shut down")),
      timed_out_(stopped(Code::kTimeout, "timeout", "the deadline of the call passed")) {
  on_closing_.emplace(&services.closing(), [this] {
    std::lock_guard lock(mutex_);
    end_all();
  });
}

void Submissions::submit(std::unique_ptr<PreparedCall> call, std::shared_ptr<const Cancel> cancel,
                         std::unique_ptr<Receiver> receiver) {
  const auto task = std::make_shared<Task>(*this, std::move(call), std::move(cancel));
  take_in(task);
  bool waits = false;
  try {
    task->on_cancel_.emplace(task->cancel_.get(), [this, &held = *task] {
      std::lock_guard lock(mutex_);
      end(held, cancelled_);
    });
    waits = subscribe(*task);
  } catch (...) {
    task->on_cancel_.reset();
    std::lock_guard lock(mutex_);
    (task->needs_attention_ ? attention_ : tasks_).erase(task->place_);
    throw;
  }
  {
    std::lock_guard lock(mutex_);
    task->receiver_ = std::move(receiver);
  }
  settle(*task, !waits);
}

void Submissions::take_in(const std::shared_ptr<Task>& task) {
  std::lock_guard lock(mutex_);
  if (closing_) std::rethrow_exception(closed_);
  start_threads();
  task->place_ = tasks_.insert(tasks_.end(), task);
}

/// Subscribes a wait. False where it is none, or has nothing to wait for: it only looks.
bool Submissions::subscribe(Task& task) {
  auto* wait = task.call_->wait();
  if (!wait || task.call_->deadline.expired()) return false;
  auto topics = wait->topics();
  if (topics.empty()) return false;
  task.tickets_ =
      services_.watcher().subscribe(std::move(topics), task, watch::Watcher::FirstLook::kAtOnce);
  return true;
}

void Submissions::settle(Task& task, bool queue) {
  std::lock_guard lock(mutex_);
  task.state_ = Task::State::kWaiting;
  if (task.stop_) {
    attend(task);
  } else if (queue || !task.inbox_.empty()) {
    enqueue(task);
  } else if (task.ran_out_) {
    attend(task);
  }
  if (!task.alarm_ && !task.call_->deadline.is_never()) set_alarm(task, end_of(task));
}

/// When a task is ended by the clock. A wait that only looks has the time of a look even where its
/// own is over already.
MonotonicClock::time_point Submissions::end_of(const Task& task) {
  const auto deadline = task.call_->deadline.at();
  if (!task.call_->wait() || !task.tickets_.empty()) return deadline;
  return std::max(deadline, MonotonicClock::now() + milliseconds(1000));
}

void Submissions::start_threads() {
  if (!time_keeper_.joinable()) time_keeper_ = start_thread([this] { keep_time(); });
  if (workers_.empty()) workers_.push_back(start_thread([this] { work(); }));
}

void Submissions::enqueue(Task& task) {
  queue_.push_back(task.shared_from_this());
  task.state_ = Task::State::kQueued;
  if (queue_.size() > idle_workers_ && workers_.size() < most_workers_) {
    try {
      workers_.push_back(start_thread([this] { work(); }));
    } catch (const std::exception&) {
      // Those that are there will do.
    }
  }
  work_.notify_one();
}

void Submissions::end(Task& task, const std::exception_ptr& reason) {
  if (task.stop_) return;
  task.stop_ = reason;
  // Who holds it sees that when it settles, or is ended by its own limits.
  if (task.state_ != Task::State::kHeld) attend(task);
}

/// Without any memory: called where a token is triggered.
void Submissions::attend(Task& task) {
  if (task.needs_attention_) return;
  task.needs_attention_ = true;
  attention_.splice(attention_.end(), tasks_, task.place_);
  time_.notify_one();
}

void Submissions::end_all() {
  closing_ = true;
  for (auto at = tasks_.begin(); at != tasks_.end();) end(**at++, closed_);
  for (const auto& task : attention_) {
    if (!task->stop_) task->stop_ = closed_;
  }
}

void Submissions::abandon(const void* queue) {
  std::lock_guard lock(mutex_);
  for (auto at = tasks_.begin(); at != tasks_.end();) {
    auto& task = **at++;
    if (!task.call_->wait() || !task.receiver_) continue;
    if (task.receiver_->belongs_to(queue)) end(task, cancelled_);
  }
}

void Submissions::stop() {
  {
    Lock lock(mutex_);
    end_all();
    empty_.wait(lock, [this] { return tasks_.empty() && attention_.empty(); });
    quit_ = true;
    work_.notify_all();
    time_.notify_all();
  }
  for (auto& worker : workers_) {
    if (worker.joinable()) worker.join();
  }
  if (time_keeper_.joinable()) time_keeper_.join();
  on_closing_.reset();
}

void Submissions::set_alarm(Task& task, MonotonicClock::time_point at) {
  task.alarm_ = alarms_.emplace(at, &task);
  if (*task.alarm_ == alarms_.begin()) time_.notify_one();
}

void Submissions::clear_alarm(Task& task) {
  if (!task.alarm_) return;
  alarms_.erase(*task.alarm_);
  task.alarm_.reset();
}

Submissions::Counts Submissions::counts() {
  std::lock_guard lock(mutex_);
  return {static_cast<std::int64_t>(tasks_.size() + attention_.size()),
          static_cast<std::int64_t>(queue_.size()), static_cast<std::int64_t>(workers_.size())};
}

}  // namespace dbosc::client
