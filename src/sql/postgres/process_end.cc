#include "sql/postgres/process_end.h"

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.h"

namespace dbosc::sql::postgres {
namespace {

using std::chrono::steady_clock;

/// Threads are inside for microseconds; one that is not scheduled must not hold up the end for
/// long.
constexpr auto kPatience = std::chrono::seconds(2);
/// OpenSSL is down long before. Who joins its threads after that waits no longer for each.
constexpr auto kLastPause = std::chrono::milliseconds(200);

std::atomic<int> inside{0};
std::atomic<bool> ending{false};
/// The thread that ends the process may still close clients in handlers of its own.
std::atomic<pthread_t> last_thread{};

bool turned_away() { return ending.load() && !pthread_equal(last_thread.load(), pthread_self()); }

void at_process_end() {
  last_thread = pthread_self();
  ending = true;
  const auto until = steady_clock::now() + kPatience;
  while (inside.load() > 0 && steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

using StopThread = void (*)();
std::atomic<StopThread> stop_thread{};

/// Has OpenSSL register its own handler, if it is in the process: handlers run last in, first out,
/// and ours must run before it.
void start_openssl() {
  using Init = int (*)(std::uint64_t, const void*);
  for (const auto* name :
       {"libcrypto.so.3", "libcrypto.so.1.1", static_cast<const char*>(nullptr)}) {
    void* const library = ::dlopen(name, RTLD_NOLOAD | RTLD_LAZY);
    void* const symbol = library ? ::dlsym(library, "OPENSSL_init_crypto") : nullptr;
    // Without an option that is not done yet it would return before it registers.
    constexpr std::uint64_t kLoadCryptoStrings = 2;
    if (symbol) {
      reinterpret_cast<Init>(symbol)(kLoadCryptoStrings, nullptr);
      stop_thread = reinterpret_cast<StopThread>(::dlsym(library, "OPENSSL_thread_stop"));
    }
    if (library) ::dlclose(library);
    if (symbol) return;
  }
}

bool watch_for_the_end() {
  start_openssl();
  // Threads of the parent, which do not live on in a forked child, may have been inside.
  ::pthread_atfork(nullptr, nullptr, [] { inside = 0; });
  return std::atexit(at_process_end) == 0;
}

/// The end of a thread that has been inside. OpenSSL frees then what it keeps for the thread, and
/// at the end of the process what it keeps for any, without a look at each other: so ours frees it,
/// in time, or leaves it to the end of the process.
class ThreadEnd {
 public:
  ~ThreadEnd() {
    if (InLibpq::enter()) {
      if (const auto stop = stop_thread.load()) stop();
      InLibpq::leave();
    } else {
      std::this_thread::sleep_for(kLastPause);
    }
  }
  /// Whoever calls this has such an end.
  void expect() const {}
};
thread_local const ThreadEnd thread_end;

/// Connections that nobody may close any more; kept, so that they are no leak.
class Kept {
 public:
  void add(void* connection) {
    std::lock_guard lock(mutex_);
    connections_.push_back(connection);
  }

 private:
  std::mutex mutex_;
  std::vector<void*> connections_;  // guarded by mutex_
};

}  // namespace

bool InLibpq::enter() noexcept {
  static const bool watching = watch_for_the_end();
  static_cast<void>(watching);
  thread_end.expect();
  inside.fetch_add(1);
  if (!turned_away()) return true;
  inside.fetch_sub(1);
  return false;
}

void InLibpq::keep(void* connection) noexcept {
  try {
    static auto& kept = *new Kept;
    kept.add(connection);
  } catch (...) {
    // No memory: it goes with the process in any case.
  }
}

void InLibpq::leave() noexcept { inside.fetch_sub(1); }

InLibpq::InLibpq() {
  if (!enter()) throw Error(Code::kInvalidState, "closed", "the process is ending");
}

InLibpq::~InLibpq() { leave(); }

}  // namespace dbosc::sql::postgres
