#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/cancel.h"
#include "base/limits.h"
#include "sql/pool.h"
#include "store/events.h"
#include "store/layout.h"
#include "store/workflows.h"

namespace dbosc::watch {

/// What is waited for.
struct Topic {
  enum class Kind { kResult, kEvent, kStream };
  Kind kind = Kind::kResult;
  std::string workflow_id;
  std::string key;          ///< Of the event or stream; empty for a result.
  std::int64_t offset = 0;  ///< In the stream, of the first entry that is wanted.

  static Topic result(std::string workflow_id);
  static Topic event(std::string workflow_id, std::string key);
  static Topic stream(std::string workflow_id, std::string key, std::int64_t offset);
};

/// A stream has no answer of its own: there is something to read, or its workflow is over.
using Answer = std::variant<std::monostate, store::Outcome, store::Event>;

struct Settings {
  /// How long a tick may grow as waits grow old.
  milliseconds poll_interval{1000};
  /// Whether to try LISTEN.
  bool listen = true;
  bool retry_lost_connections = true;
  /// Whether the connection stays between two ticks.
  bool keep_connection = true;
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
  /// What waits together: one subscription.
  struct Group {
    std::deque<std::size_t> finished;  ///< Indexes of topics whose answer nobody has fetched yet.
    std::exception_ptr failure;
    std::condition_variable ready;
  };
  struct Entry {
    Topic topic;
    std::size_t index = 0;  ///< In its group.
    Group* group = nullptr;
    MonotonicClock::time_point since;
    bool due = false;  ///< Announced, or not yet looked at since the listener came up.
    bool done = false;
    Answer answer;
  };
  using Entries = std::list<Entry>;

  std::vector<Entries::iterator> subscribe(std::vector<Topic> topics, Group& group);
  void unsubscribe(const std::vector<Entries::iterator>& entries);
  void wake();

  void run();
  void wait_for_work();
  Deadline next_tick();
  void connect_if_needed();
  void take_announcements();
  void poll();
  void poll_results();
  void poll_events();
  void poll_streams();
  /// The topics of a kind that are still awaited.
  std::vector<Topic> awaited(Topic::Kind kind);
  /// Hands `answer_of(topic)`, where it has one, to each entry of a kind.
  template <class AnswerOf>
  void deliver(Topic::Kind kind, AnswerOf&& answer_of);
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

/// One wait, for one topic or several. Subscribe before the first read of what is waited for, so
/// that no announcement falls between.
class Subscription {
 public:
  Subscription(Watcher& watcher, std::vector<Topic> topics);
  Subscription(Watcher& watcher, Topic topic)
      : Subscription(watcher, std::vector<Topic>{std::move(topic)}) {}
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  /// Blocks until one more topic has its answer, and returns its index. Throws as Limits::check, or
  /// why the watch cannot go on.
  std::size_t wait_next(const Limits& limits);
  /// The answer to the only topic.
  Answer wait(const Limits& limits);

 private:
  Watcher& watcher_;
  Watcher::Group group_;
  std::vector<Watcher::Entries::iterator> entries_;
};

}  // namespace dbosc::watch
