#include <thread>

#include "contract/contract.h"

// Streams: read in order, waited for, ended by all that ends them.

namespace dbosc::test {
namespace {

constexpr const char* kClosed = R"("__DBOS_STREAM_CLOSED__")";

class StreamContract : public Contract {
 protected:
  void write(const std::string& id, int offset, const std::string& value,
             Value serialization = "portable_json", const std::string& key = "s") {
    sql().insert("streams", {{"workflow_uuid", id},
                             {"key", key},
                             {"value", value},
                             {"offset", std::to_string(offset)},
                             {"serialization", serialization}});
    if (postgres()) {
      sql().rows("SELECT pg_notify('dbos_streams_channel', $1)", {id + "::" + key});
    }
  }
  Json read(const std::string& id, const Json& more = Json::object()) {
    Json request{{"workflow_id", id}, {"key", "s"}, {"timeout_ms", 0}};
    request.update(more);
    return client().call("read_stream", request);
  }
  static Json found(const Json& values, int next, bool closed) {
    return {{"values", values}, {"next_offset", next}, {"closed", closed}};
  }
};

class Streams : public StreamContract {};
INSTANTIATE_TEST_SUITE_P(Contract, Streams, ::testing::Values(Backend::kPostgres, Backend::kSqlite),
                         backend_of);

TEST_P(Streams, AreReadInOrderFromAnyOffset) {
  worker().insert_workflow("w");
  for (int i = 0; i < 5; ++i) write("w", i, std::to_string(i));
  write("w", 0, "9", "portable_json", "other");
  EXPECT_EQ(read("w"), found({0, 1, 2, 3, 4}, 5, false));
  EXPECT_EQ(read("w", {{"offset", 3}}), found({3, 4}, 5, false));
  EXPECT_EQ(read("w", {{"limit", 2}}), found({0, 1}, 2, false));
  EXPECT_EQ(read("w", {{"offset", 2}, {"limit", 2}}), found({2, 3}, 4, false));
}

TEST_P(Streams, StopBeforeAGap) {
  worker().insert_workflow("w");
  write("w", 0, "0");
  write("w", 2, "2");
  EXPECT_EQ(read("w"), found({0}, 1, false));
}

TEST_P(Streams, EndAtEveryFormOfTheCloseMarker) {
  int number = 0;
  for (const auto& [marker, serialization] :
       {std::pair<std::string, Value>{kClosed, "portable_json"},
        {"__DBOS_STREAM_CLOSED__", ""},
        {"__DBOS_STREAM_CLOSED__", "portable_json"}}) {
    const auto id = "w" + std::to_string(number++);
    SCOPED_TRACE(id);
    worker().insert_workflow(id);
    write(id, 0, "1");
    write(id, 1, marker, serialization);
    EXPECT_EQ(read(id), found({1}, 1, true));
    EXPECT_EQ(read(id, {{"offset", 1}, {"timeout_ms", 20000}}), found(Json::array(), 1, true));
  }
}

TEST_P(Streams, EndWithTheirWorkflowOnceTheyAreDrained) {
  worker().insert_workflow("w");
  for (int i = 0; i < 3; ++i) write("w", i, std::to_string(i));
  worker().end("w", "CANCELLED");
  EXPECT_EQ(read("w", {{"limit", 2}, {"timeout_ms", 20000}}), found({0, 1}, 2, false));
  EXPECT_EQ(read("w", {{"offset", 2}, {"timeout_ms", 20000}}), found({2}, 3, true));
  EXPECT_EQ(read("w", {{"offset", 3}, {"timeout_ms", 20000}}), found(Json::array(), 3, true));
}

TEST_P(Streams, OfADelayedOrUnknownStatusAreNotOver) {
  for (const std::string status : {"DELAYED", "ENQUEUED", "FUTURE"}) {
    worker().insert_workflow(status, {{"status", status}});
    EXPECT_EQ(read(status), found(Json::array(), 0, false)) << status;
  }
}

TEST_P(Streams, AreWaitedForUntilAValueComes) {
  for (const std::string listen : {"auto", "off"}) {
    SCOPED_TRACE(listen);
    const auto id = "w-" + listen;
    worker().insert_workflow(id);
    const auto reader = open({{"use_listen_notify", listen}});
    Json answer;
    std::thread thread([&] {
      answer =
          reader.call("read_stream", {{"workflow_id", id}, {"key", "s"}, {"timeout_ms", 30000}});
    });
    write(id, 0, R"({"x":1})");
    thread.join();
    EXPECT_EQ(answer, found({{{"x", 1}}}, 1, false));
  }
}

TEST_P(Streams, AreReadWhenTheGapBeforeThemCloses) {
  worker().insert_workflow("w");
  // On Postgres far beyond the bound: only announcements can bring it, of which the first is of
  // nothing that can be read. On SQLite the poll of a young wait serves.
  const auto reader = open({{"poll_interval_ms", 3600000}});
  const CancelPtr cancel(dbosc_cancel_new());
  const Json request{{"workflow_id", "w"}, {"key", "s"}, {"timeout_ms", 2000000000}};
  auto waiting = std::async(std::launch::async,
                            [&] { return reader.try_call("read_stream", request, cancel.get()); });
  const auto queries = [&] {
    return reader.call("client_stats", Json::object()).at("waits").at("queries").get<int>();
  };
  EXPECT_TRUE(eventually([&] { return queries() >= 1; }));
  for (const int after_the_gap : {2, 1}) {
    const int before = queries();
    write("w", after_the_gap, std::to_string(after_the_gap));
    EXPECT_TRUE(eventually([&] { return queries() > before; }));
  }
  write("w", 0, "0");
  EXPECT_EQ(waiting.wait_for(kBound), std::future_status::ready);
  dbosc_cancel_trigger(cancel.get());
  EXPECT_EQ(waiting.get().reply, found({0, 1, 2}, 3, false));
}

TEST_P(Streams, AreWaitedForUntilTheirWorkflowIsOver) {
  worker().insert_workflow("w");
  client();
  Json answer;
  std::thread thread([&] { answer = read("w", {{"timeout_ms", 30000}}); });
  worker().succeed("w", "1");
  thread.join();
  EXPECT_EQ(answer, found(Json::array(), 0, true));
}

TEST_P(Streams, AreLeftAtOnceWhenCancelled) {
  worker().insert_workflow("w");
  client();
  const CancelPtr cancel(dbosc_cancel_new());
  Answer answer;
  std::thread thread([&] {
    const Json request{{"workflow_id", "w"}, {"key", "s"}, {"timeout_ms", 60000}};
    answer = client().try_call("read_stream", request, cancel.get());
  });
  dbosc_cancel_trigger(cancel.get());
  thread.join();
  EXPECT_EQ(answer.failure.status, DBOSC_CANCELLED);
}

TEST_P(Streams, AnswerWithoutValuesWhenTheWaitRunsOut) {
  worker().insert_workflow("w");
  EXPECT_EQ(read("w", {{"timeout_ms", 20}}), found(Json::array(), 0, false));
}

TEST_P(Streams, OfAnUnknownWorkflowAreAnError) {
  const auto failure = client().refused(
      "read_stream", Json{{"workflow_id", "none"}, {"key", "s"}, {"timeout_ms", 0}});
  EXPECT_EQ(failure.status, DBOSC_NOT_FOUND);
  EXPECT_EQ(failure.kind, "non_existent_workflow");
}

TEST_P(Streams, ShowValuesThatCannotBeReadAsTheyAreStored) {
  worker().insert_workflow("w");
  write("w", 0, "gARLAS4=", "py_pickle");
  write("w", 1, "gAR", "py_pickle");
  write("w", 2, "broken", "portable_json");
  EXPECT_EQ(read("w"), found({1,
                              {{"$raw", "gAR"}, {"serialization", "py_pickle"}},
                              {{"$raw", "broken"}, {"serialization", "portable_json"}}},
                             3, false));
}

TEST_P(Streams, RefuseANegativeOffset) {
  const auto failure =
      client().refused("read_stream", Json{{"workflow_id", "w"}, {"key", "s"}, {"offset", -1}});
  EXPECT_EQ(failure.kind, "out_of_range");
  EXPECT_EQ(failure.detail("path"), "offset");
}

}  // namespace
}  // namespace dbosc::test
