#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "client/submit/task.h"

namespace dbosc::client {

/// The calls of a client that no thread of the caller waits for. Waits are subscriptions; other
/// calls, and the steps of a wait that read the database, run on a few threads; one more keeps
/// deadlines and cancels, so that they are in time however busy the others are. All start with the
/// first call. Locks are taken in this order: a cancel token's or the watcher's, then ours.
class Submissions {
 public:
  explicit Submissions(Services& services);
  ~Submissions() { stop(); }
  Submissions(const Submissions&) = delete;
  Submissions& operator=(const Submissions&) = delete;

  /// Takes a call over that the client has counted in (Services::enter); it is counted out when its
  /// outcome has been received. Throws where it cannot; then there is no outcome.
  void submit(std::unique_ptr<PreparedCall> call, std::shared_ptr<const Cancel> cancel,
              std::unique_ptr<Receiver> receiver);
  /// Nobody will ask for what goes to this queue: its waits end.
  void abandon(const void* queue);
  /// Ends all calls and all threads.
  void stop();
  struct Counts {
    std::int64_t in_flight = 0, queued = 0, threads = 0;
  };
  Counts counts();

 private:
  friend class Task;
  using Tasks = std::list<std::shared_ptr<Task>>;
  using Lock = std::unique_lock<std::mutex>;

  void take_in(const std::shared_ptr<Task>& task);
  bool subscribe(Task& task);
  /// Gives a held task back to whoever is next.
  void settle(Task& task, bool queue);

  // With the lock held.
  void start_threads();
  void enqueue(Task& task);
  void end(Task& task, const std::exception_ptr& reason);
  void attend(Task& task);
  static MonotonicClock::time_point end_of(const Task& task);
  void set_alarm(Task& task, MonotonicClock::time_point at);
  void clear_alarm(Task& task);
  void end_all();

  void work();
  void run(Task& task);
  bool run_steps(Task& task, Call& call, JsonWriter& reply);
  /// Calls `step(call, reply)`, true where the reply is written, and ends the task with that or
  /// with what it throws.
  template <class Step>
  void finish_by(Task& task, Step&& step);
  void count(const Task& task, const std::exception_ptr& failure) noexcept;
  void finish(Task& task, JsonWriter* reply, const std::exception_ptr& failure);

  void keep_time();
  void attend_to(Lock& lock, Task& task);
  void ring(Lock& lock, Task& task);

  Services& services_;
  const std::size_t most_workers_;
  const std::exception_ptr cancelled_, closed_, timed_out_;

  std::mutex mutex_;
  std::condition_variable work_, time_, empty_;
  Tasks tasks_;      // all of these guarded by mutex_
  Tasks attention_;  ///< What the time keeper must look at now.
  std::deque<std::shared_ptr<Task>> queue_;
  std::multimap<MonotonicClock::time_point, Task*> alarms_;
  std::vector<std::thread> workers_;
  std::thread time_keeper_;
  std::size_t idle_workers_ = 0;
  bool closing_ = false;
  bool quit_ = false;

  std::optional<Cancel::Registration> on_closing_;
};

}  // namespace dbosc::client
