#include "interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <ctime>
#include <new>
#include <thread>

#include "failure.h"

namespace cli {
namespace {

// What a call is given to end itself; the library needs milliseconds.
constexpr timespec kGrace = {2, 0};

std::atomic<int> came{0};
std::atomic<int> calls{0};

sigset_t watched() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    // What the parent has us ignore (nohup) stays ignored.
    sigaction(number, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaddset(&signals, number);
  }
  return signals;
}

}  // namespace

Interrupt& Interrupt::install() {
  static Interrupt* const only = new Interrupt;
  return *only;
}

Interrupt::Interrupt() : cancel_(dbosc_cancel_new()) {
  if (!cancel_) throw std::bad_alloc();
  // Blocked here, so blocked in every thread to come: only the one that waits for them takes them.
  const sigset_t signals = watched();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([this] { watch(); }).detach();
}

void Interrupt::watch() {
  const sigset_t signals = watched();
  int number = 0;
  if (sigwait(&signals, &number) != 0) return;
  came = number;
  if (calls == 0) ::_exit(kFirstSignal + number);
  dbosc_cancel_trigger(cancel_);
  // A second signal, or a call that does not end: enough.
  sigtimedwait(&signals, nullptr, &kGrace);
  ::_exit(kFirstSignal + number);
}

int Interrupt::exit_code() const { return came == 0 ? 0 : kFirstSignal + came; }

Interrupt::Calling::Calling() { ++calls; }
Interrupt::Calling::~Calling() { --calls; }

}  // namespace cli
