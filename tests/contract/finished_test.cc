#include "contract/contract.h"
#include "support/official.h"

// Deleting what has been over for long.

namespace dbosc::test {
namespace {

class Finished : public Contract {
 protected:
  void insert(const std::string& id, const std::string& status, Row more = {}) {
    more["status"] = status;
    more.try_emplace("updated_at", "1000");
    worker().insert_workflow(id, more);
  }
  std::int64_t remove(const Json& more = Json::object()) {
    Json request{{"completed_before", 5000}};
    request.update(more);
    return client().call("delete_finished_workflows", request).at("deleted");
  }
  std::vector<std::string> left() {
    std::vector<std::string> ids;
    for (const auto& row :
         sql().rows("SELECT workflow_uuid FROM dbos.workflow_status ORDER BY workflow_uuid")) {
      ids.push_back(*row.at("workflow_uuid"));
    }
    return ids;
  }
};
INSTANTIATE_TEST_SUITE_P(Contract, Finished,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

TEST_P(Finished, GoOnceTheyWereOverAtTheInstantAndOthersStay) {
  for (const std::string status :
       {"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}) {
    insert("old " + status, status, {{"completed_at", "5000"}});
    insert("new " + status, status, {{"completed_at", "5001"}});
  }
  for (const std::string status : {"ENQUEUED", "DELAYED", "PENDING"}) insert(status, status);
  EXPECT_EQ(remove({{"dry_run", true}}), 4);
  EXPECT_EQ(left().size(), 11u) << "a dry run deletes nothing";
  EXPECT_EQ(remove(), 4);
  EXPECT_THAT(left(),
              ::testing::ElementsAre("DELAYED", "ENQUEUED", "PENDING", "new CANCELLED", "new ERROR",
                                     "new MAX_RECOVERY_ATTEMPTS_EXCEEDED", "new SUCCESS"));
  EXPECT_EQ(remove(), 0);
  EXPECT_EQ(remove({{"completed_before", "1970-01-01T00:00:05.001Z"}}), 4);
}

TEST_P(Finished, CountFromTheirLastChangeWhereNobodyNotedTheirEnd) {
  insert("old", "SUCCESS", {{"updated_at", "5000"}});
  insert("new", "SUCCESS", {{"updated_at", "5001"}});
  insert("noted", "SUCCESS", {{"updated_at", "1"}, {"completed_at", "5001"}});
  EXPECT_EQ(remove({{"dry_run", true}}), 1);
  EXPECT_EQ(remove(), 1);
  EXPECT_THAT(left(), ::testing::ElementsAre("new", "noted"));
}

TEST_P(Finished, GoInBatchesOfAnySize) {
  for (int i = 0; i < 7; ++i) {
    insert("noted " + std::to_string(i), "SUCCESS", {{"completed_at", "1"}});
    insert("not " + std::to_string(i), "ERROR");
  }
  EXPECT_EQ(remove({{"batch_size", 3}}), 14);
  EXPECT_TRUE(left().empty());
}

TEST_P(Finished, GoWithAllThatBelongsToThem) {
  insert("w", "SUCCESS");
  worker().succeed("w", "1");
  worker().add_step("w", 1, {{"function_name", "s"}});
  worker().set_event("w", "k", "1");
  sql().insert("workflow_events_history",
               {{"workflow_uuid", "w"}, {"function_id", "1"}, {"key", "k"}, {"value", "1"}});
  sql().insert("workflow_input", {{"workflow_uuid", "w"}, {"inputs", "{}"}});
  sql().insert("streams", {{"workflow_uuid", "w"}, {"key", "s"}, {"value", "1"}, {"offset", "0"}});
  client().call("send", {{"destination_id", "w"}, {"message", 1}});
  EXPECT_EQ(remove({{"completed_before", 1800000000000}}), 1);
  for (const auto* table :
       {"workflow_status", "workflow_input", "workflow_output", "operation_outputs",
        "workflow_events", "workflow_events_history", "notifications", "streams"}) {
    EXPECT_EQ(count(table), 0) << table;
  }
}

TEST_P(Finished, GoOnlyOfTheClientsApplicationAndUnclaimed) {
  for (const std::string name : {"app", "other"}) {
    insert(name, "SUCCESS", {{"application_name", name}});
  }
  insert("unclaimed", "SUCCESS");
  const auto client = open({{"application_name", "app"}});
  const auto remove_by = [&](const Json& more) {
    Json request{{"completed_before", 5000}, {"dry_run", true}};
    request.update(more);
    return client.call("delete_finished_workflows", request).at("deleted");
  };
  EXPECT_EQ(remove_by({{"application_name", {"app", "other"}}}), 3);
  EXPECT_EQ(remove_by({{"dry_run", false}}), 2);
  EXPECT_THAT(left(), ::testing::ElementsAre("other"));
  EXPECT_EQ(remove(), 1) << "a client without a name sees all";
}

TEST_P(Finished, GoOnlyWithTheStatusesThatAreAskedFor) {
  insert("a", "SUCCESS");
  insert("b", "ERROR");
  insert("c", "CANCELLED");
  EXPECT_EQ(remove({{"status", {"ERROR", "CANCELLED"}}}), 2);
  EXPECT_THAT(left(), ::testing::ElementsAre("a"));
  const auto failure =
      client().refused("delete_finished_workflows",
                       Json{{"completed_before", 1}, {"status", {"SUCCESS", "PENDING"}}});
  EXPECT_EQ(failure.kind, "unknown_value");
  EXPECT_EQ(failure.detail("path"), "status");
  EXPECT_EQ(client().refused("delete_finished_workflows", Json::object()).kind, "missing_key");
}

TEST_P(Finished, AreGoneAsFarAsTheErrorSaysWhenTheCallEndsEarly) {
  for (int i = 0; i < 4; ++i) {
    insert("w" + std::to_string(i), "SUCCESS", {{"completed_at", std::to_string(i)}});
  }
  // Somebody holds the third: the first two batches get done, then the deadline comes.
  const auto other = database().another_sql();
  if (postgres()) {
    other->rows("BEGIN");
    other->rows("SELECT 1 FROM dbos.workflow_status WHERE workflow_uuid = 'w2' FOR UPDATE");
  } else {
    other->rows(
        "CREATE TRIGGER hold BEFORE DELETE ON workflow_status WHEN old.workflow_uuid = 'w2'"
        " BEGIN SELECT RAISE(ABORT, 'held'); END");
  }
  const auto failure =
      client().refused("delete_finished_workflows",
                       Json{{"completed_before", 5000}, {"batch_size", 1}, {"timeout_ms", 1500}});
  EXPECT_EQ(failure.status, postgres() ? DBOSC_TIMEOUT : DBOSC_DATABASE) << failure.message;
  EXPECT_EQ(failure.details.at("deleted"), 2);
  EXPECT_THAT(left(), ::testing::ElementsAre("w2", "w3"));
  other->rows(postgres() ? "ROLLBACK" : "DROP TRIGGER hold");
  EXPECT_EQ(remove(), 2) << "the same call goes on";
}

class FinishedOfEveryLevel : public ::testing::TestWithParam<OfficialSchema> {};
INSTANTIATE_TEST_SUITE_P(Contract, FinishedOfEveryLevel, ::testing::ValuesIn(official_schemas()),
                         [](const auto& info) { return official_name(info.param); });

TEST_P(FinishedOfEveryLevel, GoWhateverColumnsAreMissing) {
  Database database(GetParam());
  const auto level = GetParam().level;
  Worker worker(database);
  worker.insert_workflow("w");
  worker.add_step("w", 0, {{"function_name", "s"}});
  worker.succeed("w", "1", level >= 109 ? Place::kNew : Place::kOld);
  const auto client = database.open({{"application_name", "app"}});
  EXPECT_EQ(client.call("delete_finished_workflows", {{"completed_before", 1800000000000}}),
            Json({{"deleted", 1}}));
  EXPECT_EQ(database.sql().value("SELECT count(*) FROM dbos.workflow_status"), "0");
  EXPECT_EQ(database.sql().value("SELECT count(*) FROM dbos.operation_outputs"), "0");
}

}  // namespace
}  // namespace dbosc::test
