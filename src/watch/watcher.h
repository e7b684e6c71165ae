#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/cancel.h"
#include "base/limits.h"
#include "sql/health.h"
#include "sql/pool.h"
#include "store/layout.h"
#include "watch/lane.h"

namespace dbosc::watch {

struct Settings {
  /// How long a tick may grow as waits grow old.
  milliseconds poll_interval{1000};
  /// Whether to try LISTEN.
  bool listen = true;
  bool retry_lost_connections = true;
  /// Whether the connection stays between two ticks.
  bool keep_connection = true;
  /// How long it stays when nothing is awaited any more.
  milliseconds keep_idle{10000};
  /// How many results are asked for by their ids in every tick. Of more the newest ends of
  /// workflows are asked for: their number does not grow with that of the waits.
  std::size_t few_results = 200;
  /// How many events, and streams, are all looked at in every tick. More take turns.
  std::size_t few = 1000;
  /// Hears how the connection fares; may be null.
  sql::Health* health = nullptr;
};

/// What is awaited now, and what that has cost since the watcher was made.
struct WatchCounts {
  std::int64_t results = 0, events = 0, streams = 0;
  std::int64_t ticks = 0, queries = 0;
  bool connected = false, listening = false;
};

/// One thread and one connection for all waits of a client, started by the first. A tick asks for
/// all awaited ids in one statement; where they are many for what has ended lately, and for each id
/// about once a second. Events and streams are announced where LISTEN works, and polled as a net or
/// where it does not. Without waits it makes no query.
class Watcher {
 public:
  using LayoutOf = std::function<std::shared_ptr<const store::Layout>(sql::Session&)>;
  /// The topics of one waiter.
  using Tickets = std::vector<Lane::Handle>;
  /// When the first look is taken: with the next tick, where the waiter has just looked itself.
  enum class FirstLook { kAtOnce, kNextTick };

  Watcher(sql::Connector connector, LayoutOf layout_of, Settings settings);
  /// Ends the thread. No subscription may be left.
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Topics of one kind. The waiter may be called before this returns, and until `unsubscribe` has
  /// returned.
  Tickets subscribe(std::vector<Topic> topics, Waiter& waiter, FirstLook first_look);
  void unsubscribe(const Tickets& tickets);
  /// Looks once more at what is still awaited, soon and together with all others, and tells
  /// Waiter::found_nothing where that brings nothing.
  void look_once_more(const Tickets& tickets);
  WatchCounts counts();

 private:
  using Kind = Topic::Kind;
  using Looks = std::vector<Lane::Look>;

  Lane& lane(Kind kind) { return lanes_[static_cast<std::size_t>(kind)]; }
  void wake();
  void run();
  void wait_for_work();
  Deadline next_tick();
  Deadline rest_without_waits();
  void after_failure(const Error& failure, bool lasting);
  void connect_if_needed();
  void listen_if_needed();
  void take_announcements();
  void drop_connection();

  void poll();
  void renew_plans();
  void poll_recent();
  void poll_lane(Kind kind);
  /// The time between two ticks of a lane, and how many topics one takes.
  struct Pace {
    std::chrono::microseconds interval;
    std::size_t looks;
  };
  Pace pace_of(Kind kind);
  std::chrono::microseconds pace_of_recent();
  /// Whether so many results are awaited that the newest ends of workflows are asked for.
  bool asks_for_recent() { return lane(Kind::kResult).size() > settings_.few_results; }
  /// Each returns how many had an answer.
  std::size_t look_at(Kind kind, const Looks& looks);
  std::size_t look_at_results(const Looks& looks);
  std::size_t look_at_events(const Looks& looks);
  std::size_t look_at_streams(const Looks& looks);
  void answer_result(const store::Outcome& outcome);
  void tell_last_looks(Kind kind, const Looks& looks);

  const sql::Connector connector_;
  const LayoutOf layout_of_;
  const Settings settings_;
  Cancel stop_;
  FileDescriptor wake_fd_;

  std::mutex mutex_;
  std::array<Lane, 3> lanes_;  // guarded by mutex_
  std::thread thread_;         // guarded by mutex_ until the destructor

  // The thread's own.
  std::unique_ptr<sql::Session> session_;
  bool asked_to_listen_ = false;
  std::atomic<bool> listening_{false};  ///< Read by others for their counts, as are these.
  std::atomic<bool> connected_{false};
  std::atomic<std::int64_t> ticks_{0}, queries_{0};
  std::int64_t planned_at_ = 0;  ///< What `queries_` was then.
  std::array<MonotonicClock::time_point, 3> ticked_{};
  MonotonicClock::time_point asked_for_recent_{};
  std::uint64_t looks_at_recent_ = 0;
  bool many_recent_ = false;  ///< Whether the last look that did not go far back found many.
  MonotonicClock::time_point hurried_{};
  MonotonicClock::time_point retry_at_{};
  MonotonicClock::time_point idle_since_{};
  int failures_ = 0;
};

}  // namespace dbosc::watch
