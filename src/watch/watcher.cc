#include "watch/watcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/error.h"
#include "base/thread.h"
#include "watch/pace.h"

namespace dbosc::watch {
namespace {

/// What one statement of the watcher may take before its connection is given up.
constexpr milliseconds kStatementTimeout{10000};
constexpr std::array<std::string_view, 1> kChannels = {store::kEventsChannel};

}  // namespace

Watcher::Watcher(sql::Connector connector, LayoutOf layout_of, Settings settings)
    : connector_(std::move(connector)),
      layout_of_(std::move(layout_of)),
      settings_(settings),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_fd_.get() < 0)
    throw Error(Code::kUnavailable, "no_file_descriptors", "no descriptor for the watcher");
}

Watcher::~Watcher() {
  stop_.trigger();
  if (thread_.joinable()) thread_.join();
}

Watcher::Entries::iterator Watcher::subscribe(Topic topic) {
  std::lock_guard lock(mutex_);
  auto& entry = entries_.emplace_front();
  entry.topic = std::move(topic);
  entry.since = MonotonicClock::now();
  if (!thread_.joinable()) thread_ = start_thread([this] { run(); });
  wake();
  return entries_.begin();
}

void Watcher::unsubscribe(Entries::iterator entry) {
  std::lock_guard lock(mutex_);
  entries_.erase(entry);
}

void Watcher::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_fd_.get(), &one, sizeof one);
}

void Watcher::run() {
  while (!stop_.triggered()) {
    try {
      wait_for_work();
      if (stop_.triggered()) return;
      connect_if_needed();
      poll();
      failures_ = 0;
    } catch (const Error& error) {
      if (stop_.triggered()) return;
      drop_connection();
      ++failures_;
      const bool lasting = error.retry == Retry::kNever && error.code != Code::kTimeout;
      if (lasting || !settings_.retry_lost_connections) fail_all(std::current_exception());
    } catch (...) {
      drop_connection();
      ++failures_;
      fail_all(std::current_exception());
    }
  }
}

Deadline Watcher::next_tick() {
  std::lock_guard lock(mutex_);
  std::optional<milliseconds> wait;
  const auto now = MonotonicClock::now();
  for (const auto& entry : entries_) {
    if (entry.done) continue;
    if (entry.due && failures_ == 0) return Deadline::in(milliseconds(0));
    const bool announced = listening_ && entry.topic.kind == Topic::Kind::kEvent;
    const auto pace = announced ? settings_.poll_interval
                                : tick_after(now - entry.since, settings_.poll_interval);
    wait = std::min(wait.value_or(pace), pace);
  }
  if (!wait) return Deadline::never();
  if (failures_ > 0) return Deadline::in(pause_after(failures_));
  const auto since_poll = std::chrono::duration_cast<milliseconds>(now - last_poll_);
  return Deadline::in(std::max(milliseconds(0), with_jitter(*wait) - since_poll));
}

/// Sleeps until a tick is due, something is announced, or the set of waits changed so that the tick
/// must be set anew.
void Watcher::wait_for_work() {
  for (;;) {
    // Also what came along with the answer of the last statement: the socket will not become
    // readable for that again.
    take_announcements();
    const auto tick = next_tick();
    std::array<pollfd, 3> fds{{{wake_fd_.get(), POLLIN, 0},
                               {stop_.fd(), POLLIN, 0},
                               {session_ ? session_->notification_fd() : -1, POLLIN, 0}}};
    const int ready = ::poll(fds.data(), fds.size(), tick.poll_timeout());
    if (ready <= 0) {
      if (ready == 0) return;
      continue;  // interrupted
    }
    if (fds[1].revents) return;
    if (fds[0].revents) {
      std::uint64_t count;
      [[maybe_unused]] const auto taken = ::read(wake_fd_.get(), &count, sizeof count);
    }
  }
}

void Watcher::connect_if_needed() {
  const Limits limits{Deadline::in(kStatementTimeout), nullptr, &stop_};
  if (session_) {
    session_->set_limits(limits);
    return;
  }
  session_ = connector_(limits);
  listening_ = settings_.listen && session_->listen(kChannels);
  // What was announced before the listener stood is lost: look at everything once.
  std::lock_guard lock(mutex_);
  for (auto& entry : entries_) entry.due = true;
}

void Watcher::take_announcements() {
  if (!session_ || session_->notification_fd() < 0) return;
  const auto arrived = session_->notifications();
  if (arrived.empty()) return;
  std::set<std::string, std::less<>> announced;
  for (const auto& notification : arrived) announced.insert(notification.payload);
  std::lock_guard lock(mutex_);
  for (auto& entry : entries_) {
    if (entry.topic.kind != Topic::Kind::kEvent) continue;
    entry.due |= announced.contains(
        store::event_announcement(entry.topic.workflow_id, entry.topic.event_key));
  }
}

void Watcher::poll() {
  last_poll_ = MonotonicClock::now();
  {
    std::lock_guard lock(mutex_);
    for (auto& entry : entries_) entry.due = false;
  }
  poll_results();
  poll_events();
}

void Watcher::poll_results() {
  std::vector<std::string> ids;
  {
    std::lock_guard lock(mutex_);
    std::set<std::string_view> seen;
    for (const auto& entry : entries_) {
      if (entry.topic.kind != Topic::Kind::kResult || entry.done) continue;
      if (seen.insert(entry.topic.workflow_id).second) ids.push_back(entry.topic.workflow_id);
    }
  }
  if (ids.empty()) return;
  auto finished = store::read_finished(*session_, *layout_of_(*session_), ids);
  std::map<std::string_view, const store::Outcome*> by_id;
  for (const auto& outcome : finished) by_id[outcome.workflow_id] = &outcome;
  std::lock_guard lock(mutex_);
  for (auto& entry : entries_) {
    if (entry.topic.kind != Topic::Kind::kResult) continue;
    const auto found = by_id.find(entry.topic.workflow_id);
    if (found != by_id.end()) finish(entry, *found->second);
  }
}

void Watcher::poll_events() {
  std::set<std::string> ids, keys;
  {
    std::lock_guard lock(mutex_);
    for (const auto& entry : entries_) {
      if (entry.topic.kind != Topic::Kind::kEvent || entry.done) continue;
      ids.insert(entry.topic.workflow_id);
      keys.insert(entry.topic.event_key);
    }
  }
  if (ids.empty()) return;
  const auto events =
      store::read_events(*session_, {ids.begin(), ids.end()}, {keys.begin(), keys.end()});
  std::lock_guard lock(mutex_);
  for (auto& entry : entries_) {
    if (entry.topic.kind != Topic::Kind::kEvent) continue;
    for (const auto& event : events) {
      if (event.workflow_id == entry.topic.workflow_id && event.key == entry.topic.event_key) {
        finish(entry, event);
      }
    }
  }
}

void Watcher::finish(Entry& entry, Answer answer) {
  if (entry.done) return;
  entry.answer = std::move(answer);
  entry.done = true;
  entry.ready.notify_all();
}

void Watcher::fail_all(std::exception_ptr failure) {
  std::lock_guard lock(mutex_);
  for (auto& entry : entries_) {
    if (entry.done) continue;
    entry.failure = failure;
    entry.done = true;
    entry.ready.notify_all();
  }
}

void Watcher::drop_connection() {
  session_.reset();
  listening_ = false;
}

Subscription::Subscription(Watcher& watcher, Topic topic)
    : watcher_(watcher), entry_(watcher.subscribe(std::move(topic))) {}

Subscription::~Subscription() { watcher_.unsubscribe(entry_); }

Answer Subscription::wait(const Limits& limits) {
  const auto wake = [this] {
    std::lock_guard lock(watcher_.mutex_);
    entry_->ready.notify_all();
  };
  const Cancel::Registration by_caller(limits.cancel, wake);
  const Cancel::Registration by_client(limits.closing, wake);
  std::unique_lock lock(watcher_.mutex_);
  while (!entry_->done) {
    limits.check();
    if (limits.deadline.is_never()) {
      entry_->ready.wait(lock);
    } else {
      entry_->ready.wait_until(lock, limits.deadline.at());
    }
  }
  if (entry_->failure) std::rethrow_exception(entry_->failure);
  return entry_->answer;
}

}  // namespace dbosc::watch
