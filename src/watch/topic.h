#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/error.h"
#include "store/events.h"
#include "store/workflows.h"

namespace dbosc::watch {

/// What is waited for.
struct Topic {
  enum class Kind : std::uint8_t { kResult, kEvent, kStream };
  Kind kind = Kind::kResult;
  std::string workflow_id;
  std::string key;          ///< Of the event or stream; empty for a result.
  std::int64_t offset = 0;  ///< In the stream, of the first entry that is wanted.

  static Topic result(std::string workflow_id) {
    return {Kind::kResult, std::move(workflow_id), {}, 0};
  }
  static Topic event(std::string workflow_id, std::string key) {
    return {Kind::kEvent, std::move(workflow_id), std::move(key), 0};
  }
  static Topic stream(std::string workflow_id, std::string key, std::int64_t offset) {
    return {Kind::kStream, std::move(workflow_id), std::move(key), offset};
  }
};

/// A stream has no answer of its own: there is something to read, or its workflow is over or gone,
/// or it has just been announced.
using Answer = std::variant<std::monostate, store::Outcome, store::Event>;

/// Who waits. Called by the watcher's thread with its lock held: takes note and returns, without a
/// call back into the watcher.
class Waiter {
 public:
  /// The topic of that index has its answer, and is waited for no longer.
  virtual void answered(std::size_t index, Answer answer) = 0;
  /// The watch cannot go on; nothing more will come. To be copied: other waiters are told, too.
  virtual void failed(const Error& failure) = 0;
  /// The look that Watcher::look_once_more asked for brought nothing.
  virtual void found_nothing() {}

 protected:
  ~Waiter() = default;
};

}  // namespace dbosc::watch
