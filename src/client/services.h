#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "base/cancel.h"
#include "client/config.h"
#include "client/database.h"
#include "client/formats.h"
#include "client/observe/call_times.h"
#include "sql/health.h"
#include "sql/pool.h"
#include "store/layout.h"
#include "watch/watcher.h"
#include "wire/codecs.h"

namespace dbosc::write {
class Combiner;
}

namespace dbosc::client {

class Submissions;

/// What one client owns. Made by `open`, shared by any number of threads.
class Services {
 public:
  Services(Config config, std::unique_ptr<Database> database);
  ~Services();

  const Config& config() const { return config_; }
  const Database& database() const { return *database_; }
  sql::Pool& pool() { return pool_; }
  watch::Watcher& watcher() { return watcher_; }
  /// Where enqueues meet, and where messages do.
  write::Combiner& enqueues() { return *enqueues_; }
  write::Combiner& sends() { return *sends_; }
  wire::Codecs& codecs() { return codecs_; }
  sql::Health& health() { return health_; }
  CallTimes& call_times() { return call_times_; }
  const std::shared_ptr<Submissions>& submissions() { return submissions_; }
  const Cancel& closing() const { return closing_; }

  /// What the system database has; looked at once.
  std::shared_ptr<const store::Layout> layout(sql::Session& session);
  /// Looks again: the database may have been migrated under us.
  std::shared_ptr<const store::Layout> reread_layout(sql::Session& session);

  /// What the applications use, looked at again after a short while.
  std::shared_ptr<const Formats> formats(sql::Session& session, const store::Layout& layout);

  /// Counts a call in; throws Error(kInvalidState): `closed` after shutdown, `forked` in a child
  /// process. What needs no database may come after the shutdown as well.
  void enter(bool even_closed = false);
  void leave() noexcept;
  /// Ends waiting calls, refuses new ones, and waits for those that run. False when the deadline
  /// came first.
  bool shut_down(Deadline deadline);
  /// Whether this is the process that opened the client. In a child nothing of it may be touched,
  /// not even to free it.
  bool is_own_process() const;

 private:
  std::unique_ptr<sql::Session> connect(const Limits& limits);

  const Config config_;
  const int process_id_;
  const std::unique_ptr<Database> database_;
  wire::Codecs codecs_;
  Cancel closing_;
  CallTimes call_times_;
  sql::Health health_;

  std::mutex mutex_;
  std::condition_variable idle_;
  std::shared_ptr<const store::Layout> layout_;     // guarded by mutex_
  std::shared_ptr<const Formats> formats_;          // guarded by mutex_
  Deadline formats_are_fresh_ = Deadline::never();  // guarded by mutex_
  std::int64_t calls_ = 0;                          // guarded by mutex_

  sql::Pool pool_;
  // After what their threads use.
  watch::Watcher watcher_;
  std::shared_ptr<Submissions> submissions_;
  const std::unique_ptr<write::Combiner> enqueues_;
  const std::unique_ptr<write::Combiner> sends_;
};

}  // namespace dbosc::client
