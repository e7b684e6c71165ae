#include <sys/resource.h>

#include <cstring>

#include "faults/faults.h"

// Listings of many rows with large payloads.

namespace dbosc::test {
namespace {

constexpr int kRows = 10000;
constexpr long kPayloadBytes = 10000;

/// `rows` finished workflows with inputs of so many bytes.
void insert_workflows(Database& database, int rows, long bytes) {
  const auto count = std::to_string(rows);
  const std::string series =
      database.is_postgres()
          ? "SELECT i FROM generate_series(1, " + count + ") AS series (i)"
          : "WITH RECURSIVE series (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < " +
                count + ") SELECT i FROM series";
  const std::string text = database.is_postgres() ? "repeat('x', " + std::to_string(bytes) + ")"
                                                  : "replace(hex(zeroblob(" +
                                                        std::to_string(bytes / 2) + ")), '0', 'x')";
  database.sql().rows(
      "INSERT INTO dbos.workflow_status (workflow_uuid, status, name, serialization, inputs, "
      "created_at, updated_at) SELECT 'w' || i, 'SUCCESS', 'w', 'portable_json', "
      "'{\"positionalArgs\":[\"' || " +
      text + " || '\"]}', i, i FROM (" + series + ") AS numbers");
}

/// Most memory that this process has ever had in its hands, in bytes.
long most_resident() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) throw std::runtime_error("getrusage failed");
  return usage.ru_maxrss * 1024;
}

class LargeLists : public ::testing::TestWithParam<Backend> {
 protected:
  Database database_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Faults, LargeLists,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite),
                         [](const auto& info) { return name_of(info.param); });

TEST_P(LargeLists, HoldOnePayloadBesideTheReply) {
  insert_workflows(database_, kRows, kPayloadBytes);
  const auto client = database_.open();
  client.call("check_connection");
  const auto before = most_resident();
  char* reply = nullptr;
  dbosc_error* error = nullptr;
  const int status =
      dbosc_client_list_workflows(client.get(), "{\"load_input\": true}", nullptr, &reply, &error);
  const auto grown = most_resident() - before;
  EXPECT_EQ(take_outcome(status, error).status, DBOSC_OK);
  const auto size = static_cast<long>(std::strlen(reply));
  dbosc_string_free(reply);
  ASSERT_GT(size, kRows * kPayloadBytes);
  EXPECT_LT(grown, size + size / 4) << "a copy of the answer beside the reply is as large as it";
}

using LargeListsThroughAProxy = ProxyTest;

TEST_F(LargeListsThroughAProxy, AreReadAnewWhereTheConnectionEndsInTheMiddle) {
  insert_workflows(database_, 100, kPayloadBytes);
  const auto client = open();
  client.call("check_connection");
  proxy_.cut_answer(50 * kPayloadBytes);
  const auto workflows = client.call("list_workflows", {{"load_input", true}}).at("workflows");
  EXPECT_TRUE(proxy_.fired());
  ASSERT_EQ(workflows.size(), 100u);
  for (std::size_t i = 0; i < workflows.size(); ++i) {
    EXPECT_EQ(workflows[i].at("workflow_id"), "w" + std::to_string(i + 1));
  }
}

TEST_F(LargeListsThroughAProxy, AreNoShorterReplyWhereNobodyTriesAgain) {
  insert_workflows(database_, 100, kPayloadBytes);
  const auto client = open({{"retry_connection_errors", false}});
  client.call("check_connection");
  proxy_.cut_answer(50 * kPayloadBytes);
  EXPECT_EQ(client.refused("list_workflows", {{"load_input", true}}).status, DBOSC_UNAVAILABLE);
  EXPECT_EQ(client.call("list_workflows").at("workflows").size(), 100u);
}

}  // namespace
}  // namespace dbosc::test
