#include "client/database.h"

#include <cstdlib>

#include "base/error.h"
#include "sql/postgres/connection.h"
#include "sql/sqlite/connection.h"
#include "store/layout.h"

namespace dbosc::client {
namespace {

namespace postgres = sql::postgres;
namespace sqlite = sql::sqlite;

[[noreturn]] void refuse_kind(const char* given, const char* ours) {
  throw Error(Code::kInvalidArgument, "wrong_database",
              std::string("the connection is ") + given + "'s, the client's database is " + ours);
}

class PostgresDatabase : public Database {
 public:
  explicit PostgresDatabase(std::shared_ptr<postgres::Settings> settings)
      : settings_(std::move(settings)) {}

  using Database::adopt;
  std::unique_ptr<sql::Session> adopt(pg_conn* connection, const Limits& limits) const override {
    return postgres::Connection::adopt(settings_, connection, limits);
  }

 protected:
  const std::shared_ptr<postgres::Settings> settings_;
};

class DirectDatabase final : public PostgresDatabase {
 public:
  using PostgresDatabase::PostgresDatabase;

  std::unique_ptr<sql::Session> connect(const Limits& limits) const override {
    return postgres::Connection::connect(settings_, limits);
  }
  std::optional<bool> names_statements() const override { return settings_->prepare_statements; }

 private:
  std::unique_ptr<sql::Session> connect_or_create(const Limits& limits) const override {
    try {
      return connect(limits);
    } catch (const Error& error) {
      if (error.kind != "database_missing") throw;
    }
    // Any database of the server will do to create another from; `postgres` is there by convention.
    auto maintenance = std::make_shared<postgres::Settings>();
    maintenance->conninfo = settings_->conninfo;
    maintenance->conninfo.set("dbname", "postgres");
    postgres::Connection::connect(maintenance, limits)
        ->run_script("CREATE DATABASE " + sql::quote_identifier(settings_->conninfo.get("dbname")));
    return connect(limits);
  }
};

class PooledDatabase final : public PostgresDatabase {
 public:
  PooledDatabase(std::shared_ptr<postgres::Settings> settings, CallerPool pool)
      : PostgresDatabase(std::move(settings)), pool_(std::move(pool)) {}

  std::unique_ptr<sql::Session> connect(const Limits& limits) const override {
    limits.check();
    auto* connection = pool_.acquire(limits.deadline);
    if (!connection) throw no_connection(limits);
    return postgres::Connection::borrow(settings_, connection, pool_.release, limits);
  }
  bool keeps_connections() const override { return false; }

 private:
  static Error no_connection(const Limits& limits) {
    limits.check();
    Error error(Code::kUnavailable, "no_connection", "the caller's pool gave no connection");
    error.retry = Retry::kReconnect;
    return error;
  }

  const CallerPool pool_;
};

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(std::string path) : path_(std::move(path)) {}

  std::unique_ptr<sql::Session> connect(const Limits& limits) const override {
    return sqlite::Connection::open(path_, sqlite::Connection::Create::kNo, limits);
  }
  bool has_one_writer() const override { return true; }
  using Database::adopt;
  std::unique_ptr<sql::Session> adopt(sqlite3* connection, const Limits& limits) const override {
    return sqlite::Connection::adopt(connection, limits);
  }

 private:
  std::unique_ptr<sql::Session> connect_or_create(const Limits& limits) const override {
    return sqlite::Connection::open(path_, sqlite::Connection::Create::kYes, limits);
  }

  std::string path_;
};

bool is_sqlite(std::string_view url) { return url.substr(0, 7) == "sqlite:"; }

std::shared_ptr<postgres::Settings> postgres_settings(const Config& config) {
  auto settings = std::make_shared<postgres::Settings>();
  settings->dialect.schema = config.schema;
  return settings;
}

std::unique_ptr<Database> make_postgres(const Config& config, postgres::ConnInfo conninfo) {
  auto settings = postgres_settings(config);
  settings->idle_transaction_timeout_ms = config.idle_transaction_timeout_ms;
  settings->prepare_statements = config.prepared_statements != Switch::kOff;
  conninfo.set("client_encoding", "UTF8");
  if (conninfo.get("application_name").empty()) conninfo.set("application_name", "dbosc");
  // Kerberos is looked for on the file system and the network before anything is sent, and blocks.
  if (conninfo.get("gssencmode").empty()) conninfo.set("gssencmode", "disable");
  settings->conninfo = std::move(conninfo);
  return std::make_unique<DirectDatabase>(std::move(settings));
}

postgres::ConnInfo conninfo_with_database(std::string_view url, std::string_view key) {
  auto conninfo = postgres::ConnInfo::parse(url, key);
  if (conninfo.get("dbname").empty() && conninfo.get("service").empty()) {
    throw invalid_argument("invalid_url", key, "'" + std::string(key) + "' must name a database");
  }
  return conninfo;
}

std::optional<std::string> url_from_environment() {
  const char* url = std::getenv("DBOS_SYSTEM_DATABASE_URL");
  if (!url || !*url) return std::nullopt;
  return url;
}

}  // namespace

std::unique_ptr<sql::Session> Database::create(const Limits& limits) const {
  auto session = connect_or_create(limits);
  if (store::has_system_tables(*session)) {
    throw Error(Code::kConflict, "system_database_exists",
                "there is a DBOS system database already; it was not touched");
  }
  return session;
}

std::unique_ptr<sql::Session> Database::adopt(pg_conn*, const Limits&) const {
  refuse_kind("Postgres", "SQLite");
}

std::unique_ptr<sql::Session> Database::adopt(sqlite3*, const Limits&) const {
  refuse_kind("SQLite", "Postgres");
}

std::unique_ptr<Database> make_database(const Config& config) {
  auto url = config.system_database_url;
  if (!url && !config.application_database_url) url = url_from_environment();
  if (url) {
    if (is_sqlite(*url)) return std::make_unique<SqliteDatabase>(sqlite::path_of_url(*url));
    return make_postgres(config, conninfo_with_database(*url, "system_database_url"));
  }
  if (config.application_database_url) {
    // As older Python releases derived it; with SQLite application and system tables share the
    // file.
    const auto& application = *config.application_database_url;
    if (is_sqlite(application)) {
      return std::make_unique<SqliteDatabase>(sqlite::path_of_url(application));
    }
    auto conninfo = conninfo_with_database(application, "application_database_url");
    conninfo.set("dbname", conninfo.get("dbname") + "_dbos_sys");
    return make_postgres(config, std::move(conninfo));
  }
  throw invalid_argument("missing_key", "system_database_url",
                         "'system_database_url' is required (or the environment's "
                         "DBOS_SYSTEM_DATABASE_URL)");
}

std::unique_ptr<Database> make_database(const Config& config, CallerPool pool) {
  // It would outlive the loan: who borrows the connection next would get our notifications.
  if (config.use_listen_notify == Switch::kOn) {
    throw invalid_argument("conflicting_keys", "use_listen_notify",
                           "'use_listen_notify' cannot be 'on' with connections of the caller's "
                           "pool");
  }
  return std::make_unique<PooledDatabase>(postgres_settings(config), std::move(pool));
}

}  // namespace dbosc::client
