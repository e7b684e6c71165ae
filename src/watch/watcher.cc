#include "watch/watcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "base/thread.h"
#include "store/streams.h"
#include "watch/pace.h"

namespace dbosc::watch {
namespace {

/// What one statement of the watcher may take before its connection is given up.
constexpr milliseconds kStatementTimeout{10000};
constexpr std::array<std::string_view, 2> kChannels = {store::kEventsChannel,
                                                       store::kStreamsChannel};

/// Where a topic is announced; results are not.
std::string_view channel_of(Topic::Kind kind) {
  switch (kind) {
    case Topic::Kind::kEvent:
      return store::kEventsChannel;
    case Topic::Kind::kStream:
      return store::kStreamsChannel;
    case Topic::Kind::kResult:
      break;
  }
  return {};
}

}  // namespace

Topic Topic::result(std::string workflow_id) {
  return {Kind::kResult, std::move(workflow_id), {}, 0};
}
Topic Topic::event(std::string workflow_id, std::string key) {
  return {Kind::kEvent, std::move(workflow_id), std::move(key), 0};
}
Topic Topic::stream(std::string workflow_id, std::string key, std::int64_t offset) {
  return {Kind::kStream, std::move(workflow_id), std::move(key), offset};
}

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

std::vector<Watcher::Entries::iterator> Watcher::subscribe(std::vector<Topic> topics,
                                                           Group& group) {
  std::vector<Entries::iterator> subscribed;
  subscribed.reserve(topics.size());
  std::lock_guard lock(mutex_);
  const auto now = MonotonicClock::now();
  for (auto& topic : topics) {
    auto& entry = entries_.emplace_front();
    entry.topic = std::move(topic);
    entry.index = subscribed.size();
    entry.group = &group;
    entry.since = now;
    subscribed.push_back(entries_.begin());
  }
  if (!thread_.joinable()) thread_ = start_thread([this] { run(); });
  wake();
  return subscribed;
}

void Watcher::unsubscribe(const std::vector<Entries::iterator>& entries) {
  std::lock_guard lock(mutex_);
  for (const auto& entry : entries) entries_.erase(entry);
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
      if (!settings_.keep_connection) drop_connection();
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
    const bool announced = listening_ && entry.topic.kind != Topic::Kind::kResult;
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
  std::set<std::pair<std::string, std::string>> announced;
  for (const auto& notification : arrived) {
    announced.emplace(notification.channel, notification.payload);
  }
  std::lock_guard lock(mutex_);
  for (auto& entry : entries_) {
    const auto channel = channel_of(entry.topic.kind);
    if (channel.empty()) continue;
    entry.due |= announced.contains(
        {std::string(channel), store::announcement(entry.topic.workflow_id, entry.topic.key)});
  }
}

void Watcher::finish(Entry& entry, Answer answer) {
  if (entry.done) return;
  entry.answer = std::move(answer);
  entry.done = true;
  entry.group->finished.push_back(entry.index);
  entry.group->ready.notify_all();
}

void Watcher::fail_all(std::exception_ptr failure) {
  std::lock_guard lock(mutex_);
  for (auto& entry : entries_) {
    if (entry.done) continue;
    entry.done = true;
    entry.group->failure = failure;
    entry.group->ready.notify_all();
  }
}

void Watcher::drop_connection() {
  session_.reset();
  listening_ = false;
}

Subscription::Subscription(Watcher& watcher, std::vector<Topic> topics)
    : watcher_(watcher), entries_(watcher.subscribe(std::move(topics), group_)) {}

Subscription::~Subscription() { watcher_.unsubscribe(entries_); }

std::size_t Subscription::wait_next(const Limits& limits) {
  const auto wake = [this] {
    std::lock_guard lock(watcher_.mutex_);
    group_.ready.notify_all();
  };
  const Cancel::Registration by_caller(limits.cancel, wake);
  const Cancel::Registration by_client(limits.closing, wake);
  std::unique_lock lock(watcher_.mutex_);
  while (group_.finished.empty()) {
    if (group_.failure) std::rethrow_exception(group_.failure);
    limits.check();
    if (limits.deadline.is_never()) {
      group_.ready.wait(lock);
    } else {
      group_.ready.wait_until(lock, limits.deadline.at());
    }
  }
  const auto index = group_.finished.front();
  group_.finished.pop_front();
  return index;
}

Answer Subscription::wait(const Limits& limits) {
  const auto index = wait_next(limits);
  std::lock_guard lock(watcher_.mutex_);
  return std::move(entries_[index]->answer);
}

}  // namespace dbosc::watch
