#include "contract/contract.h"

// An application under a new name.

namespace dbosc::test {
namespace {

using ::testing::ElementsAre;

class Rename : public Contract {
 protected:
  /// Everything that an application can own, under this name.
  void furnish(const std::string& prefix, const Value& owner) {
    sql().insert("queues",
                 {{"queue_id", prefix}, {"name", prefix + " queue"}, {"application_name", owner}});
    sql().insert("workflow_schedules", {{"schedule_id", prefix},
                                        {"schedule_name", prefix + " schedule"},
                                        {"workflow_name", "w"},
                                        {"schedule", "* * * * *"},
                                        {"context", "{}"},
                                        {"application_name", owner}});
    sql().insert("application_versions", {{"version_id", prefix},
                                          {"version_name", prefix + " version"},
                                          {"application_name", owner}});
    for (const std::string status : {"ENQUEUED", "DELAYED", "PENDING", "SUCCESS", "ERROR",
                                     "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}) {
      add(prefix + ' ' + status, status, owner, 2);
    }
  }
  void add(const std::string& id, const std::string& status, const Value& owner, int steps) {
    worker().insert_workflow(id, {{"status", status}, {"application_name", owner}});
    for (int i = 0; i < steps; ++i) {
      worker().add_step(id, i, {{"function_name", "s"}, {"application_name", owner}});
    }
  }
  Json rename(const Json& request) { return client().call("rename_application", request); }
  /// Rows of each table by owner.
  int owned(const std::string& table, const std::string& owner) {
    return std::stoi(*sql().value(
        "SELECT count(*) FROM dbos." + table + " WHERE coalesce(application_name, '') = $1",
        {owner}));
  }
  std::vector<int> owned(const std::string& owner) {
    std::vector<int> counts;
    for (const auto* table : {"queues", "workflow_schedules", "application_versions",
                              "workflow_status", "operation_outputs"}) {
      counts.push_back(owned(table, owner));
    }
    return counts;
  }
};
INSTANTIATE_TEST_SUITE_P(Contract, Rename, ::testing::Values(Backend::kPostgres, Backend::kSqlite),
                         backend_of);

const Json kAll = {
    {"queues", 1}, {"schedules", 1}, {"versions", 1}, {"workflows", 7}, {"steps", 14}};

TEST_P(Rename, GivesAllThatTheApplicationOwnsANewOwner) {
  furnish("a", "old");
  furnish("b", "other");
  furnish("c", std::nullopt);
  EXPECT_EQ(rename({{"old_name", "old"}, {"new_name", "new"}}), kAll);
  EXPECT_THAT(owned("old"), ElementsAre(0, 0, 0, 0, 0));
  EXPECT_THAT(owned("new"), ElementsAre(1, 1, 1, 7, 14));
  EXPECT_THAT(owned("other"), ElementsAre(1, 1, 1, 7, 14)) << "nobody else's";
  EXPECT_THAT(owned(""), ElementsAre(1, 1, 1, 7, 14)) << "nor what nobody owns";
}

TEST_P(Rename, ChangesNothingButTheOwner) {
  worker().insert_workflow("id", {{"status", "SUCCESS"}, {"application_name", "old"}});
  auto before = row_of("id");
  rename({{"old_name", "old"}, {"new_name", "new"}});
  before["application_name"] = "new";
  EXPECT_EQ(row_of("id"), before);
}

TEST_P(Rename, TakesWhatNobodyOwnsOnlyWhenAsked) {
  furnish("a", "old");
  furnish("c", std::nullopt);
  EXPECT_EQ(rename({{"new_name", "new"}, {"adopt_unclaimed_rows", true}}), kAll);
  EXPECT_THAT(owned("old"), ElementsAre(1, 1, 1, 7, 14));
  EXPECT_THAT(owned(""), ElementsAre(0, 0, 0, 0, 0));
  furnish("d", std::nullopt);
  EXPECT_EQ(
      rename({{"old_name", "old"}, {"new_name", "new"}, {"adopt_unclaimed_rows", true}}),
      Json({{"queues", 2}, {"schedules", 2}, {"versions", 2}, {"workflows", 14}, {"steps", 28}}));
  EXPECT_THAT(owned("new"), ElementsAre(3, 3, 3, 21, 42));
}

TEST_P(Rename, GoesInBatchesOfAnySize) {
  for (const auto& size : {Json(1), Json(3), Json(7), Json(8), Json(nullptr)}) {
    SCOPED_TRACE(size.dump());
    const std::string old = "old" + size.dump();
    furnish(old, old);
    EXPECT_EQ(rename({{"old_name", old}, {"new_name", "new"}, {"batch_size", size}}), kAll);
    EXPECT_THAT(owned(old), ElementsAre(0, 0, 0, 0, 0));
  }
  EXPECT_THAT(owned("new"), ElementsAre(5, 5, 5, 35, 70));
}

TEST_P(Rename, OfNothingChangesNothing) {
  furnish("b", "other");
  EXPECT_EQ(
      rename({{"old_name", "old"}, {"new_name", "new"}}),
      Json({{"queues", 0}, {"schedules", 0}, {"versions", 0}, {"workflows", 0}, {"steps", 0}}));
}

/// Somebody stands in the way of this workflow's row; returns what lets go of it.
std::string hold(Sql& other, bool postgres, const std::string& id) {
  if (postgres) {
    other.rows("BEGIN");
    other.rows("SELECT 1 FROM dbos.workflow_status WHERE workflow_uuid = $1 FOR UPDATE", {id});
    return "ROLLBACK";
  }
  other.rows("CREATE TRIGGER hold BEFORE UPDATE ON workflow_status WHEN old.workflow_uuid = '" +
             id + "' BEGIN SELECT RAISE(ABORT, 'held'); END");
  return "DROP TRIGGER hold";
}

TEST_P(Rename, IsDoneAsFarAsTheErrorSaysWhenItEndsEarly) {
  for (int i = 0; i < 4; ++i) add("w" + std::to_string(i), "SUCCESS", "old", 0);
  add("active", "ENQUEUED", "old", 1);
  const Json request{
      {"old_name", "old"}, {"new_name", "new"}, {"batch_size", 1}, {"timeout_ms", 1500}};
  const auto other = database().another_sql();
  const auto release = hold(*other, postgres(), "w2");
  const auto failure = client().refused("rename_application", request);
  EXPECT_EQ(failure.status, postgres() ? DBOSC_TIMEOUT : DBOSC_DATABASE) << failure.message;
  EXPECT_EQ(failure.details.at("workflows"), 3) << "the active one and two batches";
  EXPECT_EQ(failure.details.at("steps"), 0);
  EXPECT_EQ(owned("workflow_status", "new"), 3);
  other->rows(release);
  EXPECT_EQ(
      rename(request),
      Json({{"queues", 0}, {"schedules", 0}, {"versions", 0}, {"workflows", 2}, {"steps", 1}}))
      << "the same call goes on";
}

TEST_P(Rename, WithoutBatchesIsAllOrNothing) {
  furnish("a", "old");
  const Json request{
      {"old_name", "old"}, {"new_name", "new"}, {"batch_size", nullptr}, {"timeout_ms", 1500}};
  const auto other = database().another_sql();
  const auto release = hold(*other, postgres(), "a SUCCESS");
  EXPECT_EQ(client().refused("rename_application", request).details.at("queues"), 0);
  EXPECT_THAT(owned("old"), ElementsAre(1, 1, 1, 7, 14));
  other->rows(release);
  EXPECT_EQ(rename(request), kAll);
}

TEST_P(Rename, InATransactionCountsWithItsCommit) {
  furnish("a", "old");
  auto transaction = client().begin();
  EXPECT_EQ(transaction.call("rename_application",
                             {{"old_name", "old"}, {"new_name", "new"}, {"batch_size", 2}}),
            kAll);
  transaction.rollback();
  EXPECT_THAT(owned("old"), ElementsAre(1, 1, 1, 7, 14));
}

TEST_P(Rename, RefusesWhatIsNoRenaming) {
  furnish("a", "old");
  const struct {
    Json request;
    std::string kind, path;
  } cases[] = {
      {{{"new_name", "new"}}, "missing_key", "old_name"},
      {{{"old_name", ""}, {"new_name", "new"}}, "empty_value", "old_name"},
      {{{"old_name", "old"}}, "missing_key", "new_name"},
      {{{"old_name", "old"}, {"new_name", "old"}}, "repeated_value", "new_name"},
      {{{"old_name", "old"}, {"new_name", "ab"}}, "invalid_application_name", "new_name"},
      {{{"old_name", "old"}, {"new_name", "New"}}, "invalid_application_name", "new_name"},
      {{{"old_name", "old"}, {"new_name", "n w"}}, "invalid_application_name", "new_name"},
      {{{"old_name", "old"}, {"new_name", std::string(257, 'a')}},
       "invalid_application_name",
       "new_name"},
      {{{"old_name", "old"}, {"new_name", "new"}, {"batch_size", 0}}, "out_of_range", "batch_size"},
  };
  for (const auto& [request, kind, path] : cases) {
    const auto failure = client().refused("rename_application", request);
    EXPECT_EQ(failure.status, DBOSC_INVALID_ARGUMENT) << request.dump();
    EXPECT_EQ(failure.kind, kind) << request.dump();
    EXPECT_EQ(failure.detail("path"), path) << request.dump();
  }
  EXPECT_THAT(owned("old"), ElementsAre(1, 1, 1, 7, 14));
  EXPECT_EQ(rename({{"old_name", "old"}, {"new_name", std::string(256, 'a')}}), kAll);
}

}  // namespace
}  // namespace dbosc::test
