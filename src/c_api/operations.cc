#include "c_api/boundary.h"

// One exported function an operation, all of one shape.
#define DBOSC_OPERATION(name, doc)                                                         \
  int dbosc_client_##name(dbosc_client* client, const char* request, dbosc_cancel* cancel, \
                          char** reply, dbosc_error** error) noexcept {                    \
    static const auto& operation = *dbosc::client::find_operation(#name);                  \
    return dbosc::c_api::invoke(client, operation, request, cancel, reply, error);         \
  }
#include "client/operations.def"
#undef DBOSC_OPERATION

int dbosc_client_call(dbosc_client* client, const char* operation, const char* request,
                      dbosc_cancel* cancel, char** reply, dbosc_error** error) noexcept {
  using namespace dbosc;
  if (reply) *reply = nullptr;
  return c_api::guarded(error, [&] {
    if (!client) throw c_api::null_argument("client");
    c_api::run(client, c_api::operation_named(operation), request, cancel, reply);
  });
}
