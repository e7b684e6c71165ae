#include <future>

#include "contract/contract.h"
#include "support/clock.h"

// Waiting for events.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(GetEvent);

std::future<Answer> async_event(const Client& client, const std::string& id,
                                const std::string& key) {
  return std::async(std::launch::async, [&client, id, key] {
    return client.try_call("get_event", {{"workflow_id", id}, {"key", key}});
  });
}

TEST_P(GetEvent, ReturnsAValueThatIsThere) {
  enqueue({{"workflow_id", "id"}});
  worker().set_event("id", "k", R"({"a":1})");
  EXPECT_EQ(client().call("get_event", {{"workflow_id", "id"}, {"key", "k"}}),
            Json({{"found", true}, {"value", {{"a", 1}}}}));
}

TEST_P(GetEvent, FindsNothingWhereThereIsNone) {
  enqueue({{"workflow_id", "id"}});
  worker().set_event("id", "other", "1");
  const Json nothing{{"found", false}, {"value", nullptr}};
  for (const int timeout : {0, 30}) {
    EXPECT_EQ(
        client().call("get_event", {{"workflow_id", "id"}, {"key", "k"}, {"timeout_ms", timeout}}),
        nothing);
    EXPECT_EQ(client().call("get_event",
                            {{"workflow_id", "none"}, {"key", "k"}, {"timeout_ms", timeout}}),
              nothing);
  }
}

TEST_P(GetEvent, TellsNullFromNothing) {
  enqueue({{"workflow_id", "id"}});
  worker().set_event("id", "k", "null");
  EXPECT_EQ(client().call("get_event", {{"workflow_id", "id"}, {"key", "k"}}),
            Json({{"found", true}, {"value", nullptr}}));
}

TEST_P(GetEvent, ReturnsTheLatestValue) {
  enqueue({{"workflow_id", "id"}});
  for (const std::string value : {"1", "2", "3"}) {
    worker().set_event("id", "k", value);
    EXPECT_EQ(client().call_text("get_event", R"({"workflow_id":"id","key":"k"})"),
              R"({"found":true,"value":)" + value + "}");
  }
}

TEST_P(GetEvent, BringsAValueThatArrivesWhileItWaits) {
  for (const std::string listen : {"auto", "on", "off"}) {
    SCOPED_TRACE(listen);
    const auto client = open({{"use_listen_notify", listen}, {"poll_interval_ms", 50}});
    enqueue({{"workflow_id", listen}});
    auto waiting = async_event(client, listen, "k");
    worker().set_event(listen, "k", R"("now")");
    EXPECT_EQ(waiting.get().reply, Json({{"found", true}, {"value", "now"}}));
  }
}

TEST_P(GetEvent, WaitsForAWorkflowThatIsNotThereYet) {
  auto waiting = async_event(client(), "later", "k");
  worker().insert_workflow("later");
  worker().set_event("later", "k", "1");
  EXPECT_EQ(waiting.get().reply.at("value"), 1);
}

TEST_P(GetEvent, NeedsNoPollWhereTheEventIsAnnounced) {
  // The interval is far beyond the bound: only an announcement can bring the second value.
  const auto client = open({{"poll_interval_ms", 3600000}});
  enqueue({{"workflow_id", "id"}});
  auto first = async_event(client, "id", "first");
  worker().set_event("id", "first", "1");
  EXPECT_EQ(first.get().reply.at("value"), 1);
  // When a look of a call itself began last; NULL on SQLite, where the poll of a young wait serves.
  const auto last_look = [&] {
    return postgres() ? sql().value(
                            "SELECT max(query_start) FROM pg_stat_activity WHERE state = 'idle' AND"
                            " datname = current_database() AND query LIKE '%AND key = $2'")
                      : Value();
  };
  const auto before = last_look();
  const CancelPtr cancel(dbosc_cancel_new());
  auto second = std::async(std::launch::async, [&] {
    return client.try_call("get_event",
                           {{"workflow_id", "id"}, {"key", "second"}, {"timeout_ms", 2000000000}},
                           cancel.get());
  });
  if (postgres()) {
    EXPECT_TRUE(eventually([&] { return last_look() != before; }));
  }
  worker().set_event("id", "second", "2");
  EXPECT_EQ(second.wait_for(kBound), std::future_status::ready);
  dbosc_cancel_trigger(cancel.get());
  EXPECT_EQ(second.get().reply, Json({{"found", true}, {"value", 2}}));
}

TEST_P(GetEvent, ServesManyWaitersOfOneEventAndOfMany) {
  enqueue({{"workflow_id", "id"}});
  enqueue({{"workflow_id", "id2"}});
  std::vector<std::future<Answer>> waiting;
  for (int i = 0; i < 20; ++i) {
    waiting.push_back(async_event(client(), "id", "k" + std::to_string(i % 5)));
  }
  auto other = async_event(client(), "id2", "k0");
  for (int i = 0; i < 5; ++i) {
    worker().set_event("id", "k" + std::to_string(i), std::to_string(i));
  }
  worker().set_event("id2", "k0", "\"other\"");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(waiting[static_cast<std::size_t>(i)].get().reply.at("value"), i % 5);
  }
  EXPECT_EQ(other.get().reply.at("value"), "other");
}

TEST_P(GetEvent, KeepsKeysWithColonsApart) {
  worker().insert_workflow("a");
  worker().insert_workflow("a::b");
  auto waiting = async_event(client(), "a", "b::c");
  worker().set_event("a::b", "c", R"("another's")");
  worker().set_event("a", "b::c", R"("ours")");
  EXPECT_EQ(waiting.get().reply.at("value"), "ours");
}

TEST_P(GetEvent, ShowsWhatItCannotReadAsRaw) {
  worker().insert_workflow("id");
  worker().set_event("id", "pickle", "gASV", "py_pickle");
  worker().set_event("id", "own", "x", std::nullopt);
  EXPECT_EQ(client().call("get_event", {{"workflow_id", "id"}, {"key", "pickle"}}).at("value"),
            Json({{"$raw", "gASV"}, {"serialization", "py_pickle"}}));
  EXPECT_EQ(client().call("get_event", {{"workflow_id", "id"}, {"key", "own"}}).at("value"),
            Json({{"$raw", "x"}, {"serialization", nullptr}}));
  worker().set_event("id", "plain", "1");
  EXPECT_EQ(client()
                .call("get_event", {{"workflow_id", "id"}, {"key", "plain"}, {"payloads", "raw"}})
                .at("value"),
            Json({{"$raw", "1"}, {"serialization", "portable_json"}}));
}

TEST_P(GetEvent, TakesAnInstantAsItsEnd) {
  enqueue({{"workflow_id", "id"}});
  const auto until = [&](const Json& deadline) {
    return client()
        .call("get_event", {{"workflow_id", "id"}, {"key", "k"}, {"deadline", deadline}})
        .at("found");
  };
  EXPECT_EQ(until(0), false);
  EXPECT_EQ(until(now_ms() + 30), false);
  auto waiting = std::async(std::launch::async, [&] { return until("2100-01-01T00:00:00Z"); });
  worker().set_event("id", "k", "1");
  EXPECT_EQ(waiting.get(), true);
  EXPECT_EQ(until("1970-01-01T00:00:01Z"), true) << "what is there is found";
  const auto both = client().refused(
      "get_event", {{"workflow_id", "id"}, {"key", "k"}, {"deadline", 1}, {"timeout_ms", 1}});
  EXPECT_EQ(both.kind, "conflicting_keys");
  EXPECT_EQ(both.detail("path"), "deadline");
}

TEST_P(GetEvent, EndsAtOnceWhenCancelled) {
  const CancelPtr cancel(dbosc_cancel_new());
  auto waiting = std::async(std::launch::async, [&cancel, &client = client()] {
    return client.try_call("get_event", {{"workflow_id", "id"}, {"key", "k"}}, cancel.get());
  });
  dbosc_cancel_trigger(cancel.get());
  EXPECT_EQ(waiting.get().failure.status, DBOSC_CANCELLED);
}

TEST_P(GetEvent, RefusesARequestWithoutItsKeys) {
  EXPECT_EQ(client().refused("get_event", {{"key", "k"}}).detail("path"), "workflow_id");
  EXPECT_EQ(client().refused("get_event", {{"workflow_id", "id"}}).detail("path"), "key");
  EXPECT_EQ(
      client().refused("get_event", {{"workflow_id", "i"}, {"key", "k"}, {"timeout_ms", -1}}).kind,
      "out_of_range");
}

}  // namespace
}  // namespace dbosc::test
