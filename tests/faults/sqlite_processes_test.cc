// Many processes write one SQLite file.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <thread>
#include <vector>

#include "faults/faults.h"

namespace dbosc::test {
namespace {

constexpr int kProcesses = 8;
constexpr int kThreads = 4;
constexpr int kEach = 25;

/// One process: prints what failed; its exit status is the number of failures.
int write_many(const Json& config, int process) {
  std::atomic<int> failures{0};
  const Client client(config);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const auto failed = [&](const char* what, const Answer& answer) {
        if (answer.ok()) return;
        std::fprintf(stderr, "%s: %s\n", what, answer.failure.details.dump().c_str());
        ++failures;
      };
      for (int i = 0; i < kEach; ++i) {
        const auto id = std::to_string(process) + "-" + std::to_string(t) + "-" + std::to_string(i);
        const auto made = client.try_call("enqueue", new_workflow(id));
        failed("enqueue", made);
        failures += made.ok() && made.reply["outcome"] != "created";
        failed("send", client.try_call("send", Json{{"destination_id", id}, {"message", i}}));
        failed("get_workflow", client.try_call("get_workflow", Json{{"workflow_id", id}}));
        if (i % 5 == 0) {
          failed("cancel", client.try_call("cancel_workflows", Json{{"workflow_ids", {id}}}));
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return failures > 100 ? 100 : failures.load();
}

class SqliteProcesses : public ::testing::TestWithParam<const char*> {};

TEST_P(SqliteProcesses, LoseAndDoubleNothingAndSeeNoError) {
  Database database(Backend::kSqlite);
  // Closed again before the fork: SQLite's locks must not be inherited.
  EXPECT_EQ(*database.another_sql()->value(std::string("PRAGMA journal_mode = ") + GetParam()),
            GetParam());
  auto config = database.config({{"default_timeout_ms", 120000}});
  std::vector<pid_t> children;
  std::fflush(nullptr);
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      try {
        ::_exit(write_many(config, process));
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        ::_exit(101);
      }
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }
  constexpr long kAll = kProcesses * kThreads * kEach;
  auto& sql = database.sql();
  EXPECT_EQ(*sql.value("SELECT count(*) FROM dbos.workflow_status"), std::to_string(kAll));
  EXPECT_EQ(*sql.value("SELECT count(*) FROM dbos.notifications"), std::to_string(kAll));
  EXPECT_EQ(*sql.value("SELECT count(*) FROM dbos.workflow_status WHERE status = 'CANCELLED'"),
            std::to_string(kAll / 5));
  EXPECT_EQ(*sql.value("PRAGMA integrity_check"), "ok");
}

INSTANTIATE_TEST_SUITE_P(JournalModes, SqliteProcesses, ::testing::Values("delete", "wal"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace dbosc::test
