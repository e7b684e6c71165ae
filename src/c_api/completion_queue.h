#pragma once

#include <dbosc/dbosc.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "base/deadline.h"
#include "base/file_descriptor.h"
#include "client/submit/submissions.h"

namespace dbosc::c_api {
class CompletionQueue;
}

/// One outcome, from the submit that reserves its place on.
struct dbosc_completion final : dbosc::client::Receiver {
  dbosc_completion(std::shared_ptr<dbosc::c_api::CompletionQueue> its_queue, std::int64_t its_tag)
      : tag(its_tag), queue(std::move(its_queue)) {}
  ~dbosc_completion() override;

  void succeeded(dbosc::JsonWriter& reply) noexcept override;
  void failed(const std::exception_ptr& failure) noexcept override;
  bool belongs_to(const void* candidate) const noexcept override {
    return queue.get() == candidate;
  }

  const std::int64_t tag;
  int status = DBOSC_OK;
  char* reply = nullptr;
  dbosc_error* error = nullptr;
  std::shared_ptr<dbosc::c_api::CompletionQueue> queue;  ///< Until it is taken.
  dbosc_completion* next = nullptr;                      ///< In the queue.
};

namespace dbosc::c_api {

/// Completions in the order in which their calls ended. The descriptor is readable while there is
/// one.
class CompletionQueue : public std::enable_shared_from_this<CompletionQueue> {
 public:
  /// At most `capacity` calls submitted and not taken; 0: any number.
  explicit CompletionQueue(std::int64_t capacity);
  ~CompletionQueue();

  int fd() const { return fd_.get(); }
  bool is_own_process() const;

  /// A place for the outcome of one more call of a client. Throws Error(kUnavailable,
  /// "completions_full").
  std::unique_ptr<dbosc_completion> reserve(std::int64_t tag,
                                            const std::shared_ptr<client::Submissions>& client);
  void give_up_place() noexcept;
  /// Puts an outcome in, which takes no memory; frees it where nobody will ask.
  void push(dbosc_completion* completion) noexcept;
  /// At most `most`, linked by `next`; waits for the first. Null when there is none in time.
  dbosc_completion* take(Deadline deadline, std::int64_t most);
  /// Puts back in front what `take` gave.
  void put_back(dbosc_completion* first) noexcept;
  /// Nobody will ask any more.
  void close() noexcept;

 private:
  void set_readable() noexcept;
  void set_unreadable() noexcept;

  const std::int64_t capacity_;
  const int process_id_;
  const FileDescriptor fd_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  dbosc_completion* first_ = nullptr;  // all of these guarded by mutex_
  dbosc_completion* last_ = nullptr;
  std::int64_t places_ = 0;  ///< In flight, or not taken yet.
  bool closed_ = false;
  std::vector<std::weak_ptr<client::Submissions>> clients_;
};

}  // namespace dbosc::c_api
