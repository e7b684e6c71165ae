#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/cancel.h"
#include "base/error.h"
#include "base/function_ref.h"
#include "base/limits.h"
#include "sql/pool.h"
#include "store/layout.h"

namespace dbosc::write {

/// One write that joins others': what is to be written, and what became of it. Shared, because one
/// whose caller has given up may still be on its way.
class Entry {
 public:
  virtual ~Entry() = default;
  virtual std::size_t bytes() const = 0;
  /// Whether it is known what became of it.
  virtual bool settled() const = 0;

 private:
  friend class Combiner;
  Deadline deadline_ = Deadline::never();
  bool sent_ = false;       // guarded by Combiner::mutex_
  bool abandoned_ = false;  // guarded by Combiner::mutex_

  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;             // guarded by mutex_
  std::optional<Error> failure_;  // guarded by mutex_
};
using EntryPtr = std::shared_ptr<Entry>;
using Group = std::vector<EntryPtr>;

struct Settings {
  bool enabled = true;
  /// So many go alone before others have to join: a server answers a few at once as fast as one.
  std::size_t most_alone = 4;
  /// Only one can write at a time: a group waits for those that write alone.
  bool one_writer = false;
  /// How long a group may be on its way. A connection that has died unnoticed holds up no longer.
  milliseconds most_time{5000};
};

/// Group commit: writes that come while others are in flight are taken together by the next one.
/// Few writes at once go alone, each by its own caller, as if there were no combiner. More wait in
/// a queue, in their order, for one thread, started by the first of them, that takes all there are.
/// Nobody waits for company.
///
/// A group is tried once. Where it fails, those of its entries that are not settled are their
/// callers' again, to be tried alone: so one that is wrong, or waits for somebody else's lock,
/// costs its neighbours a moment and no more.
class Combiner {
 public:
  /// The next group, which is sent with that: until then its entries can be taken back. It may be
  /// empty.
  using Take = FunctionRef<const Group&()>;
  /// Takes a group once, writes it and settles its entries, each as soon as its outcome counts.
  /// Throws Error.
  using Write = std::function<void(sql::Session&, const store::Layout&, Take)>;
  using LayoutOf = std::function<std::shared_ptr<const store::Layout>(sql::Session&)>;

  Combiner(sql::Pool& pool, LayoutOf layout_of, Write write, Settings settings);
  /// Ends the thread, and at once what it has in flight.
  ~Combiner();
  Combiner(const Combiner&) = delete;
  Combiner& operator=(const Combiner&) = delete;

  /// While it lives, a write goes alone.
  class Alone {
   public:
    ~Alone();
    Alone(Alone&& other) noexcept : combiner_(std::exchange(other.combiner_, nullptr)) {}
    Alone& operator=(Alone&&) = delete;

   private:
    friend class Combiner;
    explicit Alone(Combiner* combiner) : combiner_(combiner) {}
    Combiner* combiner_;
  };
  /// Empty where so much is in flight that a write has to join.
  std::optional<Alone> go_alone();

  /// Waits until a group has settled the entry. Throws what ends the wait, as Limits::check: before
  /// the entry was sent it is certainly not applied, afterwards the error says that it may be.
  /// Throws why the group failed, with a `retry` after which it can be tried alone.
  void join(const EntryPtr& entry, const Limits& limits);
  struct Counts {
    std::int64_t groups = 0;     ///< Sent, whatever became of them.
    std::int64_t writes = 0;     ///< In these groups.
    std::int64_t failed = 0;     ///< Groups that failed.
    std::int64_t queued = 0;     ///< Writes that wait for the next group.
    std::int64_t in_flight = 0;  ///< Writes that were sent and have no answer yet.
  };
  Counts counts();

 private:
  void take_in(const EntryPtr& entry, const Limits& limits);
  /// Whether it had not been sent.
  bool give_up(const EntryPtr& entry);
  void run();
  bool wait_for_entries();
  void wait_for_others();
  void write_next();
  Group take_group();
  void refuse_group(const Error& failure);
  Limits limits_of(const Group& group);
  void end(const Group& group, const std::optional<Error>& failure);

  sql::Pool& pool_;
  const LayoutOf layout_of_;
  const Write write_;
  const Settings settings_;

  std::mutex mutex_;
  std::condition_variable work_, alone_left_;
  std::deque<EntryPtr> queue_;      // all of these guarded by mutex_
  Group flight_;                    ///< What has been sent and has no answer.
  std::unique_ptr<Cancel> cancel_;  ///< Of the flight; the thread alone replaces it.
  Counts counts_;
  std::size_t alone_ = 0;
  bool busy_ = false;  ///< The thread is at work.
  bool quit_ = false;
  std::thread thread_;
};

}  // namespace dbosc::write
