#include "contract/levels.h"

namespace dbosc::test {
namespace {

const Scenarios kSystem(
    "system",
    {
        {.operation = "check_connection",
         .check =
             [](Level&, const Json& reply) {
               EXPECT_EQ(reply, Json({{"connected", true}}));
             }},
        {.operation = "get_schema_version",
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply,
                         Json({{"schema_version", on.level()}, {"newest_schema_version", 125}}));
             }},
        {.operation = "doctor",
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("healthy"), true) << reply.dump(1);
               for (const auto& check : reply.at("checks")) {
                 if (check.at("name") != "schema") continue;
                 EXPECT_EQ(check.at("details").at("schema_version"), on.level());
               }
             }},
        {.operation = "client_stats",
         .check = [](Level&,
                     const Json& reply) { EXPECT_GE(reply.at("database").at("connects"), 1); }},
        {.operation = "create_system_database",
         .refused = [](const Level&) { return std::string("system_database_exists"); }},
    });

}  // namespace
}  // namespace dbosc::test
