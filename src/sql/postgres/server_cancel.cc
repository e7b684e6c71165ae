#include "sql/postgres/server_cancel.h"

#include <array>
#include <atomic>
#include <memory>

#include "base/thread.h"

namespace dbosc::sql::postgres {
namespace {

struct FreeCancel {
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
};

// A server that no longer answers would collect threads without end.
constexpr int kMaxThreads = 16;
std::atomic<int> threads{0};

/// One of the threads, counted until it ends.
class Place {
 public:
  Place() : taken_(threads.fetch_add(1) < kMaxThreads) {}
  ~Place() { threads.fetch_sub(1); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool taken() const { return taken_; }

 private:
  bool taken_;
};

using CancelPtr = std::unique_ptr<PGcancel, FreeCancel>;

void send(PGcancel* request) {
  std::array<char, 256> message;
  if (request) PQcancel(request, message.data(), message.size());
}

/// On a thread, where there is a place for one.
template <class Work>
void start(Work work) noexcept {
  try {
    const auto place = std::make_shared<Place>();
    if (place->taken()) start_thread([place, work] { work(); }).detach();
  } catch (...) {
    // No thread or memory to be had: the statement ends by itself.
  }
}

}  // namespace

void cancel_and_close(ConnectionPtr connection) noexcept {
  try {
    const std::shared_ptr<PGconn> shared(std::move(connection));
    start([shared] { send(CancelPtr(PQgetCancel(shared.get())).get()); });
  } catch (...) {
    // No memory: closed with it.
  }
}

void cancel_statement(PGconn* connection) noexcept {
  try {
    const std::shared_ptr<PGcancel> request(PQgetCancel(connection), FreeCancel());
    start([request] { send(request.get()); });
  } catch (...) {
    // No memory: the statement ends by itself.
  }
}

}  // namespace dbosc::sql::postgres
