#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/deadline.h"
#include "base/json_writer.h"

/// What the library tells of itself: JSON lines for one callback, or for one queue that is read,
/// of the process. Nothing is made where nobody listens.
namespace dbosc::log {

enum class Level : int { kOff = 0, kError, kWarn, kInfo, kDebug };
/// `off`, `error`, `warn`, `info` or `debug`.
std::optional<Level> level_of(std::string_view name);

/// Called from any thread, several at once. It must not call this library.
using Callback = std::function<void(Level, const char* line)>;

/// Where lines up to `level` go: to `callback`, or where that is empty into the queue. Returns when
/// no earlier callback runs any more. False inside a callback, where that could never be.
bool set(Level level, Callback callback);

/// The oldest line of the queue. Nothing where the deadline passed first, or where there is no
/// queue, at once or from now on (`open` false).
struct Next {
  std::optional<std::string> line;
  bool open = true;
};
Next next(Deadline deadline);
/// Lines that the queue had no room for, since the process began.
std::int64_t dropped();

namespace detail {
/// The most that anybody wants to hear; above kDebug until the environment has been looked at.
inline std::atomic<int> wanted{static_cast<int>(Level::kDebug) + 1};
bool look_at_environment(Level level);
}  // namespace detail

inline bool wanted(Level level) {
  const int most = detail::wanted.load(std::memory_order_relaxed);
  if (most > static_cast<int>(Level::kDebug)) return detail::look_at_environment(level);
  return static_cast<int>(level) <= most;
}

/// One line, told when it goes out of scope. Never throws: a line for which there is no memory is
/// dropped.
class Line {
 public:
  Line(Level level, std::string_view event, std::string_view message) noexcept;
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// Secrets in `text` are hidden.
  Line& text(std::string_view key, std::string_view text) noexcept;
  Line& number(std::string_view key, std::int64_t number) noexcept;

 private:
  const Level level_;
  bool told_;
  JsonWriter out_;
};

}  // namespace dbosc::log
