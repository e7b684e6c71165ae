#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/deadline.h"
#include "client/config.h"
#include "sql/dialect.h"
#include "sql/pool.h"

struct pg_conn;
struct sqlite3;

namespace dbosc::client {

/// A pool of the caller's, which lends connections to the system database.
struct CallerPool {
  /// Null where there is none to be had in that time.
  std::function<pg_conn*(Deadline)> acquire;
  std::function<void(pg_conn*, bool reusable)> release;
};

/// The system database that a config names: how to connect to it, and how to make it.
class Database {
 public:
  virtual ~Database() = default;
  virtual std::unique_ptr<sql::Session> connect(const Limits& limits) const = 0;
  /// Whether connections are ours to keep between two uses.
  virtual bool keeps_connections() const { return true; }
  /// Whether one transaction at a time can write.
  virtual bool has_one_writer() const { return false; }
  /// Whether statements have names on its connections, which a pooler may have ended; nothing where
  /// that is no question.
  virtual std::optional<bool> names_statements() const { return std::nullopt; }
  /// Connects to the database, making it (empty) where it is missing. Throws Error(kConflict,
  /// "system_database_exists") where there are DBOS tables already.
  std::unique_ptr<sql::Session> create(const Limits& limits) const;

  /// A connection of the caller's to this database, for one call. Throws
  /// Error(kInvalidArgument, "wrong_database") where this is another kind of database.
  virtual std::unique_ptr<sql::Session> adopt(pg_conn* connection, const Limits& limits) const;
  virtual std::unique_ptr<sql::Session> adopt(sqlite3* connection, const Limits& limits) const;

 private:
  virtual std::unique_ptr<sql::Session> connect_or_create(const Limits& limits) const {
    return connect(limits);
  }
};

/// Checks the config's URLs. Throws Error(kInvalidArgument): `missing_key`, `invalid_url`.
std::unique_ptr<Database> make_database(const Config& config);
/// Of the caller's pool, whatever URLs the config has. Throws Error(kInvalidArgument) for what a
/// pool cannot do.
std::unique_ptr<Database> make_database(const Config& config, CallerPool pool);

}  // namespace dbosc::client
