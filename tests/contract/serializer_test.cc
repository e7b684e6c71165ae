#include <algorithm>
#include <cstring>

#include "contract/contract.h"

// A payload format of the caller's own.

namespace dbosc::test {
namespace {

/// Stores the text backwards behind the kind of payload that it was given as, e.g. `2:"olleh"`.
int encode_backwards(void*, int what, const char* text, dbosc_buffer* out) {
  std::string stored(text);
  if (stored.find("unspeakable") != std::string::npos) {
    dbosc_buffer_write(out, "no such word", 12);
    return 1;
  }
  std::reverse(stored.begin(), stored.end());
  stored = std::to_string(what) + ':' + stored;
  // In two parts: what is written adds up.
  dbosc_buffer_write(out, stored.data(), 2);
  dbosc_buffer_write(out, stored.data() + 2, static_cast<std::int64_t>(stored.size()) - 2);
  return 0;
}

int decode_backwards(void* calls, int what, const char* text, dbosc_buffer* out) {
  ++*static_cast<int*>(calls);
  if (std::to_string(what) + ':' != std::string(text, std::min<std::size_t>(std::strlen(text), 2)))
    return 1;
  std::string json(text + 2);
  std::reverse(json.begin(), json.end());
  dbosc_buffer_write(out, json.data(), static_cast<std::int64_t>(json.size()));
  return 0;
}

class SerializerContract : public Contract {
 protected:
  Failure add(Client& client, const char* name) {
    dbosc_error* error = nullptr;
    const int status = dbosc_client_register_serializer(client.get(), name, encode_backwards,
                                                        decode_backwards, &decoded_, &error);
    return take_outcome(status, error);
  }
  void SetUp() override { ASSERT_EQ(add(client(), "backwards").status, DBOSC_OK); }

  int decoded_ = 0;
};

class Serializers : public SerializerContract {};
INSTANTIATE_TEST_SUITE_P(Contract, Serializers,
                         ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of);

TEST_P(Serializers, WriteArgumentsAndReadThemBack) {
  const auto id = enqueue({{"args", {1, "x"}}, {"serialization", "backwards"}});
  const auto row = row_of(id);
  EXPECT_EQ(row.at("serialization"), "backwards");
  EXPECT_EQ(row.at("inputs"), R"(1:}}{:"sgrawk",]"x",1[:"sgra"{)");
  EXPECT_EQ(workflow(id, {{"load_input", true}}).at("input"),
            Json({{"args", {1, "x"}}, {"kwargs", Json::object()}}));
}

TEST_P(Serializers, ReadResultsErrorsAndEvents) {
  worker().insert_workflow("done", {{"serialization", "backwards"}});
  worker().succeed("done", "2:]2 ,1[");
  EXPECT_EQ(client().call("get_result", {{"workflow_id", "done"}}).at("result"), Json({1, 2}));
  worker().insert_workflow("failed", {{"serialization", "backwards"}});
  worker().fail("failed", R"(3:}"m":"egassem","E":"eman"{)");
  const auto failure = client().refused("get_result", {{"workflow_id", "failed"}});
  EXPECT_EQ(failure.status, DBOSC_WORKFLOW_FAILED);
  EXPECT_EQ(failure.details.at("workflow_error"), Json({{"name", "E"},
                                                        {"message", "m"},
                                                        {"code", nullptr},
                                                        {"data", nullptr},
                                                        {"serialization", "backwards"}}));
  worker().set_event("done", "k", "2:7", "backwards");
  EXPECT_EQ(client().call("get_event", {{"workflow_id", "done"}, {"key", "k"}}).at("value"), 7);
  EXPECT_EQ(decoded_, 3);
}

TEST_P(Serializers, WriteMessagesAndMayBeTheClientsDefault) {
  auto writer = open({{"serialization", "backwards"}});
  ASSERT_EQ(add(writer, "backwards").status, DBOSC_OK);
  const auto id = enqueue();
  writer.call("send", {{"destination_id", id}, {"message", "hello"}});
  EXPECT_EQ(sql().value("SELECT message FROM dbos.notifications"), R"(2:"olleh")");
  const auto messages = client().call("list_messages", {{"workflow_id", id}}).at("messages");
  EXPECT_EQ(messages.at(0).at("message"), "hello");
}

TEST_P(Serializers, SayWhyTheyCannotWriteAndNothingIsWritten) {
  const auto failure = client().refused(
      "enqueue", enqueue_request({{"args", {"unspeakable"}}, {"serialization", "backwards"}}));
  EXPECT_EQ(failure.status, DBOSC_SERIALIZATION);
  EXPECT_EQ(failure.kind, "serializer_failed");
  EXPECT_NE(failure.message.find("no such word"), std::string::npos);
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(Serializers, LeaveWhatTheyCannotReadRaw) {
  worker().insert_workflow("done", {{"serialization", "backwards"}});
  worker().succeed("done", "9:other");
  EXPECT_EQ(client().call("get_result", {{"workflow_id", "done"}}).at("result"),
            Json({{"$raw", "9:other"}, {"serialization", "backwards"}}));
}

TEST_P(Serializers, ReachTransactionsAndPreparedStatements) {
  const auto transaction = client().begin();
  transaction.call("enqueue",
                   enqueue_request({{"workflow_id", "id"}, {"serialization", "backwards"}}));
  EXPECT_EQ(transaction.commit().status, DBOSC_OK);
  EXPECT_EQ(row_of("id").at("serialization"), "backwards");
  const auto prepared =
      client().call("prepare_enqueue", enqueue_request({{"serialization", "backwards"}}));
  EXPECT_NE(prepared.dump().find("backwards"), std::string::npos);
}

TEST_P(Serializers, AreKnownToTheirClientOnly) {
  const auto other = open(Json::object());
  EXPECT_EQ(other.refused("enqueue", enqueue_request({{"serialization", "backwards"}})).kind,
            "unsupported_serialization");
}

TEST_P(Serializers, MayNotTakeANameTwiceNorOneOfDbos) {
  for (const auto name : {"backwards", "portable_json", "py_pickle", "auto"}) {
    const auto failure = add(client(), name);
    EXPECT_EQ(failure.status, DBOSC_CONFLICT) << name;
    EXPECT_EQ(failure.kind, "serializer_exists") << name;
  }
  EXPECT_EQ(add(client(), "").kind, "invalid_value");
  EXPECT_EQ(add(client(), "\xff").kind, "invalid_value");
}

}  // namespace
}  // namespace dbosc::test
