#pragma once

namespace dbosc::sql::postgres {

/// Held while a thread is inside libpq, between two waits. At the end of the process OpenSSL, which
/// libpq calls, takes itself down while threads still run: the end waits for who is inside, and who
/// comes later is turned away instead of finding nothing there.
class InLibpq {
 public:
  /// Throws Error(kInvalidState, "closed") once the process is ending.
  InLibpq();
  ~InLibpq();
  InLibpq(const InLibpq&) = delete;
  InLibpq& operator=(const InLibpq&) = delete;

  /// False once the process is ending; otherwise to be followed by `leave`.
  static bool enter() noexcept;
  static void leave() noexcept;
  /// For who could not enter: what it would have closed ends with the process.
  static void keep(void* connection) noexcept;
};

}  // namespace dbosc::sql::postgres
