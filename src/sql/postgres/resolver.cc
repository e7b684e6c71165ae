#include "sql/postgres/resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>

#include <array>
#include <memory>
#include <mutex>

#include "base/cancel.h"
#include "base/error.h"
#include "base/thread.h"

namespace dbosc::sql::postgres {
namespace {

/// A look-up on its own thread. Shared with it, since a caller may give up before the name server
/// answers.
struct Lookup {
  explicit Lookup(std::string name) : host(std::move(name)) {}
  const std::string host;
  Cancel done;  // triggered when the fields below are set
  std::mutex mutex;
  std::vector<std::string> addresses;
  int failure = 0;
};

void run(Lookup& lookup) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure = ::getaddrinfo(lookup.host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, [](addrinfo* list) {
    if (list) ::freeaddrinfo(list);
  });
  std::lock_guard lock(lookup.mutex);
  lookup.failure = failure;
  for (auto* entry = found; entry; entry = entry->ai_next) {
    std::array<char, NI_MAXHOST> text;
    if (::getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0,
                      NI_NUMERICHOST) == 0) {
      lookup.addresses.emplace_back(text.data());
    }
  }
  lookup.done.trigger();
}

bool needs_no_lookup(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> buffer;
  return host.empty() || host.front() == '/' || host.front() == '@' ||
         ::inet_pton(AF_INET, host.c_str(), buffer.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), buffer.data()) == 1;
}

}  // namespace

std::vector<std::string> resolve(const std::string& host, const Limits& limits) {
  if (needs_no_lookup(host)) {
    const bool numeric = !host.empty() && host.front() != '/' && host.front() != '@';
    return {numeric ? host : std::string()};
  }
  const auto lookup = std::make_shared<Lookup>(host);
  start_thread([lookup] { run(*lookup); }).detach();
  limits.wait_for(lookup->done.fd(), POLLIN);
  std::lock_guard lock(lookup->mutex);
  if (!lookup->addresses.empty()) return lookup->addresses;
  Error error(Code::kUnavailable, "unknown_host",
              "host '" + host + "' cannot be resolved: " + ::gai_strerror(lookup->failure));
  error.retry = Retry::kReconnect;
  throw error;
}

}  // namespace dbosc::sql::postgres
