#include <future>
#include <thread>
#include <vector>

#include "contract/contract.h"

// Waiting for the end of a workflow.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(GetResult);

using ::testing::HasSubstr;

std::future<Answer> async_call(const Client& client, const std::string& operation, Json request,
                               dbosc_cancel* cancel = nullptr) {
  request.emplace("timeout_ms", 60000);  // a wait that nobody wakes fails, it does not hang
  return std::async(std::launch::async, [&client, operation, request, cancel] {
    return client.try_call(operation, request, cancel);
  });
}

TEST_P(GetResult, ReturnsWhatTheWorkflowReturned) {
  int n = 0;
  for (const auto place : {Place::kNew, Place::kOld}) {
    for (const std::string output : {"null", "1", R"({"a":[1,2]})", R"("text")", "false"}) {
      const auto id = std::to_string(n++);
      worker().insert_workflow(id);
      worker().succeed(id, output, place);
      EXPECT_EQ(client().call("get_result", {{"workflow_id", id}}),
                Json({{"result", Json::parse(output)}}));
    }
  }
}

TEST_P(GetResult, ReturnsNullForAWorkflowWithoutOutput) {
  worker().insert_workflow("id", {{"status", "SUCCESS"}});
  EXPECT_EQ(client().call("get_result", {{"workflow_id", "id"}}).at("result"), nullptr);
}

TEST_P(GetResult, TellsTheWorkflowsOwnError) {
  int n = 0;
  for (const auto place : {Place::kNew, Place::kOld}) {
    const auto id = "id" + std::to_string(n++);
    worker().insert_workflow(id);
    worker().fail(id, R"({"name":"ValueError","message":"no \"good\"","code":7,"data":{"a":[1]}})",
                  place);
    const auto failure = client().refused("get_result", {{"workflow_id", id}});
    EXPECT_EQ(failure.status, DBOSC_WORKFLOW_FAILED);
    EXPECT_EQ(failure.kind, "workflow_failed");
    EXPECT_EQ(failure.detail("workflow_id"), id);
    EXPECT_EQ(failure.details.at("workflow_error"), Json({{"name", "ValueError"},
                                                          {"message", "no \"good\""},
                                                          {"code", 7},
                                                          {"data", {{"a", {1}}}},
                                                          {"serialization", "portable_json"}}));
    EXPECT_THAT(failure.message, HasSubstr("ValueError: no \"good\""));
    EXPECT_EQ(failure.details.at("retryable"), false);
  }
}

TEST_P(GetResult, TellsAnErrorOfEveryShape) {
  struct Case {
    Value serialization, stored;
    Json error;
  };
  const auto portable = [](Json name, Json message, Json data) {
    return Json{{"name", name},
                {"message", message},
                {"code", nullptr},
                {"data", data},
                {"serialization", "portable_json"}};
  };
  int n = 0;
  for (const auto& [serialization, stored, error] :
       {Case{"portable_json", R"({"name":"E","message":null,"code":null,"data":null})",
             portable("E", nullptr, nullptr)},
        Case{"portable_json", R"({"name":"E","message":"m"})", portable("E", "m", nullptr)},
        Case{"portable_json", "{}", portable(nullptr, nullptr, nullptr)},
        Case{"portable_json", R"({"Application":{"x":1}})",
             portable(nullptr, nullptr, {{"Application", {{"x", 1}}}})},
        Case{"portable_json", R"("text")", portable(nullptr, nullptr, "text")},
        Case{"portable_json", "", {{"$raw", ""}, {"serialization", "portable_json"}}},
        Case{"DBOS_JSON",
             "plain message",
             {{"name", nullptr},
              {"message", "plain message"},
              {"code", nullptr},
              {"data", nullptr},
              {"serialization", "DBOS_JSON"}}},
        Case{"py_pickle", "gASV", {{"$raw", "gASV"}, {"serialization", "py_pickle"}}},
        Case{"portable_json", std::nullopt, nullptr}}) {
    const auto id = std::to_string(n++);
    SCOPED_TRACE(stored.value_or("NULL"));
    worker().insert_workflow(id, {{"serialization", serialization}});
    worker().fail(id, stored);
    const auto failure = client().refused("get_result", {{"workflow_id", id}});
    EXPECT_EQ(failure.kind, "workflow_failed");
    EXPECT_EQ(failure.details.at("workflow_error"), error);
    EXPECT_EQ(workflow(id).at("error"), error);
  }
}

TEST_P(GetResult, GoesByTheStatusWhereGoFilledBothColumns) {
  worker().insert_workflow("good", {{"output", "1"}, {"error", ""}, {"status", "SUCCESS"}});
  worker().insert_workflow("bad", {{"output", "null"}, {"error", ""}, {"status", "ERROR"}});
  EXPECT_EQ(client().call("get_result", {{"workflow_id", "good"}}).at("result"), 1);
  EXPECT_EQ(client().refused("get_result", {{"workflow_id", "bad"}}).status, DBOSC_WORKFLOW_FAILED);
  EXPECT_EQ(workflow("good").at("error"), nullptr);
  EXPECT_EQ(workflow("bad").at("output"), nullptr);
}

TEST_P(GetResult, TellsACancelledWorkflow) {
  worker().insert_workflow("id", {{"status", "CANCELLED"}});
  const auto failure = client().refused("get_result", {{"workflow_id", "id"}});
  EXPECT_EQ(failure.status, DBOSC_WORKFLOW_CANCELLED);
  EXPECT_EQ(failure.kind, "awaited_workflow_cancelled");
  EXPECT_EQ(failure.detail("workflow_id"), "id");
}

TEST_P(GetResult, TellsAWorkflowThatWasGivenUp) {
  worker().insert_workflow("id", {{"status", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}});
  const auto failure = client().refused("get_result", {{"workflow_id", "id"}});
  EXPECT_EQ(failure.status, DBOSC_WORKFLOW_FAILED);
  EXPECT_EQ(failure.kind, "max_recovery_attempts_exceeded");
  EXPECT_EQ(failure.detail("workflow_id"), "id");
}

TEST_P(GetResult, TimesOutForWhatIsNotOver) {
  for (const std::string status : {"ENQUEUED", "DELAYED", "PENDING", "SOME_FUTURE_STATUS"}) {
    worker().insert_workflow(status, {{"status", status}});
    const auto failure =
        client().refused("get_result", {{"workflow_id", status}, {"timeout_ms", 20}});
    EXPECT_EQ(failure.status, DBOSC_TIMEOUT) << status;
    EXPECT_EQ(failure.kind, "timeout");
  }
  EXPECT_EQ(client().refused("get_result", {{"workflow_id", "none"}, {"timeout_ms", 0}}).status,
            DBOSC_TIMEOUT);
}

TEST_P(GetResult, OnlyLooksWithATimeoutOfZero) {
  worker().insert_workflow("id");
  worker().succeed("id", "5");
  EXPECT_EQ(client().call("get_result", {{"workflow_id", "id"}, {"timeout_ms", 0}}).at("result"),
            5);
}

TEST_P(GetResult, BringsAResultThatArrivesWhileItWaits) {
  for (const auto place : {Place::kNew, Place::kOld}) {
    const auto id = enqueue();
    auto waiting = async_call(client(), "get_result", {{"workflow_id", id}});
    worker().succeed(id, "\"arrived\"", place);
    EXPECT_EQ(waiting.get().reply, Json({{"result", "arrived"}}));
  }
}

TEST_P(GetResult, BringsAFailureThatArrivesWhileItWaits) {
  const auto failed = enqueue(), cancelled = enqueue();
  auto first = async_call(client(), "get_result", {{"workflow_id", failed}});
  auto second = async_call(client(), "get_result", {{"workflow_id", cancelled}});
  worker().fail(failed, R"({"name":"E","message":"m"})");
  client().call("cancel_workflows", {{"workflow_ids", {cancelled}}});
  EXPECT_EQ(first.get().failure.details.at("workflow_error").at("name"), "E");
  EXPECT_EQ(second.get().failure.status, DBOSC_WORKFLOW_CANCELLED);
}

TEST_P(GetResult, WaitsForAWorkflowThatIsNotThereYet) {
  auto waiting = async_call(client(), "get_result", {{"workflow_id", "later"}});
  worker().insert_workflow("later");
  worker().succeed("later", "1");
  EXPECT_EQ(waiting.get().reply, Json({{"result", 1}}));
}

TEST_P(GetResult, IsStillAwaitedWhenThePlanOfItsLooksWasMadeAnew) {
  auto waiting = async_call(client(), "get_result", {{"workflow_id", "later"}});
  const auto looks = [&] {
    return client().call("client_stats", Json::object()).at("waits").at("queries").get<int>();
  };
  ASSERT_TRUE(eventually([&] { return looks() > 210; }));
  enqueue({{"workflow_id", "later"}});
  worker().succeed("later", "7");
  EXPECT_EQ(waiting.get().reply.at("result"), 7);
}

TEST_P(GetResult, GoesOnWaitingForAResumedWorkflow) {
  worker().insert_workflow("id", {{"status", "CANCELLED"}});
  EXPECT_EQ(client().refused("get_result", {{"workflow_id", "id"}}).status,
            DBOSC_WORKFLOW_CANCELLED);
  client().call("resume_workflows", {{"workflow_ids", {"id"}}});
  auto waiting = async_call(client(), "get_result", {{"workflow_id", "id"}});
  worker().succeed("id", "2");
  EXPECT_EQ(waiting.get().reply, Json({{"result", 2}}));
}

TEST_P(GetResult, ServesTwoHundredWaitersOverOneConnectionMore) {
  constexpr int kWaiters = 200;
  const auto client = open({{"pool_size", 2}, {"poll_interval_ms", 20}});
  for (int i = 0; i < kWaiters; ++i) worker().insert_workflow(std::to_string(i));
  std::vector<std::future<Answer>> waiting;
  for (int i = 0; i < kWaiters; ++i) {
    // Some ids have two waiters.
    waiting.push_back(
        async_call(client, "get_result", {{"workflow_id", std::to_string(i / 2 * 2)}}));
  }
  // Other calls go on while all wait.
  EXPECT_EQ(client.call("count_workflows").at("count"), kWaiters);
  if (postgres()) {
    EXPECT_LE(std::stoi(*sql().value("SELECT count(*) FROM pg_stat_activity"
                                     " WHERE datname = current_database()"
                                     " AND application_name = 'dbosc'")),
              3)
        << "the pool's two, and one that asks for all waiters";
  }
  for (int i = 0; i < kWaiters; i += 2) worker().succeed(std::to_string(i), std::to_string(i));
  for (int i = 0; i < kWaiters; ++i) {
    EXPECT_EQ(waiting[static_cast<std::size_t>(i)].get().reply, Json({{"result", i / 2 * 2}}));
  }
}

TEST_P(GetResult, EndsAtOnceWhenCancelled) {
  const auto id = enqueue();
  const CancelPtr cancel(dbosc_cancel_new());
  auto waiting = async_call(client(), "get_result", {{"workflow_id", id}}, cancel.get());
  dbosc_cancel_trigger(cancel.get());
  EXPECT_EQ(waiting.get().failure.status, DBOSC_CANCELLED);
  EXPECT_EQ(client().try_call("get_result", {{"workflow_id", id}}, cancel.get()).failure.kind,
            "cancelled")
      << "a token is sticky";
  EXPECT_EQ(workflow(id).at("status"), "ENQUEUED") << "only the wait is cancelled";
}

TEST_P(GetResult, EndsWithClosedWhenTheClientIsShutDown) {
  const auto id = enqueue();
  std::vector<std::future<Answer>> waiting;
  for (int i = 0; i < 8; ++i) {
    waiting.push_back(async_call(client(), "get_result", {{"workflow_id", id}}));
    waiting.push_back(async_call(client(), "get_event", {{"workflow_id", id}, {"key", "k"}}));
  }
  dbosc_error* error = nullptr;
  ASSERT_EQ(dbosc_client_shutdown(client().get(), 30000, &error), DBOSC_OK);
  for (auto& one : waiting) {
    const auto failure = one.get().failure;
    EXPECT_EQ(failure.status, DBOSC_INVALID_STATE);
    EXPECT_EQ(failure.kind, "closed");
  }
  EXPECT_EQ(client().refused("enqueue", enqueue_request()).kind, "closed");
  EXPECT_EQ(dbosc_client_shutdown(client().get(), 0, nullptr), DBOSC_OK) << "a second time";
}

TEST_P(GetResult, RefusesARequestWithoutAnId) {
  EXPECT_EQ(client().refused("get_result", Json::object()).kind, "missing_key");
  EXPECT_EQ(client().refused("get_result", {{"workflow_id", ""}}).kind, "empty_value");
  EXPECT_EQ(client().refused("get_result", {{"workflow_id", "x"}, {"timeout_ms", -1}}).kind,
            "out_of_range");
}

}  // namespace
}  // namespace dbosc::test
