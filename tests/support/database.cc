#include "support/database.h"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>

namespace dbosc::test {
namespace {

/// The one Postgres database of this process, dropped when it ends.
class ProcessDatabase {
 public:
  static const std::string& url() {
    static const ProcessDatabase database;
    return database.url_;
  }

 private:
  ProcessDatabase() : name_("dbosc_test_" + std::to_string(::getpid())) {
    auto admin = Sql::postgres(postgres_admin_url());
    admin->rows("DROP DATABASE IF EXISTS " + quoted_name(name_) + " WITH (FORCE)");
    admin->rows("CREATE DATABASE " + quoted_name(name_));
    url_ = with_database(postgres_admin_url(), name_);
  }
  ~ProcessDatabase() {
    try {
      Sql::postgres(postgres_admin_url())
          ->rows("DROP DATABASE IF EXISTS " + quoted_name(name_) + " WITH (FORCE)");
    } catch (const std::exception&) {
      // The server went first, and the database with it.
    }
  }

  std::string name_, url_;
};

std::string fresh_schema() {
  static std::atomic<int> count{0};
  return "test_" + std::to_string(++count);
}

}  // namespace

std::string postgres_admin_url() {
  const char* url = std::getenv("DBOSC_TEST_POSTGRES_URL");
  if (!url || !*url) {
    throw std::runtime_error(
        "DBOSC_TEST_POSTGRES_URL is not set: tests of Postgres need the admin URL of a server; "
        "run scripts/test, or scripts/postgres start DIR");
  }
  return url;
}

std::string with_database(const std::string& url, const std::string& database) {
  return url.substr(0, url.rfind('/') + 1) + database;
}

TemporaryFolder::TemporaryFolder() {
  auto pattern = (std::filesystem::temp_directory_path() / "dbosc-test-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Database::Database(Backend backend, Content content, std::string schema) : backend_(backend) {
  if (is_postgres()) {
    url_ = ProcessDatabase::url();
    schema_ = schema.empty() ? fresh_schema() : std::move(schema);
  } else {
    folder_ = std::make_unique<TemporaryFolder>();
    path_ = (*folder_ / "dbos.sqlite").string();
    url_ = "sqlite:///" + path_;
  }
  if (content == Content::kSystemDatabase) open({{"lazy", true}}).call("create_system_database");
}

Database::Database(const OfficialSchema& official) : Database(official.backend, Content::kNothing) {
  // One text, so one transaction and one journey.
  const std::string begin =
      is_postgres() ? "CREATE SCHEMA " + quoted_name(schema_) + ";\n" : "BEGIN;\n";
  sql().rows(begin + official.text() + (is_postgres() ? "" : "COMMIT;"));
}

Database::~Database() {
  try {
    if (is_postgres()) sql().rows("DROP SCHEMA IF EXISTS " + quoted_name(schema_) + " CASCADE");
  } catch (const std::exception&) {
    // It goes with its database at the latest.
  }
}

Json Database::config(const Json& more) const {
  Json config{{"system_database_url", url_}};
  if (is_postgres()) config["schema"] = schema_;
  config.update(more);
  return config;
}

Sql& Database::sql() {
  if (!sql_) sql_ = another_sql();
  return *sql_;
}

std::unique_ptr<Sql> Database::another_sql() const {
  return is_postgres() ? Sql::postgres(url_, schema_) : Sql::sqlite(path_);
}

int Database::waiting_for_locks() {
  return std::stoi(
      *sql().value("SELECT count(*) FROM pg_stat_activity"
                   " WHERE wait_event_type = 'Lock' AND datname = current_database()"));
}

}  // namespace dbosc::test
