#include "contract/levels.h"

#include <set>

// Every operation on the system databases of every current SDK, as its own migrations make them.

namespace dbosc::test {

Level::Level(const OfficialSchema& schema)
    : schema_(schema),
      database_(schema),
      client_(database_.open({{"application_name", "app"}})),
      worker_(database_) {
  const auto rows = postgres() ? sql().rows(
                                     "SELECT tablename AS name FROM pg_tables"
                                     " WHERE schemaname = $1 ORDER BY 1",
                                     {database_.schema()})
                               : sql().rows(
                                     "SELECT name FROM sqlite_master WHERE type = 'table'"
                                     " AND name NOT LIKE 'sqlite_%' ORDER BY 1");
  for (const auto& row : rows) tables_.push_back(*row.at("name"));
}

std::vector<std::vector<Row>> Level::contents() {
  std::vector<std::vector<Row>> found;
  for (const auto& table : tables_) found.push_back(sql().rows("SELECT * FROM dbos." + table));
  return found;
}

void Level::clear() {
  std::string statements = "BEGIN;";
  for (const auto& table : tables_) {
    if (table != "dbos_migrations") statements += "DELETE FROM dbos." + table + ";";
  }
  sql().rows(statements + "COMMIT;");
}

namespace {

using ::testing::HasSubstr;

void expect_too_old(const Level& on, const Scenario& scenario, const Failure& failure) {
  EXPECT_EQ(failure.status, DBOSC_UNSUPPORTED) << failure.message;
  EXPECT_EQ(failure.kind, "schema_too_old");
  EXPECT_EQ(failure.details.at("schema_version"), on.level());
  EXPECT_EQ(failure.details.at("needed_schema_version"), scenario.since.level);
  EXPECT_THAT(failure.message, HasSubstr("level " + std::to_string(scenario.since.level) +
                                         " (brought by " + scenario.since.release));
  EXPECT_THAT(failure.message, HasSubstr("at level " + std::to_string(on.level())));
}

void play(Level& on, const Scenario& scenario) {
  scenario.arrange(on);
  const auto before = on.contents();
  const auto answer = on.client().try_call(scenario.operation, scenario.request);
  const auto refusal = scenario.refused(on);
  if (!refusal.empty()) {
    EXPECT_EQ(answer.failure.kind, refusal) << answer.text;
  } else if (!on.has(scenario.since.level)) {
    expect_too_old(on, scenario, answer.failure);
  } else {
    ASSERT_TRUE(answer.ok()) << answer.failure.message;
    scenario.check(on, answer.reply);
    return;
  }
  EXPECT_EQ(on.contents(), before) << "a refused call touches nothing";
}

std::vector<std::string> group_names() {
  std::vector<std::string> names;
  for (const auto& [name, scenarios] : Scenarios::all()) names.push_back(name);
  return names;
}

const std::vector<Scenario>& scenarios_of(const std::string& group) {
  for (const auto& [name, scenarios] : Scenarios::all()) {
    if (name == group) return scenarios;
  }
  throw std::logic_error("no scenarios " + group);
}

class Levels : public ::testing::TestWithParam<std::tuple<OfficialSchema, std::string>> {};

INSTANTIATE_TEST_SUITE_P(Contract, Levels,
                         ::testing::Combine(::testing::ValuesIn(official_schemas()),
                                            ::testing::ValuesIn(group_names())),
                         [](const auto& info) {
                           return official_name(std::get<0>(info.param)) + "_" +
                                  std::get<1>(info.param);
                         });

TEST_P(Levels, DoEveryOperationOrSayWhichLevelBringsIt) {
  Level on(std::get<0>(GetParam()));
  for (const auto& scenario : scenarios_of(std::get<1>(GetParam()))) {
    SCOPED_TRACE(scenario.operation + " " + scenario.request.dump());
    try {
      play(on, scenario);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    on.clear();
  }
}

TEST(EveryOperation, HasAScenario) {
  std::set<std::string> missing;
  char* description = dbosc_describe();
  const auto api = Json::parse(description);
  dbosc_string_free(description);
  for (const auto& operation : api.at("operations")) missing.insert(operation.at("name"));
  EXPECT_FALSE(missing.empty());
  for (const auto& [group, scenarios] : Scenarios::all()) {
    for (const auto& scenario : scenarios) missing.erase(scenario.operation);
  }
  EXPECT_THAT(missing, ::testing::IsEmpty())
      << "what does it do on older levels? Add it to a tests/contract/*_scenarios.cc";
}

}  // namespace
}  // namespace dbosc::test
