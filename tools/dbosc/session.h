#pragma once

#include <dbosc/dbosc.h>

#include <memory>
#include <string>

#include "interrupt.h"
#include "json.h"

namespace cli {

/// A client of the library; every failure of its calls is a Failure with the exit code for it.
class Session {
 public:
  /// Opens the client. Ends with Failure.
  Session(const Json& config, const Interrupt& interrupt);

  /// The reply as the library wrote it.
  std::string call(const std::string& operation, const Json& request);

 private:
  const Interrupt& interrupt_;
  std::unique_ptr<dbosc_client, decltype(&dbosc_client_free)> client_;
};

/// The exit code of a status.
int exit_code_of(int status);

}  // namespace cli
