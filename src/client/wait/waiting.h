#pragma once

#include <memory>
#include <vector>

#include "client/call.h"
#include "watch/topic.h"

namespace dbosc::client {

/// A wait as a state: a blocked thread drives it, or the watcher's answers do, through the same
/// steps. One step at a time.
class Wait {
 public:
  enum class Next {
    kDone,           ///< The reply is written.
    kMore,           ///< Other topics have no answer yet.
    kSubscribeAnew,  ///< What was announced was not for it: look and wait again.
  };

  virtual ~Wait() = default;
  /// Looks by itself, with a connection of the pool. True: the reply is written.
  virtual bool look(Call& call, JsonWriter& reply) = 0;
  /// What it waits for, never nothing; all of one kind.
  virtual std::vector<watch::Topic> topics() = 0;
  /// A topic of those has its answer.
  virtual Next wake(Call& call, std::size_t index, watch::Answer answer, JsonWriter& reply) = 0;
  /// The time ran out: writes the reply that says so, or throws TIMEOUT.
  virtual void run_out(JsonWriter& reply);
};

/// What an operation returns that waits.
template <class Reply>
struct WaitFor {
  std::unique_ptr<Wait> wait;
};

/// Waits in this thread.
void wait_here(Call& call, Wait& wait, JsonWriter& reply);

/// The limits of a look of a wait's own: a second even where the wait is shorter, or "only look"
/// could never see.
Limits look_limits(const Limits& wait);

}  // namespace dbosc::client
