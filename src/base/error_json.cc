#include "base/error_json.h"

namespace dbosc {
namespace {

constexpr const char* kStatusNames[] = {"OK",
                                        "INVALID_ARGUMENT",
                                        "NOT_FOUND",
                                        "CONFLICT",
                                        "TIMEOUT",
                                        "CANCELLED",
                                        "UNAVAILABLE",
                                        "DATABASE",
                                        "SERIALIZATION",
                                        "UNSUPPORTED",
                                        "INVALID_STATE",
                                        "WORKFLOW_FAILED",
                                        "WORKFLOW_CANCELLED",
                                        "OUTCOME_UNKNOWN",
                                        "OUT_OF_MEMORY",
                                        "INTERNAL"};

/// Whether the same call may succeed later without a change.
bool is_retryable(const Error& failure) {
  return failure.retry != Retry::kNever || failure.code == Code::kUnavailable ||
         failure.code == Code::kTimeout || failure.code == Code::kOutcomeUnknown;
}

}  // namespace

void write_details(JsonWriter& out, std::span<const Detail> details) {
  for (const auto& detail : details) {
    out.key(detail.key);
    if (detail.is_json) {
      out.raw(detail.value);
    } else {
      out.string(detail.value);
    }
  }
}

std::string to_json(const Error& failure) {
  JsonWriter out;
  out.begin_object();
  out.key("code").integer(static_cast<int>(failure.code));
  out.key("status").string(kStatusNames[static_cast<int>(failure.code)]);
  out.key("kind").string(failure.kind);
  out.key("message").string(failure.message);
  out.key("retryable").boolean(is_retryable(failure));
  write_details(out, failure.details);
  out.end_object();
  return std::string(out.view());
}

}  // namespace dbosc
