#pragma once

#include <dbosc/dbosc.h>

#include <exception>
#include <new>
#include <utility>

#include "base/json.h"
#include "base/json_writer.h"
#include "c_api/handles.h"
#include "client/operations.h"

namespace dbosc::c_api {

/// Hands a failure out and returns its status.
inline int fail(const Error& failure, dbosc_error** error) noexcept {
  if (error) *error = make_error(failure);
  return static_cast<int>(failure.code);
}

/// The one place where exceptions end: runs `work` and makes a status and an error object of what
/// it throws.
template <class Work>
int guarded(dbosc_error** error, Work&& work) noexcept {
  try {
    work();
    return DBOSC_OK;
  } catch (const Error& failure) {
    return fail(failure, error);
  } catch (const std::bad_alloc&) {
    if (error) *error = out_of_memory_error();
    return DBOSC_OUT_OF_MEMORY;
  } catch (const std::exception& failure) {
    return fail(Error(Code::kInternal, "internal", failure.what()), error);
  } catch (...) {
    return fail(Error(Code::kInternal, "internal", "an unknown exception"), error);
  }
}

inline Error null_argument(const char* name) {
  return Error(Code::kInvalidState, "null_argument",
               std::string("'") + name + "' must not be NULL");
}

inline const Cancel* token(const dbosc_cancel* cancel) {
  return cancel ? cancel->cancel.get() : nullptr;
}

/// Counts a call in and out, so that a shutdown can wait for it.
class Entered {
 public:
  explicit Entered(client::Services& services, bool even_closed = false) : services_(services) {
    services_.enter(even_closed);
  }
  ~Entered() { services_.leave(); }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;

 private:
  client::Services& services_;
};

/// Runs an operation on a client: checks, decode, run, encode.
inline void run(dbosc_client* client, const client::Operation& operation, const char* request,
                dbosc_cancel* cancel, char** reply) {
  if (!client) throw null_argument("client");
  const Entered entered(*client->services, operation.outlives_shutdown);
  const auto document = JsonDocument::parse(request ? request : "{}");
  JsonWriter out;
  client::run_call(operation, {*client->services, token(cancel), nullptr}, document.root(), out);
  if (reply) *reply = out.release();
}

inline const client::Operation& operation_named(const char* name) {
  if (!name) throw null_argument("operation");
  if (const auto* found = client::find_operation(name)) return *found;
  throw invalid_argument("unknown_operation", "operation",
                         std::string("there is no operation '") + name + "'");
}

inline int invoke(dbosc_client* client, const client::Operation& operation, const char* request,
                  dbosc_cancel* cancel, char** reply, dbosc_error** error) noexcept {
  if (reply) *reply = nullptr;
  return guarded(error, [&] { run(client, operation, request, cancel, reply); });
}

}  // namespace dbosc::c_api
