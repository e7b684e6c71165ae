#include "client/start/enqueue_from.h"

#include "c_api/boundary.h"
#include "client/operation_types.h"

int dbosc_client_enqueue_from(dbosc_client* client, const char* request, dbosc_next_workflow next,
                              dbosc_part_enqueued part_enqueued, void* user, dbosc_cancel* cancel,
                              char** reply, dbosc_error** error) noexcept {
  using namespace dbosc;
  if (reply) *reply = nullptr;
  return c_api::guarded(error, [&] {
    if (!client) throw c_api::null_argument("client");
    if (!next) throw c_api::null_argument("next");
    const c_api::Entered entered(*client->services);
    const auto document = JsonDocument::parse(request ? request : "{}");
    const auto options = schema::decode<client::EnqueueFromRequest>(document.root());
    auto call = client::make_call({*client->services, c_api::token(cancel), nullptr}, options);
    JsonWriter out;
    schema::encode(out, client::enqueue_from(
                            call, [&] { return next(user); },
                            [&](const char* outcomes) {
                              return !part_enqueued || part_enqueued(user, outcomes) == 0;
                            }));
    if (reply) *reply = out.release();
  });
}
