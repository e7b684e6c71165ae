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

}  // namespace
}  // namespace dbosc::test
