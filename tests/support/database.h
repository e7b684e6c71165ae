#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/call.h"
#include "support/official.h"
#include "support/sql.h"

namespace dbosc::test {

inline std::string name_of(Backend backend) {
  return backend == Backend::kPostgres ? "postgres" : "sqlite";
}

/// The admin URL of the server that tests may use. Throws where DBOSC_TEST_POSTGRES_URL is missing:
/// a test of Postgres without one fails, it is never skipped.
std::string postgres_admin_url();
/// The URL of the same server with another database.
std::string with_database(const std::string& url, const std::string& database);

/// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// A place for one test's system database: in Postgres a schema of the database that the test
/// process owns, in SQLite a file. Gone at the end.
class Database {
 public:
  enum class Content { kSystemDatabase, kNothing };
  explicit Database(Backend backend, Content content = Content::kSystemDatabase,
                    std::string schema = {});
  /// One as an SDK's own migrations make it.
  explicit Database(const OfficialSchema& official);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Backend backend() const { return backend_; }
  bool is_postgres() const { return backend_ == Backend::kPostgres; }
  const std::string& url() const { return url_; }
  const std::string& schema() const { return schema_; }
  const std::string& path() const { return path_; }
  /// A config that names this place, with `more` keys added.
  Json config(const Json& more = Json::object()) const;
  Client open(const Json& more = Json::object()) const { return Client(config(more)); }
  /// The way past the library, connected when first used.
  Sql& sql();
  std::unique_ptr<Sql> another_sql() const;
  /// How many statements wait for somebody's lock. Postgres only.
  int waiting_for_locks();

 private:
  Backend backend_;
  std::string url_, schema_, path_;
  std::unique_ptr<TemporaryFolder> folder_;
  std::unique_ptr<Sql> sql_;
};

}  // namespace dbosc::test
