#include <atomic>
#include <future>
#include <set>

#include "contract/contract.h"

// Writes of many threads at once: put together, each with an outcome of its own.

namespace dbosc::test {
namespace {

class GroupCommit : public Contract {
 protected:
  using Answers = std::vector<Answer>;
  struct Request {
    std::string operation;
    Json keys;
  };

  /// All at once, each in a thread of its own.
  Answers at_once(const Client& on, const std::vector<Request>& requests) {
    std::vector<std::future<Answer>> calls;
    std::atomic<std::size_t> ready{0};
    for (const auto& request : requests) {
      calls.push_back(std::async(std::launch::async, [&, request] {
        ++ready;
        while (ready < requests.size()) std::this_thread::yield();
        return on.try_call(request.operation, request.keys);
      }));
    }
    Answers answers;
    for (auto& call : calls) answers.push_back(call.get());
    return answers;
  }
  static Request enqueue_of(const std::string& id, const Json& more = Json::object()) {
    Json keys = enqueue_request({{"workflow_id", id}, {"args", {id}}});
    keys.update(more);
    return {"enqueue", keys};
  }
  static Request send_to(const std::string& id, const Json& more = Json::object()) {
    Json keys{{"destination_id", id}, {"message", "m"}};
    keys.update(more);
    return {"send", keys};
  }
  /// So that it is the rule to be written together: one connection for each way.
  Client narrow() { return open({{"pool_size", 2}}); }

  static int count_of(const Answers& answers, const std::string& outcome) {
    int count = 0;
    for (const auto& answer : answers) {
      const auto found =
          answer.ok() ? answer.reply.at("outcome").get<std::string>() : answer.failure.kind;
      count += found == outcome;
    }
    return count;
  }
};
INSTANTIATE_TEST_SUITE_P(Contract, GroupCommit,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

constexpr int kCalls = 24;

TEST_P(GroupCommit, WritesEveryWorkflowOnceWithItsOwnArguments) {
  for (const char* columns : {"status", "split", "both"}) {
    const auto client = open({{"pool_size", 2}, {"payload_columns", columns}});
    std::vector<Request> requests;
    for (int i = 0; i < kCalls; ++i) {
      requests.push_back(enqueue_of(columns + std::to_string(i),
                                    {{"priority", i + 1}, {"attributes", {{"i", i}}}}));
    }
    EXPECT_EQ(count_of(at_once(client, requests), "created"), kCalls);
    for (int i = 0; i < kCalls; ++i) {
      const auto id = columns + std::to_string(i);
      const auto found = workflow(id);
      EXPECT_EQ(found.at("input").at("args"), Json({id}));
      EXPECT_EQ(found.at("priority"), i + 1);
      EXPECT_EQ(found.at("attributes"), Json({{"i", i}}));
    }
  }
  EXPECT_EQ(count("workflow_status"), 3 * kCalls);
  EXPECT_EQ(count("workflow_input"), 2 * kCalls);
}

TEST_P(GroupCommit, WritesTheRowsThatOneAloneWrites) {
  const auto client = narrow();
  auto alone = every_option("alone");
  client.call("enqueue", alone);
  std::vector<Request> requests;
  for (int i = 0; i < kCalls; ++i) {
    requests.push_back({"enqueue", every_option("group" + std::to_string(i))});
  }
  EXPECT_EQ(count_of(at_once(client, requests), "created"), kCalls);
  auto expected = row_of("alone");
  for (int i = 0; i < kCalls; ++i) {
    auto row = row_of("group" + std::to_string(i));
    for (const auto* own :
         {"workflow_uuid", "queue_name", "creator_xid", "created_at", "updated_at"}) {
      EXPECT_TRUE(row.at(own).has_value());
      expected.erase(own);
      row.erase(own);
    }
    EXPECT_EQ(row, expected);
  }
}

TEST_P(GroupCommit, TellsEachOfThoseThatCollideItsOwnOutcome) {
  enqueue({{"workflow_id", "there"}});
  enqueue({{"workflow_id", "other"}, {"workflow_name", "another function"}});
  enqueue({{"workflow_id", "holder"}, {"deduplication_id", "held"}});
  const auto client = narrow();
  std::vector<Request> requests;
  for (int i = 0; i < kCalls / 6; ++i) {
    const auto n = std::to_string(i);
    requests.push_back(enqueue_of("new" + n));
    requests.push_back(enqueue_of("there"));
    requests.push_back(enqueue_of("there", {{"workflow_id_reuse_policy", "reject"}}));
    requests.push_back(enqueue_of("other"));
    requests.push_back(enqueue_of("late" + n, {{"deduplication_id", "held"}}));
    requests.push_back(enqueue_of(
        "found" + n, {{"deduplication_id", "held"}, {"duplication_policy", "return_existing"}}));
  }
  const auto answers = at_once(client, requests);
  for (std::size_t i = 0; i < answers.size(); i += 6) {
    EXPECT_EQ(answers[i].reply.at("outcome"), "created");
    EXPECT_EQ(answers[i + 1].reply.at("outcome"), "existing");
    EXPECT_EQ(answers[i + 2].failure.kind, "workflow_id_in_use");
    EXPECT_EQ(answers[i + 3].failure.kind, "conflicting_workflow");
    EXPECT_EQ(answers[i + 4].failure.kind, "queue_deduplicated");
    EXPECT_EQ(answers[i + 4].failure.detail("workflow_id"), "holder");
    EXPECT_EQ(answers[i + 5].reply, Json({{"workflow_id", "holder"}, {"outcome", "existing"}}));
  }
  EXPECT_EQ(count("workflow_status"), 3 + kCalls / 6);
}

TEST_P(GroupCommit, LetsOneOfThoseThatWantTheSameIdOrKeyMakeIt) {
  const auto client = narrow();
  std::vector<Request> requests;
  for (int i = 0; i < kCalls; ++i) {
    requests.push_back(i % 2 ? enqueue_of("same")
                             : enqueue_of(std::to_string(i), {{"deduplication_id", "d"}}));
  }
  const auto answers = at_once(client, requests);
  EXPECT_EQ(count_of(answers, "created"), 2);
  EXPECT_EQ(count_of(answers, "existing"), kCalls / 2 - 1);
  EXPECT_EQ(count_of(answers, "queue_deduplicated"), kCalls / 2 - 1);
  const auto holder =
      *sql().value("SELECT workflow_uuid FROM dbos.workflow_status WHERE deduplication_id = 'd'");
  for (const auto& answer : answers) {
    if (!answer.ok()) {
      EXPECT_EQ(answer.failure.detail("workflow_id"), holder);
    }
  }
  EXPECT_EQ(count("workflow_status"), 2);
}

TEST_P(GroupCommit, RefusesTheMessagesToNobodyAndSendsTheOthers) {
  worker().insert_workflow("a");
  const auto client = narrow();
  std::vector<Request> requests;
  for (int i = 0; i < kCalls; ++i) {
    requests.push_back(send_to(i % 3 ? "a" : "nobody" + std::to_string(i),
                               {{"idempotency_key", std::to_string(i % 8)}}));
  }
  const auto answers = at_once(client, requests);
  std::set<std::string> sent;
  for (int i = 0; i < kCalls; ++i) {
    const auto& answer = answers[static_cast<std::size_t>(i)];
    if (i % 3 == 0) {
      EXPECT_EQ(answer.failure.kind, "non_existent_workflow");
      EXPECT_EQ(answer.failure.detail("workflow_id"), "nobody" + std::to_string(i));
    } else {
      ASSERT_TRUE(answer.ok()) << answer.failure.details;
      EXPECT_EQ(answer.reply.at("recipients"), Json({"a"}));
      sent.insert(answer.reply.at("message_id"));
    }
  }
  EXPECT_EQ(count("notifications"), static_cast<int>(sent.size()));
}

TEST_P(GroupCommit, KeepsOneThatTheDatabaseRefusesFromHarmingTheOthers) {
  // A rule of the database that only one row breaks.
  if (postgres()) {
    sql().rows("ALTER TABLE dbos.workflow_status ADD CHECK (name <> 'poison')");
  } else {
    sql().rows(
        "CREATE TRIGGER refuse BEFORE INSERT ON workflow_status WHEN NEW.name = 'poison'"
        " BEGIN SELECT RAISE(ABORT, 'poison'); END");
  }
  const auto client = narrow();
  std::vector<Request> requests;
  for (int i = 0; i < kCalls; ++i) {
    requests.push_back(
        enqueue_of(std::to_string(i), {{"workflow_name", i % 8 == 3 ? "poison" : "w"}}));
  }
  const auto answers = at_once(client, requests);
  for (int i = 0; i < kCalls; ++i) {
    const auto& answer = answers[static_cast<std::size_t>(i)];
    EXPECT_EQ(answer.ok(), i % 8 != 3) << i << ": " << answer.failure.details;
    if (i % 8 == 3) {
      EXPECT_EQ(answer.failure.status, DBOSC_DATABASE) << answer.failure.details;
    }
  }
  EXPECT_EQ(count("workflow_status"), kCalls - kCalls / 8);
}

TEST_P(GroupCommit, SwitchedOffWritesTheSame) {
  const auto client = open({{"group_commit", false}});
  worker().insert_workflow("a");
  std::vector<Request> requests;
  for (int i = 0; i < kCalls; ++i) {
    requests.push_back(i % 2 ? send_to("a") : enqueue_of(std::to_string(i)));
  }
  for (const auto& answer : at_once(client, requests)) {
    EXPECT_TRUE(answer.ok()) << answer.failure.details;
  }
  EXPECT_EQ(count("workflow_status"), 1 + kCalls / 2);
  EXPECT_EQ(count("notifications"), kCalls / 2);
}

/// In Postgres a row tells its transaction.
class GroupCommitOnPostgres : public GroupCommit {
 protected:
  int transactions(const std::string& table) {
    return std::stoi(*sql().value("SELECT count(DISTINCT xmin::text) AS n FROM dbos." + table));
  }
};
INSTANTIATE_TEST_SUITE_P(Contract, GroupCommitOnPostgres, ::testing::Values(Backend::kPostgres),
                         backend_of);

TEST_P(GroupCommitOnPostgres, WritesTogetherWhatComesWhileNoConnectionIsFree) {
  worker().insert_workflow("a");
  for (const bool messages : {false, true}) {
    const std::string table = messages ? "notifications" : "workflow_status";
    const auto client = narrow();
    // Both connections are lent: what comes now waits, and is written when one is given back.
    const auto together = [&] {
      sql().rows("DELETE FROM dbos." + table + (messages ? "" : " WHERE workflow_uuid <> 'a'"));
      auto first = client.begin(), second = client.begin();
      std::vector<std::future<Answer>> calls;
      for (int i = 0; i < kCalls; ++i) {
        calls.push_back(std::async(std::launch::async, [&, i] {
          const auto request = messages ? send_to("a") : enqueue_of(std::to_string(i));
          return client.try_call(request.operation, request.keys);
        }));
      }
      std::this_thread::yield();
      first.rollback();
      second.rollback();
      for (auto& call : calls) {
        const auto answer = call.get();
        EXPECT_TRUE(answer.ok()) << answer.failure.details;
      }
      EXPECT_EQ(count(table), kCalls + !messages);
      return transactions(table) < kCalls / 2;
    };
    // How many have come by then is up to the machine.
    EXPECT_TRUE(eventually(together)) << table;
  }
}

TEST_P(GroupCommitOnPostgres, LetsOneThatWaitsForALockHoldUpNobody) {
  // Somebody has made this workflow and not committed yet.
  const auto other = database().another_sql();
  other->rows("BEGIN");
  other->insert("workflow_status", {{"workflow_uuid", "taken"},
                                    {"name", "w"},
                                    {"status", "ENQUEUED"},
                                    {"created_at", "1"},
                                    {"updated_at", "1"}});
  const auto client = open({{"pool_size", 4}});
  auto blocked = std::async(std::launch::async, [&] {
    return at_once(client, {enqueue_of("taken"), enqueue_of("taken")});
  });
  ASSERT_TRUE(eventually([&] { return database().waiting_for_locks() > 0; }));
  std::vector<Request> requests;
  for (int i = 0; i < kCalls; ++i) requests.push_back(enqueue_of(std::to_string(i)));
  requests.push_back(enqueue_of("taken", {{"timeout_ms", 500}}));
  const auto answers = at_once(client, requests);
  EXPECT_EQ(count_of(answers, "created"), kCalls);
  // One that was still waiting at its deadline is not there by its own doing; it may say so or not.
  EXPECT_FALSE(answers.back().ok());
  other->rows("COMMIT");
  EXPECT_EQ(count_of(blocked.get(), "existing"), 2);
}

}  // namespace
}  // namespace dbosc::test
