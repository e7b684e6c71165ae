#include "watch/watcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <new>

#include "base/error.h"
#include "base/log.h"
#include "base/thread.h"
#include "store/streams.h"
#include "watch/pace.h"

namespace dbosc::watch {
namespace {

/// What one statement of the watcher may take before its connection is given up.
constexpr milliseconds kStatementTimeout{10000};
constexpr std::array<std::string_view, 2> kChannels = {store::kEventsChannel,
                                                       store::kStreamsChannel};

/// For ppoll(2); nothing is left of a tick that is due.
timespec time_until(Deadline tick) {
  const auto left = std::max(tick.at() - MonotonicClock::now(), MonotonicClock::duration(0));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  return {static_cast<std::time_t>(seconds.count()),
          static_cast<long>(std::chrono::nanoseconds(left - seconds).count())};
}

}  // namespace

Watcher::Watcher(sql::Connector connector, LayoutOf layout_of, Settings settings)
    : connector_(std::move(connector)),
      layout_of_(std::move(layout_of)),
      settings_(settings),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_fd_.get() < 0)
    throw Error(Code::kUnavailable, "no_file_descriptors", "no descriptor for the watcher");
  stop_.fd();
}

Watcher::~Watcher() {
  stop_.trigger();
  if (thread_.joinable()) thread_.join();
}

Watcher::Tickets Watcher::subscribe(std::vector<Topic> topics, Waiter& waiter,
                                    FirstLook first_look) {
  Tickets tickets;
  tickets.reserve(topics.size());
  std::lock_guard lock(mutex_);
  if (!thread_.joinable()) thread_ = start_thread([this] { run(); });
  try {
    for (auto& topic : topics) {
      auto& waiting = lane(topic.kind);
      tickets.push_back(waiting.add(std::move(topic), waiter,
                                    static_cast<std::uint32_t>(tickets.size()),
                                    first_look == FirstLook::kAtOnce));
    }
  } catch (...) {
    for (const auto& ticket : tickets) lane(ticket->topic.kind).remove(ticket);
    throw;
  }
  wake();
  return tickets;
}

void Watcher::unsubscribe(const Tickets& tickets) {
  std::lock_guard lock(mutex_);
  for (const auto& ticket : tickets) lane(ticket->topic.kind).remove(ticket);
}

void Watcher::look_once_more(const Tickets& tickets) {
  std::lock_guard lock(mutex_);
  for (const auto& ticket : tickets) {
    if (ticket->done) continue;
    ticket->last_look = true;
    lane(ticket->topic.kind).hurry(*ticket);
  }
  wake();
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
      if (settings_.health) settings_.health->answered();
      if (!settings_.keep_connection) drop_connection();
      failures_ = 0;
    } catch (const Error& error) {
      const bool lasting = error.retry == Retry::kNever && error.code != Code::kTimeout;
      after_failure(error, lasting);
    } catch (const std::bad_alloc&) {
      after_failure(Error(Code::kOutOfMemory, "out_of_memory", "no memory left"), true);
    } catch (...) {
      after_failure(Error(Code::kInternal, "internal", "the watch failed"), true);
    }
  }
}

void Watcher::after_failure(const Error& failure, bool lasting) {
  if (stop_.triggered()) return;
  // A connection that was refused has been told by who made it.
  if (session_ && settings_.health && failure.retry == Retry::kReconnect) {
    settings_.health->failed(failure);
  }
  drop_connection();
  retry_at_ = MonotonicClock::now() + pause_after(++failures_);
  if (!lasting && settings_.retry_lost_connections) return;
  std::lock_guard lock(mutex_);
  for (auto& lane : lanes_) lane.fail_all(failure);
}

/// Sleeps until a tick is due, something is announced, or the set of waits changed so that the tick
/// must be set anew.
void Watcher::wait_for_work() {
  for (;;) {
    // Also what came along with the answer of the last statement: the socket will not become
    // readable for that again.
    take_announcements();
    const auto tick = next_tick();
    if (tick.expired()) return;
    std::array<pollfd, 3> fds{{{wake_fd_.get(), POLLIN, 0},
                               {stop_.fd(), POLLIN, 0},
                               {session_ ? session_->notification_fd() : -1, POLLIN, 0}}};
    // Not poll(): whole milliseconds are much of a young tick, and would leave no jitter.
    const auto left = time_until(tick);
    const int ready = ::ppoll(fds.data(), fds.size(), tick.is_never() ? nullptr : &left, nullptr);
    if (ready <= 0) continue;
    if (fds[1].revents) return;
    if (fds[0].revents) {
      std::uint64_t count;
      [[maybe_unused]] const auto taken = ::read(wake_fd_.get(), &count, sizeof count);
    }
  }
}

Deadline Watcher::next_tick() {
  std::lock_guard lock(mutex_);
  if (std::all_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return lane.empty(); })) {
    return rest_without_waits();
  }
  idle_since_ = {};
  if (failures_ > 0) return Deadline::at_time(retry_at_);
  auto tick = Deadline::never();
  const auto after = [&](MonotonicClock::time_point last, microseconds interval) {
    tick = tick.or_earlier(Deadline::at_time(last + with_jitter(interval)));
  };
  for (const auto kind : {Kind::kResult, Kind::kEvent, Kind::kStream}) {
    if (lane(kind).empty()) continue;
    if (lane(kind).urgent() > 0) return Deadline::in(milliseconds(0));
    after(ticked_[static_cast<std::size_t>(kind)], pace_of(kind).interval);
  }
  if (asks_for_recent()) after(asked_for_recent_, pace_of_recent());
  return tick;
}

/// For ever; but a connection that nobody has needed for a while is given up first.
Deadline Watcher::rest_without_waits() {
  if (!session_) return Deadline::never();
  const auto now = MonotonicClock::now();
  if (idle_since_ == MonotonicClock::time_point{}) idle_since_ = now;
  if (now - idle_since_ < settings_.keep_idle) {
    return Deadline::at_time(idle_since_ + settings_.keep_idle);
  }
  drop_connection();
  return Deadline::never();
}

void Watcher::connect_if_needed() {
  const Limits limits{Deadline::in(kStatementTimeout), nullptr, &stop_};
  if (session_) {
    session_->set_limits(limits);
  } else {
    session_ = connector_(limits);
    connected_ = true;
    // Whatever happened meanwhile was seen by nobody.
    std::lock_guard lock(mutex_);
    for (auto& lane : lanes_) lane.hurry_all();
  }
  listen_if_needed();
}

/// Only for those who wait for what is announced: the announcements of a whole database wake us.
void Watcher::listen_if_needed() {
  if (!settings_.listen || asked_to_listen_) return;
  {
    std::lock_guard lock(mutex_);
    if (lane(Kind::kEvent).empty() && lane(Kind::kStream).empty()) return;
  }
  asked_to_listen_ = true;
  listening_ = session_->listen(kChannels);
  if (!listening_) {
    log::Line(log::Level::kInfo, "listen_unavailable",
              "no notifications here: events and streams are awaited by polling")
        .number("client", settings_.health ? settings_.health->client() : 0);
  }
  // What was announced before the listener stood is lost: look at everything once.
  std::lock_guard lock(mutex_);
  lane(Kind::kEvent).hurry_all();
  lane(Kind::kStream).hurry_all();
}

void Watcher::take_announcements() {
  if (!session_ || session_->notification_fd() < 0) return;
  const auto arrived = session_->notifications();
  if (arrived.empty()) return;
  std::lock_guard lock(mutex_);
  for (const auto& [channel, payload] : arrived) {
    const auto name = Lane::name_of(payload);
    if (channel == store::kEventsChannel) {
      auto& events = lane(Kind::kEvent);
      events.each_named(name, [&](Lane::Entry& entry) { events.hurry(entry); });
    } else if (channel == store::kStreamsChannel) {
      // A reader reads for itself: a look of ours before it would only be another round trip.
      auto& streams = lane(Kind::kStream);
      streams.each_named(name, [&](Lane::Entry& entry) { streams.finish(entry, {}); });
    }
  }
}

void Watcher::drop_connection() {
  session_.reset();
  connected_ = listening_ = asked_to_listen_ = false;
}

WatchCounts Watcher::counts() {
  std::lock_guard lock(mutex_);
  const auto awaited = [this](Kind kind) { return static_cast<std::int64_t>(lane(kind).size()); };
  return {awaited(Kind::kResult),
          awaited(Kind::kEvent),
          awaited(Kind::kStream),
          ticks_,
          queries_,
          connected_,
          listening_};
}

}  // namespace dbosc::watch
