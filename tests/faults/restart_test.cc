// A server that is killed and started again while calls and waits run.
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

#include "faults/faults.h"

namespace dbosc::test {
namespace {

std::string output_of(const std::string& command) {
  std::string output;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) throw std::runtime_error("popen: " + command);
  std::array<char, 512> line;
  while (std::fgets(line.data(), line.size(), pipe)) output += line.data();
  if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

/// A Postgres server of this test's own.
class Server {
 public:
  Server() : url_(output_of(script("start"))) {}
  ~Server() { (void)std::system(script("stop").c_str()); }
  const std::string& url() const { return url_; }
  /// Kills it as a crash does, and starts it again.
  void crash_and_restart() {
    const auto programs =
        output_of("dirname $(ls -v /usr/lib/postgresql/*/bin/postgres | tail -n 1)");
    const auto home = std::filesystem::canonical(folder_ / "server" / "home").string();
    const std::string user =
        ::geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --init-groups -- " : "";
    output_of("cd " + home + " && " + user + programs +
              "/pg_ctl -D data -s -w -t 60 -m immediate -l server.log restart >restart.log 2>&1");
  }

 private:
  std::string script(const std::string& action) const {
    return std::string(DBOSC_POSTGRES_SCRIPT) + ' ' + action + ' ' + (folder_ / "server").string();
  }
  TemporaryFolder folder_;
  std::string url_;
};

class RestartTest : public ::testing::Test {
 protected:
  RestartTest() { Client(config({{"lazy", true}})).call("create_system_database"); }
  Json config(Json more = Json::object()) const {
    more["system_database_url"] = server_.url();
    return more;
  }
  Client open() const { return Client(config()); }
  std::unique_ptr<Sql> sql() const { return Sql::postgres(server_.url()); }
  Server server_;
};

TEST_F(RestartTest, WaitsSurviveARestartAndDeliver) {
  const auto client = open();
  client.call("enqueue", new_workflow("one"));
  Running result(client, "get_result", {{"workflow_id", "one"}});
  Running event(client, "get_event",
                {{"workflow_id", "one"}, {"key", "k"}, {"timeout_ms", 120000}});
  ASSERT_TRUE(eventually([&] {
    return *sql()->value(
               "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%ANY ($1)%'"
               " AND application_name = 'dbosc'") != "0";
  }));
  server_.crash_and_restart();
  EXPECT_FALSE(result.done());
  EXPECT_FALSE(event.done());
  sql()->rows(
      "INSERT INTO dbos.workflow_events (workflow_uuid, key, value, serialization)"
      " VALUES ('one', 'k', '7', 'portable_json')");
  sql()->rows(
      "UPDATE dbos.workflow_status SET status = 'SUCCESS', output = '42',"
      " serialization = 'portable_json' WHERE workflow_uuid = 'one'");
  const auto value = event.end(kBound);
  EXPECT_EQ(value.reply["value"], 7) << value.failure.details;
  const auto answer = result.end(kBound);
  EXPECT_EQ(answer.reply["result"], 42) << answer.failure.details;
}

TEST_F(RestartTest, EveryAcknowledgedEnqueueIsThereOnceAfterTwoRestarts) {
  const auto client = open();
  std::atomic<bool> stop{false};
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        const auto id = std::to_string(t) + "-" + std::to_string(i);
        const auto answer = client.try_call("enqueue", new_workflow(id));
        EXPECT_TRUE(answer.ok()) << answer.failure.details;
        ++done;
      }
    });
  }
  for (int i = 0; i < 2; ++i) {
    const int before = done;
    EXPECT_TRUE(eventually([&] { return done > before + 50; }));
    server_.crash_and_restart();
  }
  const int before = done;
  EXPECT_TRUE(eventually([&] { return done > before + 50; }));
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::stol(*sql()->value("SELECT count(*) FROM dbos.workflow_status")), done);
}

}  // namespace
}  // namespace dbosc::test
