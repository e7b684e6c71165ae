#include <cstdlib>
#include <future>

#include "contract/contract.h"

// Opening, checking and making system databases.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(SystemDatabase);

/// Sets a variable of the environment for one scope.
class EnvironmentVariable {
 public:
  EnvironmentVariable(std::string name, const std::string& value) : name_(std::move(name)) {
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  ~EnvironmentVariable() { ::unsetenv(name_.c_str()); }

 private:
  std::string name_;
};

TEST_P(SystemDatabase, AnswersACheckAndItsLevel) {
  EXPECT_EQ(client().call("check_connection"), Json({{"connected", true}}));
  EXPECT_EQ(client().call("get_schema_version"),
            Json({{"schema_version", 125}, {"newest_schema_version", 125}}));
}

TEST_P(SystemDatabase, IsMadeOnceAndNeverTouchedAgain) {
  Database fresh(GetParam(), Database::Content::kNothing);
  const auto client = fresh.open({{"lazy", true}});
  EXPECT_EQ(client.call("create_system_database"),
            Json({{"created", true}, {"schema_version", 125}}));
  client.call("enqueue", enqueue_request({{"workflow_id", "id"}}));
  const auto failure = client.refused("create_system_database", Json::object());
  EXPECT_EQ(failure.status, DBOSC_CONFLICT);
  EXPECT_EQ(failure.kind, "system_database_exists");
  EXPECT_EQ(client.call("count_workflows").at("count"), 1);
}

TEST_P(SystemDatabase, IsMadeWholeOrNotAtAll) {
  Database taken(GetParam(), Database::Content::kNothing);
  // Somebody else's table of a name that we need, the last but a few.
  if (postgres()) taken.sql().rows("CREATE SCHEMA " + quoted_name(taken.schema()));
  taken.sql().rows("CREATE TABLE dbos.application_versions (x INTEGER)");
  EXPECT_FALSE(
      taken.open({{"lazy", true}}).try_call("create_system_database", Json::object()).ok());
  EXPECT_ANY_THROW(taken.sql().rows("SELECT * FROM dbos.workflow_status"));
  EXPECT_EQ(taken.sql().value("SELECT count(*) AS n FROM dbos.application_versions"), "0");
}

TEST_P(SystemDatabase, IsMadeByOneOfTwoThatTryAtOnce) {
  Database fresh(GetParam(), Database::Content::kNothing);
  const auto first = fresh.open({{"lazy", true}}), second = fresh.open({{"lazy", true}});
  auto racing = std::async(std::launch::async, [&] {
    return second.try_call("create_system_database", Json::object());
  });
  const bool one = first.try_call("create_system_database", Json::object()).ok();
  const auto other = racing.get();
  EXPECT_NE(one, other.ok());
  EXPECT_EQ(first.call("get_schema_version").at("schema_version"), 125);
}

TEST_P(SystemDatabase, LeavesOutTheTriggerWhereAskedTo) {
  Database fresh(GetParam(), Database::Content::kNothing);
  fresh.open({{"lazy", true}}).call("create_system_database", {{"use_listen_notify", false}});
  fresh.open().call("enqueue", enqueue_request({{"workflow_id", "id"}}));
  EXPECT_NO_THROW(fresh.open().call("send", {{"destination_id", "id"}, {"message", 1}}));
  if (postgres()) {
    EXPECT_EQ(fresh.sql().value("SELECT count(*) FROM pg_trigger WHERE tgrelid ="
                                " 'dbos.notifications'::regclass AND NOT tgisinternal"),
              "0");
  }
}

TEST_P(SystemDatabase, IsMadeWithTheDatabaseAroundIt) {
  if (postgres()) {
    auto admin = Sql::postgres(postgres_admin_url());
    const std::string name = "dbosc_test_made \"by\" us " + std::to_string(::getpid());
    admin->rows("DROP DATABASE IF EXISTS " + quoted_name(name));
    const Json config{{"system_database_url",
                       with_database(database().url(), "dbosc_test_made%20%22by%22%20us%20" +
                                                           std::to_string(::getpid()))}};
    EXPECT_EQ(Client::refused(config).kind, "database_missing");
    auto lazy = config;
    lazy["lazy"] = true;
    EXPECT_NO_THROW(Client(lazy).call("create_system_database"));
    EXPECT_NO_THROW(Client(config).call("check_connection"));
    admin->rows("DROP DATABASE " + quoted_name(name) + " WITH (FORCE)");
    return;
  }
  Database fresh(GetParam(), Database::Content::kNothing);
  EXPECT_EQ(Client::refused(fresh.config()).kind, "database_missing");
  EXPECT_FALSE(std::filesystem::exists(fresh.path())) << "opening makes no file";
  EXPECT_NO_THROW(fresh.open({{"lazy", true}}).call("create_system_database"));
  EXPECT_NO_THROW(fresh.open().call("check_connection"));
}

TEST_P(SystemDatabase, IsNotMadeByAClientThatIsNotLazyWhereNothingIs) {
  Database fresh(GetParam(), Database::Content::kNothing);
  EXPECT_THAT(Client::refused(fresh.config()).kind,
              ::testing::AnyOf("schema_missing", "database_missing"));
}

TEST_P(SystemDatabase, IsNamedByTheEnvironmentWhereNoUrlIsGiven) {
  const EnvironmentVariable variable("DBOS_SYSTEM_DATABASE_URL", database().url());
  Json config = Json::object();
  if (postgres()) config["schema"] = database().schema();
  enqueue();
  EXPECT_EQ(Client(config).call("count_workflows").at("count"), 1);
  Database other(GetParam());
  EXPECT_EQ(other.open().call("count_workflows").at("count"), 0) << "the config's URL goes first";
}

TEST_P(SystemDatabase, IsDerivedFromTheApplicationsDatabase) {
  const EnvironmentVariable variable("DBOS_SYSTEM_DATABASE_URL", "sqlite:////nowhere/at/all.db");
  if (!postgres()) {
    EXPECT_NO_THROW(Client(Json({{"application_database_url", database().url()}})))
        << "application and system tables share the file";
    return;
  }
  auto admin = Sql::postgres(postgres_admin_url());
  const auto name = "dbosc_app_" + std::to_string(::getpid());
  admin->rows("DROP DATABASE IF EXISTS " + quoted_name(name + "_dbos_sys"));
  const Json config{{"application_database_url", with_database(database().url(), name)},
                    {"lazy", true}};
  {
    const Client client(config);
    client.call("create_system_database");
    EXPECT_EQ(client.call("count_workflows").at("count"), 0);
  }
  EXPECT_NO_THROW(
      admin->rows("DROP DATABASE " + quoted_name(name + "_dbos_sys") + " WITH (FORCE)"));
}

TEST_P(SystemDatabase, RefusesAConfigThatIsWrongAndNamesTheKey) {
  struct Refusal {
    Json keys;
    const char* kind;
    const char* path;
  };
  for (const auto& [keys, kind, path] :
       {Refusal{{{"system_database_url", nullptr}}, "missing_key", "system_database_url"},
        Refusal{{{"system_database_url", ""}}, "empty_value", "system_database_url"},
        Refusal{{{"system_database_url", "sqlite:"}}, "invalid_url", "system_database_url"},
        Refusal{{{"system_database_url", "sqlite://host/x"}}, "invalid_url", "system_database_url"},
        Refusal{{{"system_database_url", "mysql://h/db"}}, "invalid_url", "system_database_url"},
        Refusal{{{"schema", ""}}, "empty_value", "schema"},
        Refusal{{{"schema", std::string(64, 'x')}}, "too_long", "schema"},
        Refusal{{{"schema", std::string("a\0", 2)}}, "nul_character", "schema"},
        Refusal{{{"application_name", ""}}, "empty_value", "application_name"},
        Refusal{{{"pool_size", 0}}, "out_of_range", "pool_size"},
        Refusal{{{"pool_size", 1001}}, "out_of_range", "pool_size"},
        Refusal{{{"poll_interval_ms", 0}}, "out_of_range", "poll_interval_ms"},
        Refusal{{{"default_timeout_ms", 0}}, "out_of_range", "default_timeout_ms"},
        Refusal{{{"startup_timeout_ms", 2147483648}}, "out_of_range", "startup_timeout_ms"},
        Refusal{{{"observability_query_timeout_ms", -1}},
                "out_of_range",
                "observability_query_timeout_ms"},
        Refusal{{{"payload_columns", "new"}}, "unknown_value", "payload_columns"},
        Refusal{{{"payloads", "pretty"}}, "unknown_value", "payloads"},
        Refusal{{{"use_listen_notify", true}}, "wrong_type", "use_listen_notify"},
        Refusal{{{"lazy", "yes"}}, "wrong_type", "lazy"},
        Refusal{{{"pool_sise", 1}}, "unknown_key", "pool_sise"}}) {
    SCOPED_TRACE(keys.dump());
    const auto failure = Client::refused(database().config(keys));
    EXPECT_EQ(failure.status, DBOSC_INVALID_ARGUMENT);
    EXPECT_EQ(failure.kind, kind);
    EXPECT_EQ(failure.detail("path"), path);
  }
  EXPECT_EQ(Client::refused({{"application_database_url", "mysql://h/db"}}).detail("path"),
            "application_database_url");
  EXPECT_EQ(Client::refused({{"system_database_url", "sqlite:///:memory:"}}).kind,
            "in_memory_database");
}

TEST_P(SystemDatabase, IsOneAndNotShards) {
  EXPECT_EQ(Client::refused(database().config({{"sharding", Json::object()}})).kind, "unknown_key");
  char* description = dbosc_describe();
  const auto operations = Json::parse(description).at("operations");
  dbosc_string_free(description);
  ASSERT_FALSE(operations.empty());
  for (const auto& operation : operations) {
    const auto failure = client().refused(operation.at("name"), Json{{"shard_key", "s"}});
    EXPECT_EQ(failure.kind, "unknown_key") << operation.at("name");
    EXPECT_EQ(failure.detail("path"), "shard_key");
  }
}

TEST_P(SystemDatabase, IsUsedInTheNameOfAnApplication) {
  EXPECT_STREQ(dbosc_client_application_name(open({{"application_name", "app"}}).get()), "app");
  EXPECT_EQ(dbosc_client_application_name(client().get()), nullptr);
}

TEST_P(SystemDatabase, TakesEveryFormOfItsUrl) {
  std::vector<std::string> urls{database().url()};
  if (postgres()) {
    const auto rest = database().url().substr(database().url().find("://"));
    urls = {"postgresql" + rest, "postgres" + rest, "postgresql+psycopg" + rest,
            "postgresql+psycopg2" + rest, "postgresql" + rest + "?connect_timeout=5"};
    const auto port = rest.substr(rest.rfind(':') + 1, rest.rfind('/') - rest.rfind(':') - 1);
    urls.push_back("host=127.0.0.1 user=postgres password=dbosc port=" + port +
                   " dbname=" + rest.substr(rest.rfind('/') + 1));
  } else {
    urls.push_back("sqlite:" + database().path());
  }
  for (const auto& url : urls) {
    EXPECT_NO_THROW(open({{"system_database_url", url}}).call("check_connection")) << url;
  }
}

TEST_P(SystemDatabase, IsUnavailableWhereNobodyListens) {
  if (!postgres()) {
    EXPECT_EQ(Client::refused({{"system_database_url", "sqlite:////no/such/folder/x.db"}}).status,
              DBOSC_NOT_FOUND);
    return;
  }
  const Json config{{"system_database_url", "postgresql://u:secret@127.0.0.1:1/db"}};
  const auto failure = Client::refused(config);
  EXPECT_EQ(failure.status, DBOSC_UNAVAILABLE);
  EXPECT_EQ(failure.kind, "connection_failed");
  EXPECT_EQ(failure.details.at("retryable"), true);
  EXPECT_THAT(failure.details.dump(), ::testing::Not(::testing::HasSubstr("secret")));
  auto lazy = config;
  lazy["lazy"] = true;
  lazy["default_timeout_ms"] = 50;
  const Client client(lazy);
  const auto later = client.refused("enqueue", enqueue_request());
  EXPECT_EQ(later.status, DBOSC_UNAVAILABLE) << "the cause says more than the deadline";
  EXPECT_EQ(client.refused("check_connection", Json::object()).kind, "connection_failed");
}

// Files have no passwords: a case of one database only.
TEST(SystemDatabaseOnPostgres, RefusesAWrongPasswordWithoutRepeatingIt) {
  const Database database(Backend::kPostgres);
  auto url = database.url();
  url.replace(url.find("dbosc@"), 6, "wr0ng-s3cret@");
  const auto failure = Client::refused({{"system_database_url", url}});
  EXPECT_EQ(failure.status, DBOSC_UNAVAILABLE);
  EXPECT_EQ(failure.kind, "authentication_failed");
  EXPECT_EQ(failure.detail("sqlstate"), "28P01");
  EXPECT_THAT(failure.details.dump(), ::testing::Not(::testing::HasSubstr("s3cret")));
}

}  // namespace
}  // namespace dbosc::test
