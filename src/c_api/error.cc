#include <new>

#include "base/error_json.h"
#include "c_api/handles.h"

namespace dbosc::c_api {
namespace {

static_assert(static_cast<int>(Code::kOk) == DBOSC_OK);
static_assert(static_cast<int>(Code::kInvalidArgument) == DBOSC_INVALID_ARGUMENT);
static_assert(static_cast<int>(Code::kNotFound) == DBOSC_NOT_FOUND);
static_assert(static_cast<int>(Code::kConflict) == DBOSC_CONFLICT);
static_assert(static_cast<int>(Code::kTimeout) == DBOSC_TIMEOUT);
static_assert(static_cast<int>(Code::kCancelled) == DBOSC_CANCELLED);
static_assert(static_cast<int>(Code::kUnavailable) == DBOSC_UNAVAILABLE);
static_assert(static_cast<int>(Code::kDatabase) == DBOSC_DATABASE);
static_assert(static_cast<int>(Code::kSerialization) == DBOSC_SERIALIZATION);
static_assert(static_cast<int>(Code::kUnsupported) == DBOSC_UNSUPPORTED);
static_assert(static_cast<int>(Code::kInvalidState) == DBOSC_INVALID_STATE);
static_assert(static_cast<int>(Code::kWorkflowFailed) == DBOSC_WORKFLOW_FAILED);
static_assert(static_cast<int>(Code::kWorkflowCancelled) == DBOSC_WORKFLOW_CANCELLED);
static_assert(static_cast<int>(Code::kOutcomeUnknown) == DBOSC_OUTCOME_UNKNOWN);
static_assert(static_cast<int>(Code::kOutOfMemory) == DBOSC_OUT_OF_MEMORY);
static_assert(static_cast<int>(Code::kInternal) == DBOSC_INTERNAL);

// Made when the library is loaded, while there is memory, and never freed: a program may hold it to
// its end.
dbosc_error& static_error() {
  static auto& error = *new dbosc_error{
      DBOSC_OUT_OF_MEMORY, "out_of_memory", "out of memory",
      R"({"code":14,"status":"OUT_OF_MEMORY","kind":"out_of_memory","message":"out of memory","retryable":true})"};
  return error;
}
[[maybe_unused]] const dbosc_error& made_at_load = static_error();

}  // namespace

dbosc_error* out_of_memory_error() noexcept { return &static_error(); }

dbosc_error* make_error(const Error& failure) noexcept {
  try {
    return new dbosc_error{static_cast<int>(failure.code), failure.kind, failure.message,
                           to_json(failure)};
  } catch (...) {
    return out_of_memory_error();
  }
}

}  // namespace dbosc::c_api

int dbosc_error_code(const dbosc_error* error) noexcept { return error ? error->code : DBOSC_OK; }

const char* dbosc_error_kind(const dbosc_error* error) noexcept {
  return error ? error->kind.c_str() : "";
}

const char* dbosc_error_message(const dbosc_error* error) noexcept {
  return error ? error->message.c_str() : "";
}

const char* dbosc_error_json(const dbosc_error* error) noexcept {
  return error ? error->json.c_str() : "";
}

void dbosc_error_free(dbosc_error* error) noexcept {
  if (error != dbosc::c_api::out_of_memory_error()) delete error;
}
