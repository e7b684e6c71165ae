#include "contract/levels.h"
#include "contract/queues.h"

namespace dbosc::test {
namespace {

/// Ownership of queues comes at level 100: below, `application_name` is null.
Json owner(const Level& on) { return on.has(100) ? Json("app") : Json(); }

/// A queue as the SDK of this level may have left it.
void arrange_queue(Level& on) {
  on.sql().insert("queues", {{"queue_id", "1"},
                             {"name", "a"},
                             {"concurrency", "3"},
                             {"rate_limit_max", "5"},
                             {"rate_limit_period_sec", "1.5"}});
}

auto shows(std::string key, Json value) {
  return [key = std::move(key), value = std::move(value)](Level&, const Json& reply) {
    EXPECT_EQ(reply.at("queue").at(key), value);
  };
}

const Scenarios kQueues(
    "queues",
    {
        {.operation = "register_queue",
         .request = {{"name", "a"},
                     {"global_concurrency", 3},
                     {"worker_concurrency", 2},
                     {"rate_limit", limit(5, 1500)},
                     {"partition_queue", true},
                     {"polling_interval_ms", 100}},
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("outcome"), "created");
               const auto& queue = reply.at("queue");
               EXPECT_EQ(queue.at("rate_limit"), limit(5, 1500));
               EXPECT_EQ(queue.at("application_name"), owner(on));
               EXPECT_EQ(queue.at("partition_queue"), true);
               EXPECT_EQ(queue.at("partition_concurrency"), nullptr);
             }},
        {.operation = "register_queue",
         .request = {{"name", "a"}, {"worker_concurrency", 2}, {"application_name", "app"}},
         .arrange = arrange_queue,
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("outcome"), "updated");
               EXPECT_EQ(reply.at("queue").at("application_name"), owner(on));
               EXPECT_EQ(reply.at("queue").at("rate_limit"), nullptr);
             }},
        {.operation = "register_queue",
         .request = {{"name", "a"}, {"partition_concurrency", 1}},
         .check = shows("partition_queue", true),
         .since = {108, "Python 3.0"}},
        {.operation = "get_queue",
         .request = {{"name", "a"}},
         .arrange = arrange_queue,
         .check =
             [](Level&, const Json& reply) {
               EXPECT_EQ(reply.at("queue").at("global_concurrency"), 3);
               EXPECT_EQ(reply.at("queue").at("rate_limit"), limit(5, 1500));
               EXPECT_EQ(reply.at("queue").at("application_name"), nullptr);
             }},
        {.operation = "list_queues",
         .request = {{"application_name", "app"}},
         .arrange = arrange_queue,
         .check = [](Level&,
                     const Json& reply) { EXPECT_EQ(reply.at("queues")[0].at("name"), "a"); }},
        {.operation = "update_queue",
         .request = {{"name", "a"}, {"global_concurrency", nullptr}},
         .arrange = arrange_queue,
         .check = shows("global_concurrency", nullptr)},
        {.operation = "update_queue",
         .request = {{"name", "a"}, {"partition_rate_limit", limit(1, 1)}},
         .arrange = arrange_queue,
         .check = shows("partition_rate_limit", limit(1, 1)),
         .since = {108, "Python 3.0"}},
        {.operation = "delete_queue",
         .request = {{"name", "a"}},
         .arrange = arrange_queue,
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply, Json({{"deleted", true}}));
               EXPECT_EQ(on.count("queues"), 0);
             }},
        {.operation = "pause_queue",
         .request = {{"name", "a"}},
         .arrange = arrange_queue,
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("outcome"), "paused");
               EXPECT_EQ(reply.at("queue").at("rate_limit"), limit(5, 1500));
               EXPECT_EQ(on.sql().value("SELECT rate_limit_max FROM dbos.queues"), "-5");
             }},
        {.operation = "resume_queue",
         .request = {{"name", "a"}},
         .arrange =
             [](Level& on) {
               arrange_queue(on);
               on.client().call("pause_queue", {{"name", "a"}});
             },
         .check =
             [](Level& on, const Json& reply) {
               EXPECT_EQ(reply.at("outcome"), "resumed");
               EXPECT_EQ(on.sql().value("SELECT rate_limit_max FROM dbos.queues"), "5");
             }},
        {.operation = "resume_queue",
         .request = {{"name", "a"}},
         .refused = [](const Level&) { return std::string("queue_not_found"); }},
        {.operation = "queue_stats",
         .arrange =
             [](Level& on) {
               arrange_queue(on);
               on.worker().insert_workflow("id", {{"queue_name", "a"}, {"status", "ENQUEUED"}});
             },
         .check =
             [](Level&, const Json& reply) {
               EXPECT_EQ(reply.at("queues").size(), 1u);
               EXPECT_EQ(reply.at("queues")[0].at("waiting"), 1);
             }},
    });

}  // namespace
}  // namespace dbosc::test
