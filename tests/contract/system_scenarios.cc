#include "contract/levels.h"

namespace dbosc::test {
namespace {

const Scenarios kSystem(
    "system", {
                  {.operation = "check_connection",
                   .check =
                       [](Level&, const Json& reply) {
                         EXPECT_EQ(reply, Json({{"connected", true}}));
                       }},
                  {.operation = "get_schema_version",
                   .check =
                       [](Level& on, const Json& reply) {
                         EXPECT_EQ(reply, Json({{"schema_version", on.level()},
                                                {"newest_schema_version", 125}}));
                       }},
                  {.operation = "create_system_database",
                   .refused = [](const Level&) { return std::string("system_database_exists"); }},
              });

}  // namespace
}  // namespace dbosc::test
