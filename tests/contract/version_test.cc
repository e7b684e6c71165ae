#include "contract/contract.h"

// The versions that workers have registered.

namespace dbosc::test {
namespace {

class Versions : public Contract {
 protected:
  /// Registers one as a worker does when it starts.
  void add(const std::string& name, std::int64_t timestamp_ms, Value application = std::nullopt) {
    sql().insert("application_versions", {{"version_id", "id of " + name},
                                          {"version_name", name},
                                          {"version_timestamp", std::to_string(timestamp_ms)},
                                          {"created_at", "1000"},
                                          {"application_name", std::move(application)}});
  }
  Row row(const std::string& name) {
    return sql().row("SELECT * FROM dbos.application_versions WHERE version_name = $1", {name});
  }
  static std::vector<std::string> names(const Json& reply) {
    std::vector<std::string> names;
    for (const auto& version : reply.at("versions")) names.push_back(version.at("version_name"));
    return names;
  }
  std::string latest(const Client& client, const Json& request = Json::object()) {
    return client.call("get_latest_application_version", request).at("version").at("version_name");
  }
  std::int64_t stamp(const std::string& name) {
    return std::stoll(*row(name).at("version_timestamp"));
  }
};
INSTANTIATE_TEST_SUITE_P(Contract, Versions,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

TEST_P(Versions, AreListedNewestFirstWithAllThatIsKnownOfThem) {
  add("old", 2000);
  add("new", 3000, "app");
  EXPECT_EQ(client().call("list_application_versions"),
            Json({{"versions",
                   {{{"version_id", "id of new"},
                     {"version_name", "new"},
                     {"version_timestamp_ms", 3000},
                     {"created_at_ms", 1000},
                     {"application_name", "app"}},
                    {{"version_id", "id of old"},
                     {"version_name", "old"},
                     {"version_timestamp_ms", 2000},
                     {"created_at_ms", 1000},
                     {"application_name", nullptr}}}}}));
}

TEST_P(Versions, AreThoseOfTheClientsApplicationAndUnclaimed) {
  add("unclaimed", 1);
  add("ours", 2, "app");
  add("theirs", 3, "other");
  const auto app = open({{"application_name", "app"}});
  EXPECT_THAT(names(app.call("list_application_versions")),
              ::testing::ElementsAre("ours", "unclaimed"));
  EXPECT_THAT(names(app.call("list_application_versions", {{"application_name", "other"}})),
              ::testing::ElementsAre("theirs", "unclaimed"));
  EXPECT_THAT(
      names(app.call("list_application_versions", {{"application_name", {"app", "other"}}})),
      ::testing::ElementsAre("theirs", "ours", "unclaimed"));
  EXPECT_THAT(names(client().call("list_application_versions")),
              ::testing::ElementsAre("theirs", "ours", "unclaimed"));
}

TEST_P(Versions, TheLatestIsTheNewestThatTheApplicationSees) {
  add("unclaimed", 1);
  add("ours", 2, "app");
  add("theirs", 3, "other");
  const auto app = open({{"application_name", "app"}});
  EXPECT_EQ(latest(app), "ours");
  EXPECT_EQ(latest(app, {{"application_name", "other"}}), "theirs");
  EXPECT_EQ(latest(app, {{"application_name", "third"}}), "unclaimed");
  EXPECT_EQ(latest(client()), "theirs") << "without a name, of all";
}

TEST_P(Versions, ThatNobodyRegisteredHaveNoLatest) {
  add("theirs", 3, "other");
  const auto failure =
      open({{"application_name", "app"}}).refused("get_latest_application_version", Json::object());
  EXPECT_EQ(failure.status, DBOSC_NOT_FOUND);
  EXPECT_EQ(failure.kind, "no_application_versions");
  EXPECT_THAT(failure.message, ::testing::HasSubstr("'app'"));
}

TEST_P(Versions, BecomeTheLatestAndAreClaimedByTheClientsApplication) {
  add("v1", 1000);
  add("v2", 2000, "app");
  const auto app = open({{"application_name", "app"}});
  const auto version =
      app.call("set_latest_application_version", {{"version_name", "v1"}}).at("version");
  EXPECT_EQ(latest(app), "v1");
  EXPECT_GT(stamp("v1"), 1700000000000) << "now, by this machine's clock";
  EXPECT_EQ(row("v1").at("application_name"), "app");
  EXPECT_EQ(row("v1").at("created_at"), "1000");
  EXPECT_EQ(version, Json({{"version_id", "id of v1"},
                           {"version_name", "v1"},
                           {"version_timestamp_ms", stamp("v1")},
                           {"created_at_ms", 1000},
                           {"application_name", "app"}}));
  EXPECT_EQ(row("v2").at("version_timestamp"), "2000");
}

TEST_P(Versions, BecomeTheLatestWhateverAnotherClockSays) {
  const std::int64_t ahead = 4102444800000;
  add("v1", 1000, "app");
  add("v2", ahead, "app");
  add("unclaimed", ahead + 5);
  add("theirs", ahead + 100, "other");
  const auto app = open({{"application_name", "app"}});
  app.call("set_latest_application_version", {{"version_name", "v1"}});
  EXPECT_EQ(latest(app), "v1");
  EXPECT_EQ(stamp("v1"), ahead + 6);
  app.call("set_latest_application_version", {{"version_name", "v1"}});
  EXPECT_EQ(stamp("v1"), ahead + 6) << "a repeat changes nothing";
}

TEST_P(Versions, KeepTheirOwnerUnderANamelessClient) {
  add("v1", 1000, "app");
  add("v2", 2000);
  client().call("set_latest_application_version", {{"version_name", "v1"}});
  EXPECT_EQ(row("v1").at("application_name"), "app");
  client().call("set_latest_application_version", {{"version_name", "v2"}});
  EXPECT_EQ(row("v2").at("application_name"), std::nullopt);
  EXPECT_EQ(latest(client()), "v2");
  client().call("set_latest_application_version",
                {{"version_name", "v2"}, {"application_name", "app"}});
  EXPECT_EQ(row("v2").at("application_name"), "app");
}

TEST_P(Versions, OfAnotherApplicationAreNotOursToPromote) {
  add("v1", 1000, "other");
  const auto failure = open({{"application_name", "app"}})
                           .refused("set_latest_application_version", {{"version_name", "v1"}});
  EXPECT_EQ(failure.status, DBOSC_CONFLICT);
  EXPECT_EQ(failure.kind, "name_owned_by_another_application");
  EXPECT_EQ(failure.detail("application_name"), "other");
  EXPECT_THAT(failure.message,
              ::testing::AllOf(::testing::HasSubstr("'other'"), ::testing::HasSubstr("'app'")));
  EXPECT_EQ(row("v1").at("version_timestamp"), "1000");
}

TEST_P(Versions, ThatNobodyRegisteredCannotBecomeTheLatest) {
  add("v1", 1000);
  const auto failure = client().refused("set_latest_application_version", {{"version_name", "v3"}});
  EXPECT_EQ(failure.status, DBOSC_NOT_FOUND);
  EXPECT_EQ(failure.kind, "version_not_found");
  EXPECT_EQ(failure.detail("version_name"), "v3");
  EXPECT_EQ(count("application_versions"), 1);
  EXPECT_EQ(client().refused("set_latest_application_version", Json::object()).kind, "missing_key");
}

TEST_P(Versions, BecomeTheLatestInATransactionOrNot) {
  add("v1", 1000);
  add("v2", 2000);
  auto transaction = client().begin();
  EXPECT_EQ(transaction.refused("set_latest_application_version", {{"version_name", "v3"}}).kind,
            "version_not_found");
  transaction.call("set_latest_application_version", {{"version_name", "v1"}});
  EXPECT_EQ(transaction.call("get_latest_application_version").at("version").at("version_name"),
            "v1");
  transaction.rollback();
  EXPECT_EQ(latest(client()), "v2");
}

}  // namespace
}  // namespace dbosc::test
