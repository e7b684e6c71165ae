#include "c_api/boundary.h"

int dbosc_client_open(const char* config, dbosc_cancel* cancel, dbosc_client** client,
                      dbosc_error** error) noexcept {
  using namespace dbosc;
  if (client) *client = nullptr;
  return c_api::guarded(error, [&] {
    if (!client) throw c_api::null_argument("client");
    const auto document = JsonDocument::parse(config ? config : "{}");
    *client = new dbosc_client{client::open(document.root(), c_api::token(cancel))};
  });
}

int dbosc_client_shutdown(dbosc_client* client, int64_t timeout_ms, dbosc_error** error) noexcept {
  using namespace dbosc;
  return c_api::guarded(error, [&] {
    if (!client) throw c_api::null_argument("client");
    if (!client->services->is_own_process()) {
      throw Error(Code::kInvalidState, "forked",
                  "this client is the parent process's to shut down");
    }
    const auto deadline =
        timeout_ms < 0 ? Deadline::never() : Deadline::in(milliseconds(timeout_ms));
    if (!client->services->shut_down(deadline)) {
      throw Error(Code::kTimeout, "timeout", "calls are still running; the client stays shut");
    }
  });
}

void dbosc_client_free(dbosc_client* client) noexcept {
  if (!client) return;
  // Its sockets and locks are the parent's: closing them here would end the parent's connections.
  if (!client->services->is_own_process()) return;
  dbosc_client_shutdown(client, 0, nullptr);
  delete client;
}
