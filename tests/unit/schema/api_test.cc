#include <nlohmann/json.hpp>
#include <set>

#include "client/operations.h"
#include "expect_error.h"

// The description of the whole API.

namespace dbosc::client {
namespace {

nlohmann::json described() {
  JsonWriter out;
  describe_api(out);
  return nlohmann::json::parse(out.view());
}

TEST(DescribeApi, NamesEveryOperationWithItsKeysAndWords) {
  const auto api = described();
  std::set<std::string> names;
  for (const auto& operation : api.at("operations")) {
    EXPECT_TRUE(names.insert(operation.at("name")).second);
    EXPECT_FALSE(operation.at("doc").get<std::string>().empty());
    std::set<std::string> keys;
    for (const auto& key : operation.at("request").at("fields")) {
      EXPECT_TRUE(keys.insert(key.at("key")).second) << key << " twice in " << operation.at("name");
      EXPECT_FALSE(key.at("doc").get<std::string>().empty()) << key;
      EXPECT_FALSE(key.at("type").get<std::string>().empty()) << key;
    }
    EXPECT_TRUE(operation.at("reply").contains("fields"));
  }
  EXPECT_EQ(names.size(), operations().size());
  for (const auto& operation : operations()) {
    EXPECT_EQ(find_operation(operation.name), &operation);
    EXPECT_TRUE(names.count(std::string(operation.name)));
  }
  EXPECT_EQ(find_operation("no such"), nullptr);
}

TEST(DescribeApi, NamesEveryKeyOfTheConfigWithADefaultWhereItHasOne) {
  const auto api = described();
  std::set<std::string> keys;
  for (const auto& key : api.at("config").at("fields")) keys.insert(key.at("key"));
  for (const std::string key :
       {"system_database_url", "application_database_url", "schema", "application_name",
        "serialization", "payloads", "pool_size", "default_timeout_ms", "startup_timeout_ms",
        "lazy", "retry_connection_errors", "use_listen_notify", "poll_interval_ms",
        "observability_query_timeout_ms", "idle_transaction_timeout_ms", "prepared_statements",
        "payload_columns", "group_commit"}) {
    EXPECT_TRUE(keys.count(key)) << key;
  }
}

}  // namespace
}  // namespace dbosc::client
