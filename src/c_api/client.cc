#include "c_api/boundary.h"

namespace dbosc::c_api {
namespace {

void open(const char* config, dbosc_cancel* cancel, std::optional<client::CallerPool> pool,
          dbosc_client** client) {
  if (!client) throw null_argument("client");
  const auto document = JsonDocument::parse(config ? config : "{}");
  *client = new dbosc_client{client::open(document.root(), token(cancel), std::move(pool))};
}

client::CallerPool caller_pool(dbosc_pool_acquire acquire, dbosc_pool_release release, void* user) {
  if (!acquire) throw null_argument("acquire");
  if (!release) throw null_argument("release");
  return {[=](Deadline deadline) { return acquire(user, deadline.poll_timeout()); },
          [=](pg_conn* connection, bool reusable) { release(user, connection, reusable); }};
}

}  // namespace
}  // namespace dbosc::c_api

int dbosc_client_open(const char* config, dbosc_cancel* cancel, dbosc_client** client,
                      dbosc_error** error) noexcept {
  using namespace dbosc;
  if (client) *client = nullptr;
  return c_api::guarded(error, [&] { c_api::open(config, cancel, std::nullopt, client); });
}

int dbosc_client_open_pooled(const char* config, dbosc_pool_acquire acquire,
                             dbosc_pool_release release, void* user, dbosc_cancel* cancel,
                             dbosc_client** client, dbosc_error** error) noexcept {
  using namespace dbosc;
  if (client) *client = nullptr;
  return c_api::guarded(error, [&] {
    c_api::open(config, cancel, c_api::caller_pool(acquire, release, user), client);
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

const char* dbosc_client_application_name(const dbosc_client* client) noexcept {
  if (!client) return nullptr;
  const auto& name = client->services->config().application_name;
  return name ? name->c_str() : nullptr;
}
