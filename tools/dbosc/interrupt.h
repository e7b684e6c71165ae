#pragma once

#include <dbosc/dbosc.h>

namespace cli {

/// Ends the command on SIGINT, SIGTERM and SIGHUP: a call of the library by its cancel token, all
/// else at once. Made once, before any other thread, and never destroyed.
class Interrupt {
 public:
  static Interrupt& install();

  dbosc_cancel* cancel() const { return cancel_; }
  /// 128 and the number of the signal that came; 0 while none has.
  int exit_code() const;

  /// While one lives, a signal triggers the token; otherwise it ends the process.
  class Calling {
   public:
    Calling();
    ~Calling();
    Calling(const Calling&) = delete;
    Calling& operator=(const Calling&) = delete;
  };

 private:
  Interrupt();
  void watch();

  dbosc_cancel* cancel_;
};

}  // namespace cli
