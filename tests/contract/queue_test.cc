#include "contract/queues.h"

// The registry of queues: what is registered, read, changed and deleted.

namespace dbosc::test {
namespace {

using ::testing::HasSubstr;

DBOSC_QUEUE_CONTRACT(Queues);

const Json kDefaults{{"global_concurrency", nullptr},
                     {"worker_concurrency", nullptr},
                     {"rate_limit", nullptr},
                     {"partition_concurrency", nullptr},
                     {"partition_worker_concurrency", nullptr},
                     {"partition_rate_limit", nullptr},
                     {"partition_queue", false},
                     {"priority_enabled", true},
                     {"polling_interval_ms", 1000}};

TEST_P(Queues, HaveNoLimitsUnlessTheyAreGiven) {
  const auto reply = request("register_queue", "a");
  EXPECT_EQ(reply.at("outcome"), "created");
  const auto& queue = reply.at("queue");
  EXPECT_EQ(queue.at("name"), "a");
  EXPECT_EQ(settings(queue), kDefaults);
  EXPECT_EQ(queue.at("paused"), false);
  EXPECT_EQ(queue.at("application_name"), nullptr);
  EXPECT_EQ(queue.at("created_at_ms"), queue.at("updated_at_ms"));
  EXPECT_EQ(get("a"), queue);
}

TEST_P(Queues, AreStoredAsTheSdksStoreThem) {
  const Json limits{{"global_concurrency", 9},           {"worker_concurrency", 7},
                    {"rate_limit", limit(5, 1500)},      {"partition_concurrency", 6},
                    {"partition_worker_concurrency", 4}, {"partition_rate_limit", limit(3, 250)},
                    {"polling_interval_ms", 100}};
  const auto queue = add("a", limits);
  EXPECT_EQ(settings(queue), with(with(kDefaults, limits), {{"partition_queue", true}}));
  const auto row = stored("a");
  EXPECT_EQ(row.at("concurrency"), "9");
  EXPECT_EQ(row.at("worker_concurrency"), "7");
  EXPECT_EQ(row.at("rate_limit_max"), "5");
  EXPECT_EQ(row.at("partition_concurrency"), "6");
  EXPECT_EQ(row.at("partition_worker_concurrency"), "4");
  EXPECT_EQ(row.at("partition_rate_limit_max"), "3");
  EXPECT_EQ(stored_number("a", "rate_limit_period_sec"), 1.5);
  EXPECT_EQ(stored_number("a", "partition_rate_limit_period_sec"), 0.25);
  EXPECT_EQ(stored_number("a", "polling_interval_sec"), 0.1) << "the very number of the SDKs";
  EXPECT_EQ(sql().value("SELECT count(*) AS n FROM dbos.queues WHERE priority_enabled"
                        " AND partition_queue"),
            "1");
  EXPECT_FALSE(row.at("queue_id")->empty());
}

TEST_P(Queues, KeepEveryMillisecond) {
  for (const std::int64_t ms : {1LL, 7LL, 333LL, 999LL, 1001LL, 86399999LL, 2147483647LL}) {
    const auto queue = add("a", {{"rate_limit", limit(1, ms)}, {"polling_interval_ms", ms}});
    EXPECT_EQ(queue.at("rate_limit"), limit(1, ms));
    EXPECT_EQ(queue.at("polling_interval_ms"), ms);
  }
  EXPECT_EQ(add("a", {{"rate_limit", limit(1, 2147483647000)}}).at("rate_limit"),
            limit(1, 2147483647000));
}

TEST_P(Queues, OfAnotherWriterAreReadWhateverTheyHold) {
  sql().rows(
      "INSERT INTO dbos.queues (queue_id, name, concurrency, rate_limit_max, partition_queue,"
      " polling_interval_sec) VALUES ('1', 'a', 0, 5, TRUE, 1e300)");
  const auto queue = get("a");
  EXPECT_EQ(queue.at("global_concurrency"), 0);
  EXPECT_EQ(queue.at("rate_limit"), nullptr) << "a limit without period is none";
  EXPECT_EQ(queue.at("partition_queue"), true);
  EXPECT_EQ(queue.at("priority_enabled"), false);
  EXPECT_GT(queue.at("polling_interval_ms"), 1000000000);
  EXPECT_EQ(client().call("list_queues").at("queues"), Json({queue}));
}

TEST_P(Queues, ThatAreAbsentAreNull) { EXPECT_EQ(get("absent"), nullptr); }

TEST_P(Queues, AreUpdatedByASecondRegistration) {
  const auto first = add("a", {{"global_concurrency", 3}, {"rate_limit", limit(1, 1000)}});
  const auto reply = request("register_queue", "a", {{"worker_concurrency", 2}});
  EXPECT_EQ(reply.at("outcome"), "updated");
  EXPECT_EQ(settings(reply.at("queue")), with(kDefaults, {{"worker_concurrency", 2}}))
      << "what is not given is no longer there";
  EXPECT_EQ(reply.at("queue").at("created_at_ms"), first.at("created_at_ms"));
  EXPECT_EQ(request("register_queue", "a", {{"worker_concurrency", 2}}).at("outcome"), "existing");
  EXPECT_EQ(count("queues"), 1);
}

TEST_P(Queues, StayAsTheyAreWithNeverUpdate) {
  const Json never{{"on_conflict", "never_update"}, {"worker_concurrency", 1}};
  EXPECT_EQ(request("register_queue", "a", never).at("outcome"), "created");
  const auto before = stored("a");
  const auto reply = request("register_queue", "a", with(never, {{"worker_concurrency", 2}}));
  EXPECT_EQ(reply.at("outcome"), "existing");
  EXPECT_EQ(reply.at("queue").at("worker_concurrency"), 1);
  EXPECT_EQ(stored("a"), before);
}

TEST_P(Queues, RefuseWhatOnlyAnApplicationCanAskFor) {
  const auto failure =
      refused("register_queue", "a", {{"on_conflict", "update_if_latest_version"}});
  EXPECT_EQ(failure.status, DBOSC_INVALID_ARGUMENT);
  EXPECT_EQ(failure.detail("path"), "on_conflict");
  EXPECT_THAT(failure.message, HasSubstr("update_if_latest_version"));
  EXPECT_EQ(refused("register_queue", "a", {{"on_conflict", "sometimes"}}).kind, "unknown_value");
  EXPECT_EQ(count("queues"), 0);
}

TEST_P(Queues, HaveNamesThatAreNotReserved) {
  for (const std::string name : {"_dbos_mine", "_dbos_internal_queue", "_dbos_"}) {
    const auto failure = refused("register_queue", name);
    EXPECT_EQ(failure.kind, "reserved_name") << name;
    EXPECT_EQ(failure.detail("path"), "name");
  }
  EXPECT_EQ(refused("register_queue", "").kind, "empty_value");
  EXPECT_EQ(client().refused("register_queue", Json::object()).detail("path"), "name");
  EXPECT_EQ(add("_dbosc").at("name"), "_dbosc");
}

/// What is refused, and the key that the error names.
const std::vector<std::pair<Json, std::string>> kBadSettings{
    {{{"global_concurrency", 0}}, "global_concurrency"},
    {{{"concurrency", -1}}, "concurrency"},
    {{{"worker_concurrency", 0}}, "worker_concurrency"},
    {{{"worker_concurrency", 2147483648}}, "worker_concurrency"},
    {{{"partition_concurrency", 0}}, "partition_concurrency"},
    {{{"partition_worker_concurrency", 0}}, "partition_worker_concurrency"},
    {{{"polling_interval_ms", 0}}, "polling_interval_ms"},
    {{{"rate_limit", {{"limit", 1}}}}, "rate_limit.period_ms"},
    {{{"rate_limit", {{"period_ms", 1}}}}, "rate_limit.limit"},
    {{{"rate_limit", limit(0, 1)}}, "rate_limit.limit"},
    {{{"rate_limit", limit(1, 0)}}, "rate_limit.period_ms"},
    {{{"rate_limit", {{"limit", 1}, {"period_ms", 1}, {"period", 1}}}}, "rate_limit.period"},
    {{{"partition_rate_limit", {{"limit", 1}}}}, "partition_rate_limit.period_ms"},
    {{{"global_concurrency", 1}, {"concurrency", 1}}, "global_concurrency"},
    {{{"worker_concurrency", 3}, {"global_concurrency", 2}}, "worker_concurrency"},
    {{{"partition_worker_concurrency", 3}, {"partition_concurrency", 2}},
     "partition_worker_concurrency"},
    {{{"partition_worker_concurrency", 3}, {"worker_concurrency", 2}},
     "partition_worker_concurrency"},
    {{{"partition_concurrency", 3}, {"global_concurrency", 2}}, "partition_concurrency"},
    {{{"partition_worker_concurrency", 3}, {"global_concurrency", 2}},
     "partition_worker_concurrency"},
    {{{"partition_queue", true}, {"partition_concurrency", 1}}, "partition_queue"},
    {{{"partition_queue", false}, {"partition_rate_limit", limit(1, 1)}}, "partition_queue"},
    {{{"no_such_limit", 1}}, "no_such_limit"},
};

TEST_P(Queues, RefuseSettingsThatMakeNoSense) {
  for (const auto& [bad, key] : kBadSettings) {
    const auto failure = refused("register_queue", "a", bad);
    EXPECT_EQ(failure.status, DBOSC_INVALID_ARGUMENT) << bad;
    EXPECT_THAT(failure.message, HasSubstr(key)) << bad;
  }
  EXPECT_EQ(count("queues"), 0);
}

TEST_P(Queues, RefuseChangesThatMakeNoSense) {
  add("a");
  const auto before = stored("a");
  for (const auto& [bad, key] : kBadSettings) {
    const auto failure = refused("update_queue", "a", bad);
    EXPECT_EQ(failure.status, DBOSC_INVALID_ARGUMENT) << bad;
    EXPECT_THAT(failure.message, HasSubstr(key)) << bad;
    EXPECT_EQ(stored("a"), before) << bad;
  }
}

TEST_P(Queues, HoldLimitsThatAreEqual) {
  const Json all_one{{"global_concurrency", 1},
                     {"worker_concurrency", 1},
                     {"partition_concurrency", 1},
                     {"partition_worker_concurrency", 1}};
  EXPECT_EQ(settings(add("a", all_one)),
            with(with(kDefaults, all_one), {{"partition_queue", true}}));
}

TEST_P(Queues, ChangeOnlyInWhatIsGiven) {
  const auto before = add("a", {{"global_concurrency", 9},
                                {"worker_concurrency", 5},
                                {"rate_limit", limit(5, 1500)},
                                {"polling_interval_ms", 100},
                                {"priority_enabled", false}});
  const auto kept = with(before, {{"worker_concurrency", 6}});
  auto changed = change("a", {{"worker_concurrency", 6}});
  EXPECT_EQ(settings(changed), settings(kept));
  changed = change("a", {{"worker_concurrency", nullptr}, {"rate_limit", nullptr}});
  EXPECT_EQ(settings(changed),
            settings(with(kept, {{"worker_concurrency", nullptr}, {"rate_limit", nullptr}})));
  changed = change("a", {{"polling_interval_ms", nullptr}, {"priority_enabled", nullptr}});
  EXPECT_EQ(changed.at("polling_interval_ms"), 1000) << "the default again";
  EXPECT_EQ(changed.at("priority_enabled"), true);
  EXPECT_EQ(get("a"), changed);
  const auto row = stored("a");
  EXPECT_EQ(change("a", Json::object()), changed);
  EXPECT_EQ(stored("a"), row) << "nothing given, nothing written";
}

TEST_P(Queues, CheckAChangeAgainstWhatIsStored) {
  add("a", {{"global_concurrency", 5}, {"worker_concurrency", 3}});
  for (const Json& bad :
       {Json{{"global_concurrency", 2}}, Json{{"worker_concurrency", 6}},
        Json{{"partition_concurrency", 6}}, Json{{"partition_worker_concurrency", 4}}}) {
    EXPECT_EQ(refused("update_queue", "a", bad).kind, "conflicting_limits") << bad;
  }
  change("a", {{"global_concurrency", 2}, {"worker_concurrency", 2}});
  sql().rows("UPDATE dbos.queues SET worker_concurrency = 1");
  EXPECT_EQ(change("a", {{"global_concurrency", 1}}).at("global_concurrency"), 1)
      << "somebody else changed it in between";
}

TEST_P(Queues, KeepTheOldFlagInStepWithTheirPartitionLimits) {
  add("a");
  EXPECT_EQ(change("a", {{"partition_concurrency", 1}}).at("partition_queue"), true);
  EXPECT_EQ(
      change("a", {{"partition_rate_limit", limit(1, 10)}, {"partition_concurrency", nullptr}})
          .at("partition_queue"),
      true);
  EXPECT_EQ(refused("update_queue", "a", {{"partition_queue", false}}).kind, "conflicting_keys");
  EXPECT_EQ(change("a", {{"partition_rate_limit", nullptr}}).at("partition_queue"), false);
}

TEST_P(Queues, CanBePartitionedByTheOldFlagAlone) {
  const auto queue = add("a", {{"partition_queue", true}, {"worker_concurrency", 1}});
  EXPECT_EQ(queue.at("partition_queue"), true);
  EXPECT_EQ(change("a", {{"worker_concurrency", 2}}).at("partition_queue"), true);
  EXPECT_EQ(refused("update_queue", "a", {{"partition_concurrency", 1}}).kind, "conflicting_limits")
      << "its other limits would come to mean something else";
  EXPECT_EQ(change("a", {{"partition_queue", nullptr}}).at("partition_queue"), false);
  EXPECT_EQ(change("a", {{"partition_concurrency", 1}}).at("partition_queue"), true);
}

TEST_P(Queues, ThatAreUnknownCannotBeChanged) {
  for (const std::string operation : {"update_queue", "pause_queue", "resume_queue"}) {
    const auto failure = refused(operation, "absent");
    EXPECT_EQ(failure.status, DBOSC_NOT_FOUND);
    EXPECT_EQ(failure.kind, "queue_not_found");
    EXPECT_EQ(failure.detail("queue_name"), "absent");
    EXPECT_THAT(failure.message, HasSubstr("only in its own memory"));
  }
}

TEST_P(Queues, AreDeletedAndLeaveTheirWork) {
  add("a");
  add("b");
  const auto waiting = enqueue({{"queue_name", "a"}});
  EXPECT_EQ(request("delete_queue", "a"), Json({{"deleted", true}}));
  EXPECT_EQ(request("delete_queue", "a"), Json({{"deleted", false}}));
  EXPECT_EQ(get("a"), nullptr);
  EXPECT_NE(get("b"), nullptr);
  EXPECT_EQ(row_of(waiting).at("status"), "ENQUEUED");
}

TEST_P(Queues, AreListedByNameForTheirApplication) {
  open({{"application_name", "one"}}).call("register_queue", {{"name", "b"}});
  add("c", {{"application_name", "two"}});
  add("a");
  const auto names = [](const Client& client, const Json& request = Json::object()) {
    std::vector<std::string> names;
    const auto reply = client.call("list_queues", request);
    for (const auto& queue : reply.at("queues")) names.push_back(queue.at("name"));
    return names;
  };
  using List = std::vector<std::string>;
  EXPECT_EQ(names(client()), (List{"a", "b", "c"}));
  EXPECT_EQ(names(client(), {{"application_name", "two"}}), (List{"a", "c"}));
  EXPECT_EQ(names(client(), {{"application_name", {"two", "one"}}}), (List{"a", "b", "c"}));
  const auto one = open({{"application_name", "one"}});
  EXPECT_EQ(names(one), (List{"a", "b"})) << "its own and unclaimed ones";
  EXPECT_EQ(one.call("get_queue", {{"name", "c"}}).at("queue").at("application_name"), "two");
}

TEST_P(Queues, OfAnotherApplicationAreNotTaken) {
  const auto one = open({{"application_name", "one"}}), two = open({{"application_name", "two"}});
  one.call("register_queue", {{"name", "a"}, {"worker_concurrency", 1}});
  const auto before = stored("a");
  for (const std::string on_conflict : {"always_update", "never_update"}) {
    const auto failure =
        two.refused("register_queue", {{"name", "a"}, {"on_conflict", on_conflict}});
    EXPECT_EQ(failure.status, DBOSC_CONFLICT);
    EXPECT_EQ(failure.kind, "name_owned_by_another_application");
    EXPECT_THAT(failure.message, HasSubstr("'one'"));
    EXPECT_THAT(failure.message, HasSubstr("'two'"));
  }
  EXPECT_EQ(client().refused("register_queue", {{"name", "a"}, {"application_name", "two"}}).kind,
            "name_owned_by_another_application");
  EXPECT_EQ(stored("a"), before);
}

TEST_P(Queues, AreClaimedOnceAndNeverReleased) {
  add("a");
  const auto one = open({{"application_name", "one"}});
  EXPECT_EQ(one.call("register_queue", {{"name", "a"}, {"on_conflict", "never_update"}})
                .at("queue")
                .at("application_name"),
            nullptr);
  const auto claimed = one.call("register_queue", {{"name", "a"}});
  EXPECT_EQ(claimed.at("outcome"), "updated");
  EXPECT_EQ(claimed.at("queue").at("application_name"), "one");
  EXPECT_EQ(add("a", {{"worker_concurrency", 1}}).at("application_name"), "one")
      << "a nameless writer never changes the owner";
  EXPECT_EQ(change("a", {{"worker_concurrency", 2}}).at("application_name"), "one");
}

TEST_P(Queues, AreRegisteredOnceByWhoeverComesFirst) {
  const auto one = open({{"application_name", "one"}}), two = open({{"application_name", "two"}});
  std::vector<std::thread> threads;
  std::atomic<int> created = 0, clashes = 0;
  for (const auto* client : {&one, &two, &one, &two}) {
    threads.emplace_back([&, client] {
      for (int i = 0; i < 20; ++i) {
        const auto answer =
            client->try_call("register_queue", Json{{"name", "q" + std::to_string(i)}});
        if (!answer.ok()) {
          clashes += answer.failure.kind == "name_owned_by_another_application";
        } else if (answer.reply.at("outcome") == "created") {
          ++created;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(created, 20);
  EXPECT_EQ(clashes, 40);
  EXPECT_EQ(count("queues"), 20);
}

TEST_P(Queues, TakePartInATransaction) {
  add("kept", {{"worker_concurrency", 1}});
  const auto transaction = client().begin();
  transaction.call("register_queue", {{"name", "a"}});
  transaction.call("update_queue", {{"name", "kept"}, {"worker_concurrency", 2}});
  transaction.call("pause_queue", {{"name", "kept"}});
  EXPECT_EQ(transaction.refused("register_queue", {{"name", "_dbos_x"}}).kind, "reserved_name");
  EXPECT_EQ(transaction.refused("update_queue", {{"name", "absent"}}).kind, "queue_not_found");
  EXPECT_EQ(transaction.call("list_queues").at("queues").size(), 2u);
  EXPECT_EQ(transaction.call("queue_stats", {{"name", "kept"}}).at("queues")[0].at("paused"), true);
  EXPECT_EQ(transaction.rollback().status, DBOSC_OK);
  EXPECT_EQ(get("a"), nullptr);
  EXPECT_EQ(get("kept").at("worker_concurrency"), 1);
  EXPECT_EQ(get("kept").at("paused"), false);
}

}  // namespace
}  // namespace dbosc::test
