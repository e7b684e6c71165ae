#pragma once

#include <stdexcept>
#include <string>

namespace cli {

/// What the command ends with. The numbers are documented in docs/cli.md and never change; every
/// other status of the library is kFirstStatus and its number.
enum ExitCode {
  kDone = 0,
  kUnhealthy = 1,
  kUsage = 2,
  kFirstStatus = 10,
  kFirstSignal = 128,
};

/// The end of the command, with one line for people.
struct Failure : std::runtime_error {
  /// `json` is an error of the library as it tells it, empty where it is our own.
  Failure(int code, const std::string& message, std::string error_json = {})
      : std::runtime_error(message), code(code), json(std::move(error_json)) {}

  int code;
  std::string json;
};

/// What was typed is wrong.
struct UsageError : Failure {
  explicit UsageError(const std::string& message) : Failure(kUsage, message) {}
};

}  // namespace cli
