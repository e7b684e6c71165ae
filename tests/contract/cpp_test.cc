#include <dbosc/dbosc.hpp>
#include <filesystem>

#include "contract/contract.h"

// The C++ header: what a program gets without calling a function.

namespace dbosc::test {
namespace {

/// How many descriptors of this process are this file's, or those that belong to it.
int descriptors_of(const std::string& path) {
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    found += std::filesystem::read_symlink(entry.path(), gone).string().starts_with(path);
  }
  return found;
}

class Cpp : public Contract {
 protected:
  int connections() {
    if (!postgres()) return descriptors_of(database().path());
    return std::stoi(
        *sql().value("SELECT count(*) FROM pg_stat_activity WHERE"
                     " application_name = 'dbosc' AND datname = current_database()"));
  }
};
INSTANTIATE_TEST_SUITE_P(Contract, Cpp, ::testing::Values(Backend::kPostgres, Backend::kSqlite),
                         backend_of);

TEST_P(Cpp, AClientIsClosedAtTheEndOfItsScope) {
  database();
  const auto before = connections();
  {
    dbosc::Client client(database().config({{"application_name", "app"}}).dump());
    EXPECT_EQ(client.application_name(), "app");
    auto workflow = dbosc::Workflow::enqueue(client, enqueue_request().dump());
    EXPECT_GT(connections(), before);
  }
  EXPECT_TRUE(eventually([&] { return connections() == before; }));
  EXPECT_EQ(count("workflow_status"), 1);
}

TEST_P(Cpp, ASubmittedCallIsAFuture) {
  dbosc::Client client(database().config().dump());
  dbosc::Cancel cancel;
  std::future<std::string> left;
  {
    dbosc::Futures futures(client);
    auto enqueued = futures.submit("enqueue", enqueue_request({{"workflow_id", "a"}}).dump());
    auto missing =
        futures.submit("send", Json{{"destination_id", "nobody"}, {"message", 1}}.dump());
    auto cancelled = futures.submit("get_result", R"({"workflow_id": "nobody"})", &cancel);
    EXPECT_EQ(Json::parse(enqueued.get()).at("workflow_id"), "a");
    auto result = futures.submit("get_result", R"({"workflow_id": "a"})");
    worker().succeed("a", "[1]");
    EXPECT_EQ(Json::parse(result.get()), Json({{"result", {1}}}));
    cancel.trigger();
    const auto kind_of = [](std::future<std::string>& future) {
      try {
        return future.get();
      } catch (const dbosc::Error& error) {
        return std::string(error.kind());
      }
    };
    EXPECT_EQ(kind_of(missing), "non_existent_workflow");
    EXPECT_EQ(kind_of(cancelled), "cancelled");
    EXPECT_THROW(futures.submit("enqueue"), dbosc::Error);
    left = futures.submit("get_result", R"({"workflow_id": "nobody"})");
  }
  EXPECT_THROW(left.get(), std::future_error);
}

TEST_P(Cpp, CompletionsAreTakenWithTheirTags) {
  dbosc::Client client(database().config().dump());
  dbosc::Completions completions(1);
  EXPECT_GE(completions.fd(), 0);
  EXPECT_FALSE(completions.next(0));
  client.submit("check_connection", "{}", completions, 9);
  const auto completion = completions.next();
  ASSERT_TRUE(completion);
  EXPECT_EQ(completion->tag(), 9);
  EXPECT_EQ(completion->status(), DBOSC_OK);
  EXPECT_EQ(Json::parse(completion->reply()), Json({{"connected", true}}));
}

}  // namespace
}  // namespace dbosc::test
