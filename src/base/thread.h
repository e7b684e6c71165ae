#pragma once

#include <pthread.h>

#include <csignal>
#include <functional>
#include <thread>

namespace dbosc {

/// Starts a thread that takes no signal: handlers belong to the host program and run on its own
/// threads.
inline std::thread start_thread(std::function<void()> body) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  struct Restore {
    sigset_t* mask;
    ~Restore() { pthread_sigmask(SIG_SETMASK, mask, nullptr); }
  } restore{&before};
  return std::thread(std::move(body));
}

}  // namespace dbosc
