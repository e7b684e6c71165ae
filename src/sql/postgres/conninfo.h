#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace dbosc::sql::postgres {

/// libpq's connection parameters, parsed once. Holds the password: never print it.
class ConnInfo {
 public:
  /// `key` is the config's, for errors. From `postgresql://`, `postgres://`,
  /// `postgresql+psycopg://` (any `+driver`) or a key=value string. Throws Error(kInvalidArgument,
  /// "invalid_url") in words of our own: libpq's message may quote parts of a password.
  static ConnInfo parse(std::string_view url, std::string_view key = "system_database_url");

  /// The parameter's value, empty when it is not set.
  std::string get(std::string_view keyword) const;
  void set(std::string_view keyword, std::string value);
  const std::vector<std::pair<std::string, std::string>>& parameters() const { return parameters_; }

  /// One for each address behind the hosts, in the order to try them, names resolved within the
  /// limits: libpq itself would block on a silent name server, and would wait for one silent
  /// address as long as for all. Throws Error(kUnavailable, "unknown_host") when there is none.
  std::vector<ConnInfo> targets(const Limits& limits) const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace dbosc::sql::postgres
