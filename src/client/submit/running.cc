// How submitted calls are run, and how they end.

#include "client/submit/submissions.h"
#include "client/wait/waiting.h"

namespace dbosc::client {

void Task::answered(std::size_t index, watch::Answer answer) {
  std::lock_guard lock(submissions_.mutex_);
  inbox_.emplace_back(index, std::move(answer));
  if (state_ == State::kWaiting && !needs_attention_) submissions_.enqueue(*this);
}

void Task::failed(const Error& failure) {
  const auto own = std::make_exception_ptr(failure);
  std::lock_guard lock(submissions_.mutex_);
  submissions_.end(*this, own);
}

void Task::found_nothing() {
  std::lock_guard lock(submissions_.mutex_);
  ran_out_ = true;
  if (state_ == State::kWaiting) submissions_.attend(*this);
}

void Submissions::work() {
  Lock lock(mutex_);
  for (;;) {
    ++idle_workers_;
    work_.wait(lock, [this] { return quit_ || !queue_.empty(); });
    --idle_workers_;
    if (quit_) return;
    const auto task = std::move(queue_.front());
    queue_.pop_front();
    // One that was ended meanwhile was taken out of turn.
    if (task->state_ != Task::State::kQueued) continue;
    task->state_ = Task::State::kHeld;
    lock.unlock();
    run(*task);
    lock.lock();
  }
}

void Submissions::run(Task& task) {
  finish_by(task, [&](Call& call, JsonWriter& reply) {
    if (task.tickets_.empty()) {
      task.call_->run(call, reply);
      return true;
    }
    return run_steps(task, call, reply);
  });
}

/// Hands the answers that have come to the wait; false where it goes on waiting.
bool Submissions::run_steps(Task& task, Call& call, JsonWriter& reply) {
  auto& wait = *task.call_->wait();
  for (;;) {
    std::vector<std::pair<std::size_t, watch::Answer>> arrived;
    {
      std::lock_guard lock(mutex_);
      arrived.swap(task.inbox_);
    }
    if (arrived.empty()) return false;
    for (auto& [index, answer] : arrived) {
      const auto next = wait.wake(call, index, std::move(answer), reply);
      if (next == Wait::Next::kDone) return true;
      if (next == Wait::Next::kMore) continue;
      services_.watcher().unsubscribe(std::exchange(task.tickets_, {}));
      if (!subscribe(task)) {
        wait.run_out(reply);
        return true;
      }
      break;
    }
  }
}

template <class Step>
void Submissions::finish_by(Task& task, Step&& step) {
  // Not the caller's own token: its descriptor would stay with it, and there may be many.
  std::optional<Cancel> relay;
  if (task.cancel_) relay.emplace();
  JsonWriter reply;
  try {
    const Cancel::Registration link(task.cancel_.get(), [&] { relay->trigger(); });
    Call call{services_,
              {task.call_->deadline, relay ? &*relay : nullptr, &services_.closing()},
              {services_.codecs(), task.call_->payloads},
              nullptr};
    if (!step(call, reply)) return settle(task, false);
  } catch (...) {
    return finish(task, nullptr, std::current_exception());
  }
  finish(task, &reply, nullptr);
}

void Submissions::count(const Task& task, const std::exception_ptr& failure) noexcept {
  const auto& call = *task.call_;
  try {
    if (failure) std::rethrow_exception(failure);
    count_call(services_, *call.operation, call.since, nullptr);
  } catch (const Error& error) {
    count_call(services_, *call.operation, call.since, &error);
  } catch (...) {
    // Short words, which need no memory: there may be none left.
    const Error unforeseen(Code::kInternal, "internal", "unforeseen");
    count_call(services_, *call.operation, call.since, &unforeseen);
  }
}

/// Ends a held task.
void Submissions::finish(Task& task, JsonWriter* reply, const std::exception_ptr& failure) {
  const auto keep = task.shared_from_this();
  // Outside our lock: their locks come before it.
  if (!task.tickets_.empty()) services_.watcher().unsubscribe(std::exchange(task.tickets_, {}));
  task.on_cancel_.reset();
  std::unique_ptr<Receiver> receiver;
  {
    std::lock_guard lock(mutex_);
    clear_alarm(task);
    receiver = std::move(task.receiver_);
  }
  count(task, failure);
  if (reply) {
    receiver.release()->succeeded(*reply);
  } else {
    receiver.release()->failed(failure);
  }
  services_.leave();
  std::lock_guard lock(mutex_);
  (task.needs_attention_ ? attention_ : tasks_).erase(task.place_);
  if (tasks_.empty() && attention_.empty()) empty_.notify_all();
}

void Submissions::keep_time() {
  Lock lock(mutex_);
  for (;;) {
    if (!attention_.empty()) {
      const auto task = attention_.front();
      task->needs_attention_ = false;
      tasks_.splice(tasks_.end(), attention_, task->place_);
      attend_to(lock, *task);
    } else if (quit_) {
      return;
    } else if (alarms_.empty()) {
      time_.wait(lock);
    } else if (const auto first = alarms_.begin()->first; MonotonicClock::now() < first) {
      time_.wait_until(lock, first);
    } else {
      ring(lock, *alarms_.begin()->second);
    }
  }
}

void Submissions::attend_to(Lock& lock, Task& task) {
  if (task.state_ == Task::State::kHeld) return;
  if (!task.stop_ && !task.inbox_.empty()) {
    // The answer came after all.
    if (task.state_ == Task::State::kWaiting) enqueue(task);
    return;
  }
  if (!task.stop_ && !task.ran_out_) return;
  task.state_ = Task::State::kHeld;
  const auto reason = task.stop_;
  lock.unlock();
  if (reason) {
    finish(task, nullptr, reason);
  } else {
    finish_by(task, [&](Call&, JsonWriter& reply) {
      task.call_->wait()->run_out(reply);
      return true;
    });
  }
  lock.lock();
}

/// The deadline of a task.
void Submissions::ring(Lock& lock, Task& task) {
  clear_alarm(task);
  // One that runs knows its deadline itself; one that goes on waiting gets its alarm anew.
  if (task.state_ == Task::State::kHeld) return;
  if (task.tickets_.empty()) return end(task, timed_out_);
  if (task.state_ == Task::State::kQueued) return;
  if (std::exchange(task.asked_last_, true)) {
    task.ran_out_ = true;
    return attend(task);
  }
  // What it waits for may have come since the last tick. The watcher looks once more for all whose
  // time has run out together; where it cannot within a second, the wait ends as it is.
  const auto keep = task.shared_from_this();
  set_alarm(task, MonotonicClock::now() + milliseconds(1000));
  task.state_ = Task::State::kHeld;
  lock.unlock();
  services_.watcher().look_once_more(task.tickets_);
  settle(task, false);
  lock.lock();
}

}  // namespace dbosc::client
