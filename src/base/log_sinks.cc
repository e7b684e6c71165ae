#include "base/log_sinks.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

#include "base/clock.h"
#include "base/instant.h"

namespace dbosc::log {
namespace {

/// What a queue holds that nobody reads: a few hundred kilobytes.
constexpr std::size_t kMostQueued = 1024;

thread_local bool in_callback = false;

Level level_of_environment() {
  const char* name = std::getenv("DBOSC_LOG");
  return name ? level_of(name).value_or(Level::kOff) : Level::kOff;
}

/// In one piece, so that the lines of several threads stay whole.
void write_to_stderr(const std::string& line) {
  const auto text = line + '\n';
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

std::string dropped_line(std::int64_t count) {
  JsonWriter out;
  out.begin_object().key("time").string(format_rfc3339(now_ms()));
  out.key("level").string("warn");
  out.key("event").string("log_lines_dropped");
  out.key("message").string("the queue of log lines was full; lines are missing here");
  out.key("count").integer(count).end_object();
  return std::string(out.view());
}

}  // namespace

bool detail::look_at_environment(Level level) {
  try {
    Sinks::of_process();
  } catch (...) {
    return false;  // no memory for it yet: the next line asks again
  }
  return log::wanted(level);
}

bool set(Level level, Callback callback) {
  return Sinks::of_process().set(level, std::move(callback));
}

std::int64_t dropped() { return Sinks::of_process().dropped(); }

Next next(Deadline deadline) { return Sinks::of_process().next(deadline); }

Sinks& Sinks::of_process() {
  // Never destroyed: other threads may tell something while the process ends.
  static Sinks& sinks = *new Sinks;
  return sinks;
}

Sinks::Sinks() : stderr_level_(level_of_environment()), target_(std::make_shared<Target>()) {
  publish_level(Level::kOff);
  ::pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

void Sinks::publish_level(Level target) {
  detail::wanted.store(static_cast<int>(std::max(target, stderr_level_)),
                       std::memory_order_relaxed);
}

void Sinks::tell(Level level, std::string line) {
  if (level <= stderr_level_) write_to_stderr(line);
  std::shared_ptr<Target> target;
  {
    std::lock_guard lock(mutex_);
    if (level > target_->level) return;
    if (!target_->callback) return put(std::move(line));
    target = target_;
    ++target->running;
  }
  const bool outer = std::exchange(in_callback, true);
  target->callback(level, line.c_str());
  in_callback = outer;
  std::lock_guard lock(mutex_);
  if (--target->running == 0) ended_.notify_all();
}

bool Sinks::set(Level level, Callback callback) {
  if (in_callback) return false;
  auto next = std::make_shared<Target>(Target{level, std::move(callback)});
  std::unique_lock lock(mutex_);
  const auto before = std::exchange(target_, std::move(next));
  publish_level(level);
  queue_.clear();
  dropped_ = 0;
  arrived_.notify_all();
  ended_.wait(lock, [&] { return before->running == 0; });
  return true;
}

void Sinks::put(std::string line) {
  if (queue_.size() >= kMostQueued) {
    ++dropped_;
    ++dropped_in_all_;
    return;
  }
  // Told where they are missing.
  if (dropped_ > 0) queue_.push_back(dropped_line(std::exchange(dropped_, 0)));
  queue_.push_back(std::move(line));
  arrived_.notify_one();
}

std::string Sinks::take() {
  if (queue_.empty()) return dropped_line(std::exchange(dropped_, 0));
  auto line = std::move(queue_.front());
  queue_.pop_front();
  return line;
}

Next Sinks::next(Deadline deadline) {
  std::unique_lock lock(mutex_);
  const auto is_open = [&] { return target_->level != Level::kOff && !target_->callback; };
  const auto ready = [&] { return !is_open() || !queue_.empty() || dropped_ > 0; };
  if (deadline.is_never()) {
    arrived_.wait(lock, ready);
  } else if (!arrived_.wait_until(lock, deadline.at(), ready)) {
    return {};
  }
  if (!is_open()) return {std::nullopt, false};
  return {take()};
}

void Sinks::before_fork() { of_process().mutex_.lock(); }

void Sinks::after_fork_in_parent() { of_process().mutex_.unlock(); }

void Sinks::after_fork_in_child() {
  auto& sinks = of_process();
  // The threads that ran callbacks or waited are the parent's.
  sinks.target_->running = in_callback ? 1 : 0;
  sinks.queue_.clear();
  sinks.dropped_ = 0;
  new (&sinks.arrived_) std::condition_variable;
  new (&sinks.ended_) std::condition_variable;
  sinks.mutex_.unlock();
}

}  // namespace dbosc::log
