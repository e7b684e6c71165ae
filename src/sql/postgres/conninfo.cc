#include "sql/postgres/conninfo.h"

#include <libpq-fe.h>

#include <cstdlib>
#include <memory>
#include <optional>

#include "base/error.h"
#include "sql/postgres/resolver.h"

namespace dbosc::sql::postgres {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

/// SQLAlchemy's `postgresql+psycopg://` names a Python driver; libpq knows the scheme without it.
std::string without_driver(std::string_view url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return std::string(url);
  const auto scheme = url.substr(0, scheme_end);
  return std::string(scheme.substr(0, scheme.find('+'))) + std::string(url.substr(scheme_end));
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> items(1);
  for (const char c : list) {
    if (c == ',') {
      items.emplace_back();
    } else {
      items.back() += c;
    }
  }
  return items;
}

std::string or_environment(std::string value, const char* variable) {
  const char* from_environment = value.empty() ? std::getenv(variable) : nullptr;
  return from_environment ? from_environment : value;
}

Error invalid_url(std::string_view key, std::string_view problem) {
  return invalid_argument("invalid_url", key, "'" + std::string(key) + "' " + std::string(problem));
}

}  // namespace

ConnInfo ConnInfo::parse(std::string_view url, std::string_view key) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(
      PQconninfoParse(without_driver(url).c_str(), &message));
  PQfreemem(message);
  if (!options) {
    throw invalid_url(
        key,
        "is not a connection URL or key=value string that libpq can read; percent-encode special "
        "characters of the "
        "password");
  }
  ConnInfo info;
  for (auto* option = options.get(); option->keyword; ++option) {
    if (option->val && *option->val) info.set(option->keyword, option->val);
  }
  for (const auto& host : split(info.get("host"))) {
    // `user:pa@ss@host` parses with the end of the password in the host name, which errors would
    // show.
    if (host.find('@', 1) != std::string::npos) {
      throw invalid_url(key, "has an '@' in its host; percent-encode it in the password as %40");
    }
  }
  // Likewise `user:pa/ss@host` or `user:p@a:ss@host`, in the database's name or the port.
  if (url.find("://") != url.npos &&
      (info.get("dbname") + info.get("port")).find('@') != url.npos) {
    throw invalid_url(key, "has an '@' or '/' in its password; percent-encode it as %40 or %2F");
  }
  return info;
}

std::string ConnInfo::get(std::string_view keyword) const {
  for (const auto& [name, value] : parameters_) {
    if (name == keyword) return value;
  }
  return {};
}

void ConnInfo::set(std::string_view keyword, std::string value) {
  for (auto& [name, current] : parameters_) {
    if (name == keyword) {
      current = std::move(value);
      return;
    }
  }
  parameters_.emplace_back(keyword, std::move(value));
}

std::vector<ConnInfo> ConnInfo::targets(const Limits& limits) const {
  const auto host_list = or_environment(get("host"), "PGHOST");
  if (host_list.empty() || !or_environment(get("hostaddr"), "PGHOSTADDR").empty()) return {*this};
  const auto hosts = split(host_list);
  const auto ports = split(get("port"));
  std::vector<ConnInfo> targets;
  std::optional<Error> unresolved;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    try {
      for (auto& address : resolve(hosts[i], limits)) {
        auto& target = targets.emplace_back(*this);
        target.set("host", hosts[i]);
        target.set("hostaddr", std::move(address));
        target.set("port", ports[ports.size() == hosts.size() ? i : 0]);
        // Behind several hosts stand a primary and its standbys: we want the one that takes writes.
        if (hosts.size() > 1 && get("target_session_attrs").empty()) {
          target.set("target_session_attrs", "read-write");
        }
      }
    } catch (Error& error) {
      if (error.kind != "unknown_host") throw;
      unresolved = std::move(error);
    }
  }
  if (targets.empty()) throw *unresolved;
  return targets;
}

}  // namespace dbosc::sql::postgres
