#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>

#include "base/cancel.h"
#include "base/limits.h"
#include "sql/pool.h"
#include "store/events.h"
#include "store/layout.h"
#include "store/workflows.h"

namespace dbosc::watch {

/// What is waited for.
struct Topic {
  enum class Kind { kResult, kEvent };
  Kind kind = Kind::kResult;
  std::string workflow_id;
  std::string event_key;  ///< Empty for a result.
};

using Answer = std::variant<std::monostate, store::Outcome, store::Event>;

struct Settings {
  /// How long a tick may grow as waits grow old.
  milliseconds poll_interval{1000};
  /// Whether to try LISTEN.
  bool listen = true;
  bool retry_lost_connections = true;
};

/// One thread and one connection for all waits of a client, started by the first. A tick asks for
/// every awaited id in one statement; events are announced where LISTEN works and polled where not.
/// Without waits it makes no query.
class Watcher {
 public:
  using LayoutOf = std::function<std::shared_ptr<const store::Layout>(sql::Session&)>;

  Watcher(sql::Connector connector, LayoutOf layout_of, Settings settings);
  /// Ends the thread. No subscription may be left.
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

 private:
  friend class Subscription;
  struct Entry {
    Topic topic;
    MonotonicClock::time_point since;
    bool due = false;  ///< Announced, or not yet looked at since the listener came up.
    bool done = false;
    Answer answer;
    std::exception_ptr failure;
    std::condition_variable ready;
  };
  using Entries = std::list<Entry>;

  Entries::iterator subscribe(Topic topic);
  void unsubscribe(Entries::iterator entry);
  void wake();

  void run();
  void wait_for_work();
  Deadline next_tick();
  void connect_if_needed();
  void take_announcements();
  void poll();
  void poll_results();
  void poll_events();
  void finish(Entry& entry, Answer answer);
  void fail_all(std::exception_ptr failure);
  void drop_connection();

  const sql::Connector connector_;
  const LayoutOf layout_of_;
  const Settings settings_;
  Cancel stop_;
  FileDescriptor wake_fd_;

  std::mutex mutex_;
  Entries entries_;     // guarded by mutex_
  std::thread thread_;  // guarded by mutex_ until the destructor

  // The thread's own.
  std::unique_ptr<sql::Session> session_;
  bool listening_ = false;
  MonotonicClock::time_point last_poll_{};
  int failures_ = 0;
};

/// One wait. Subscribe before the first read of what is waited for, so that no announcement falls
/// between.
class Subscription {
 public:
  Subscription(Watcher& watcher, Topic topic);
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  /// Blocks until the answer is there. Throws as Limits::check, or why the watch cannot go on.
  Answer wait(const Limits& limits);

 private:
  Watcher& watcher_;
  Watcher::Entries::iterator entry_;
};

}  // namespace dbosc::watch
