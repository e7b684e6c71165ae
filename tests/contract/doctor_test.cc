#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "contract/contract.h"

// What would keep a client from its work.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(Doctor);

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The check of that name; fails the test where there is none.
Json check_in(const Json& reply, const std::string& name) {
  for (const auto& check : reply.at("checks")) {
    if (check.at("name") == name) return check;
  }
  ADD_FAILURE() << "no check '" << name << "' in " << reply.dump();
  return {{"status", ""}, {"message", ""}, {"details", Json::object()}};
}

TEST_P(Doctor, FindsAFreshDatabaseHealthy) {
  const auto reply = client().call("doctor");
  EXPECT_TRUE(reply.at("healthy")) << reply.dump(1);
  if (postgres()) {
    EXPECT_THAT(names_of_checks(reply),
                ElementsAre("connection", "server", "schema", "owner", "grants", "pooler",
                            "prepared_statements", "notifications", "clock", "workers", "queues"));
  } else {
    EXPECT_THAT(names_of_checks(reply),
                ElementsAre("connection", "server", "schema", "file", "workers", "queues"));
  }
  for (const auto& check : reply.at("checks")) {
    const bool expected = check.at("status") == (check.at("name") == "workers" ? "warn" : "ok");
    EXPECT_TRUE(expected) << check.dump();
    EXPECT_FALSE(check.at("message").get<std::string>().empty());
  }
  EXPECT_EQ(check_in(reply, "schema").at("details"),
            Json({{"schema_version", 125}, {"newest_schema_version", 125}}));
  EXPECT_EQ(check_in(reply, "server").at("details").at("database"),
            postgres() ? "postgres" : "sqlite");
}

TEST_P(Doctor, SaysThatThereIsNoSchema) {
  Database fresh(GetParam(), Database::Content::kNothing);
  if (!postgres()) std::ofstream(fresh.path()).close();
  const auto reply = fresh.open({{"lazy", true}}).call("doctor");
  EXPECT_FALSE(reply.at("healthy"));
  EXPECT_EQ(check_in(reply, "connection").at("status"), "ok");
  const auto schema = check_in(reply, "schema");
  EXPECT_EQ(schema.at("status"), "fail");
  EXPECT_EQ(schema.at("details").at("kind"), "schema_missing");
  EXPECT_THAT(names_of_checks(reply), ::testing::Not(::testing::Contains("workers")));
}

TEST_P(Doctor, SaysThatASchemaIsNewerThanItKnows) {
  sql().rows("UPDATE dbos.dbos_migrations SET version = 999");
  const auto reply = client().call("doctor");
  EXPECT_TRUE(reply.at("healthy"));
  EXPECT_EQ(check_in(reply, "schema").at("status"), "warn");
  EXPECT_EQ(check_in(reply, "schema").at("details").at("schema_version"), 999);
}

TEST_P(Doctor, AnswersWhereTheDatabaseIsAway) {
  const auto url =
      postgres() ? "postgresql://u:s3cret@127.0.0.1:1/db" : "sqlite:////no/such/folder/x.db";
  const Client lazy(Json{{"system_database_url", url}, {"lazy", true}});
  const auto reply = lazy.call("doctor");
  EXPECT_FALSE(reply.at("healthy"));
  EXPECT_THAT(names_of_checks(reply), ElementsAre("connection"));
  EXPECT_EQ(check_in(reply, "connection").at("status"), "fail");
  EXPECT_THAT(reply.dump(), ::testing::Not(HasSubstr("s3cret")));
}

TEST_P(Doctor, NeedsNoPlaceInThePool) {
  const auto client = open({{"pool_size", 1}});
  auto transaction = client.begin();
  if (postgres()) {
    EXPECT_TRUE(client.call("doctor").at("healthy"));
  } else {
    // The transaction holds the lock of the file, so that nothing else is written meanwhile.
    EXPECT_EQ(check_in(client.call("doctor"), "connection").at("status"), "ok");
  }
  transaction.rollback();
}

TEST_P(Doctor, EndsWhenItIsCancelled) {
  const CancelPtr cancel(dbosc_cancel_new());
  dbosc_cancel_trigger(cancel.get());
  const auto answer = client().try_call("doctor", Json::object(), cancel.get());
  EXPECT_EQ(answer.failure.status, DBOSC_CANCELLED);
}

TEST_P(Doctor, ListsTheWorkersOfTheNewestWorkflows) {
  worker().insert_workflow("a", {{"executor_id", "e1"}, {"application_version", "v1"}});
  worker().insert_workflow("b", {{"executor_id", "e1"}, {"application_version", "v1"}});
  worker().insert_workflow("c", {{"executor_id", "e2"}, {"application_version", "v2"}});
  enqueue();
  const auto check = check_in(client().call("doctor"), "workers");
  EXPECT_EQ(check.at("status"), "ok");
  std::map<std::string, int> seen;
  for (const auto& worker : check.at("details").at("workers")) {
    seen[worker.at("executor_id").get<std::string>() +
         worker.at("app_version").get<std::string>()] = worker.at("workflows");
    EXPECT_GT(worker.at("last_seen_at_ms"), 0);
  }
  EXPECT_EQ(seen, (std::map<std::string, int>{{"e1v1", 2}, {"e2v2", 1}}));
}

TEST_P(Doctor, NamesQueuesWhoseWorkNobodyTakes) {
  enqueue({{"workflow_id", "old"}, {"queue_name", "forgotten"}});
  enqueue({{"workflow_id", "busy"}, {"queue_name", "busy"}});
  enqueue({{"workflow_id", "new"}, {"queue_name", "new"}});
  enqueue({{"workflow_id", "late"}, {"queue_name", "paused"}});
  client().call("register_queue", {{"name", "paused"}});
  client().call("pause_queue", {{"name", "paused"}});
  sql().rows("UPDATE dbos.workflow_status SET created_at = 1000 WHERE workflow_uuid <> 'new'");
  worker().insert_workflow("running", {{"queue_name", "busy"}});
  const auto check = check_in(client().call("doctor"), "queues");
  EXPECT_EQ(check.at("status"), "warn");
  EXPECT_THAT(check.at("message").get<std::string>(), HasSubstr("'forgotten'"));
  const auto& forgotten = check.at("details").at("forgotten");
  ASSERT_EQ(forgotten.size(), 1u) << forgotten;
  EXPECT_EQ(forgotten[0].at("queue_name"), "forgotten");
  EXPECT_EQ(forgotten[0].at("waiting"), 1);
  EXPECT_GT(forgotten[0].at("oldest_age_ms"), 60000);
}

// A file has no roles, no server, and its own clock.

TEST(DoctorOnPostgres, SaysThatTheServerTakesNoWrites) {
  const Database database(Backend::kPostgres);
  const auto client =
      database.open({{"system_database_url",
                      database.url() + "?options=-c%20default_transaction_read_only%3Don"}});
  const auto reply = client.call("doctor");
  EXPECT_FALSE(reply.at("healthy"));
  EXPECT_EQ(check_in(reply, "server").at("status"), "fail");
  EXPECT_EQ(check_in(reply, "server").at("details").at("read_only"), true);
}

TEST(DoctorOnPostgres, SeesHowFarTheClocksAreApart) {
  const auto reply = Database(Backend::kPostgres).open().call("doctor");
  const auto clock = check_in(reply, "clock").at("details");
  EXPECT_LT(std::llabs(clock.at("skew_ms").get<long long>()), 60000) << "one machine, one clock";
  EXPECT_GT(clock.at("round_trip_us"), 0);
}

/// A role of a test's own, without rights.
class Role {
 public:
  explicit Role(Database& database)
      : database_(database), name_("dbosc_doctor_" + std::to_string(::getpid())) {
    database_.sql().rows("CREATE ROLE " + name_ + " LOGIN PASSWORD 'pass-word-1'");
  }
  ~Role() {
    database_.sql().rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + name_ + "'");
    database_.sql().rows("DROP OWNED BY " + name_);
    database_.sql().rows("DROP ROLE " + name_);
  }
  Role(const Role&) = delete;
  Role& operator=(const Role&) = delete;

  void grant(const std::string& what) { database_.sql().rows("GRANT " + what + " TO " + name_); }
  Json examined() const {
    auto config = database_.config({{"lazy", true}});
    const auto& url = database_.url();
    config["system_database_url"] =
        "postgresql://" + name_ + ":pass-word-1" + url.substr(url.find('@'));
    return Client(config).call("doctor");
  }
  std::string schema() const { return quoted_name(database_.schema()); }

 private:
  Database& database_;
  const std::string name_;
};

TEST(DoctorOnPostgres, NamesTheGrantsThatAreMissing) {
  Database database(Backend::kPostgres);
  Role role(database);

  const auto none = role.examined();
  EXPECT_FALSE(none.at("healthy"));
  EXPECT_EQ(check_in(none, "connection").at("status"), "ok");
  EXPECT_EQ(check_in(none, "schema").at("status"), "fail");
  EXPECT_EQ(check_in(none, "owner").at("status"), "ok") << "anybody may know";
  EXPECT_THAT(check_in(none, "grants").at("message").get<std::string>(),
              HasSubstr("USAGE on schema " + database.schema()));

  role.grant("USAGE ON SCHEMA " + role.schema());
  role.grant("SELECT ON ALL TABLES IN SCHEMA " + role.schema());
  const auto reads = check_in(role.examined(), "grants");
  EXPECT_EQ(reads.at("status"), "fail") << "it cannot enqueue";
  EXPECT_THAT(reads.at("message").get<std::string>(), HasSubstr("INSERT on workflow_status"));
  EXPECT_THAT(reads.at("message").get<std::string>(), ::testing::Not(HasSubstr("SELECT")));

  role.grant("INSERT, UPDATE ON ALL TABLES IN SCHEMA " + role.schema());
  const auto writes = check_in(role.examined(), "grants");
  EXPECT_EQ(writes.at("status"), "warn") << writes;
  EXPECT_THAT(
      writes.at("details").at("missing"),
      ::testing::Contains(
          Json({{"table", "workflow_status"}, {"privilege", "DELETE"}, {"some_columns", false}})));

  role.grant("DELETE ON ALL TABLES IN SCHEMA " + role.schema());
  const auto all = role.examined();
  EXPECT_EQ(check_in(all, "grants").at("status"), "ok") << all.dump(1);
  EXPECT_TRUE(all.at("healthy")) << all.dump(1);
}

}  // namespace
}  // namespace dbosc::test
