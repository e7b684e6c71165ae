#include "base/limits.h"

#include <poll.h>

#include <cerrno>
#include <system_error>

#include "base/error.h"

namespace dbosc {

void Limits::check() const {
  if (cancel && cancel->triggered()) {
    throw Error(Code::kCancelled, "cancelled", "the call was cancelled");
  }
  if (closing && closing->triggered()) {
    throw Error(Code::kInvalidState, "closed", "the client was shut down");
  }
  if (deadline.expired()) throw Error(Code::kTimeout, "timeout", "the deadline of the call passed");
}

short Limits::poll_until(Deadline end, int fd, short events) const {
  std::array<pollfd, 3> fds{{{fd, events, 0},
                             {cancel ? cancel->fd() : -1, POLLIN, 0},
                             {closing ? closing->fd() : -1, POLLIN, 0}}};
  for (;;) {
    const int ready = ::poll(fds.data(), fds.size(), end.poll_timeout());
    if (ready < 0 && errno != EINTR) {
      throw Error(Code::kUnavailable, "poll_failed", std::generic_category().message(errno));
    }
    // What the descriptor brings goes first: an answer that has arrived is better than a cancelled
    // call.
    if (ready > 0 && fds[0].revents) return fds[0].revents;
    check();
    if (end.expired()) return 0;
  }
}

short Limits::wait_for(int fd, short events) const { return poll_until(deadline, fd, events); }

void Limits::sleep_until(Deadline wake_at) const {
  poll_until(wake_at.or_earlier(deadline), -1, 0);
}

}  // namespace dbosc
