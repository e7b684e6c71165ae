#pragma once

#include <memory>
#include <string>

#include "client/config.h"
#include "sql/dialect.h"
#include "sql/pool.h"

namespace dbosc::client {

/// The system database that a config names: how to connect to it, and how to make it.
class Database {
 public:
  virtual ~Database() = default;
  virtual std::unique_ptr<sql::Session> connect(const Limits& limits) const = 0;
  /// Connects to the database, making it (empty) where it is missing. Throws Error(kConflict,
  /// "system_database_exists") where there are DBOS tables already.
  virtual std::unique_ptr<sql::Session> create(const Limits& limits) const = 0;
};

/// Checks the config's URLs. Throws Error(kInvalidArgument): `missing_key`, `invalid_url`.
std::unique_ptr<Database> make_database(const Config& config);

}  // namespace dbosc::client
