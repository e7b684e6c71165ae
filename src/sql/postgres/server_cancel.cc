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

}  // namespace

void cancel_on_server(PGconn* connection) noexcept {
  std::shared_ptr<PGcancel> request(PQgetCancel(connection), FreeCancel());
  if (!request || threads.fetch_add(1) >= kMaxThreads) {
    if (request) threads.fetch_sub(1);
    return;
  }
  try {
    start_thread([request] {
      std::array<char, 256> message;
      PQcancel(request.get(), message.data(), message.size());
      threads.fetch_sub(1);
    }).detach();
  } catch (...) {
    threads.fetch_sub(1);  // no thread to be had: the statement ends by itself
  }
}

}  // namespace dbosc::sql::postgres
