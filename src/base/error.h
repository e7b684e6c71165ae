#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dbosc {

/// The status of a call. The numbers are the C API's (asserted in c_api/error.cc) and never change.
enum class Code : int {
  kOk = 0,
  kInvalidArgument = 1,
  kNotFound = 2,
  kConflict = 3,
  kTimeout = 4,
  kCancelled = 5,
  kUnavailable = 6,
  kDatabase = 7,
  kSerialization = 8,
  kUnsupported = 9,
  kInvalidState = 10,
  kWorkflowFailed = 11,
  kWorkflowCancelled = 12,
  kOutcomeUnknown = 13,
  kOutOfMemory = 14,
  kInternal = 15,
};

/// What a retry of the same statement, with the same identity, may do about a failure.
enum class Retry {
  kNever,   ///< The answer is final.
  kAtOnce,  ///< The server rolled back in favour of somebody else; try again after a short pause.
  kReconnect,  ///< The connection is lost or of no use; try again on a new one.
};

/// One more fact about a failure, published in the error's JSON.
struct Detail {
  std::string key;
  std::string value;
  bool is_json = false;  ///< `value` is JSON text, not a plain string.
};

/// The only exception type that the library throws. Messages name the input that was wrong and
/// never hold a secret.
class Error : public std::exception {
 public:
  Error(Code error_code, std::string error_kind, std::string error_message)
      : code(error_code), kind(std::move(error_kind)), message(std::move(error_message)) {}

  const char* what() const noexcept override { return message.c_str(); }

  Error& with(std::string_view key, std::string_view text) & {
    details.push_back({std::string(key), std::string(text)});
    return *this;
  }
  Error&& with(std::string_view key, std::string_view text) && {
    return std::move(with(key, text));
  }
  Error& with_json(std::string_view key, std::string json) & {
    details.push_back({std::string(key), std::move(json), true});
    return *this;
  }
  Error&& with_json(std::string_view key, std::string json) && {
    return std::move(with_json(key, std::move(json)));
  }

  Code code;
  std::string kind;  ///< The finer word, stable, e.g. `queue_deduplicated`.
  std::string message;
  std::vector<Detail> details;
  Retry retry = Retry::kNever;
  /// A write left this process and its answer did not arrive: it may have been applied.
  bool may_be_applied = false;
  /// Whether it settles what became of an earlier try. A refused connection has not judged a
  /// statement.
  bool settles = true;
};

inline Error invalid_argument(std::string kind, std::string_view path, std::string message) {
  return Error(Code::kInvalidArgument, std::move(kind), std::move(message)).with("path", path);
}

inline Error conflicting_keys(std::string_view first, std::string_view second) {
  return invalid_argument(
      "conflicting_keys", first,
      "'" + std::string(first) + "' and '" + std::string(second) + "' exclude each other");
}

}  // namespace dbosc
