#include <future>

#include "contract/contract.h"

// Deadlines, cancels and shutdown, and the calls that carry them.

namespace dbosc::test {
namespace {

DBOSC_CONTRACT(CallLimits);

TEST_P(CallLimits, EndACallThatWaitsForALockAndLeaveNothing) {
  client().call("check_connection");
  WriteLock lock(database());
  const auto failure = client().refused("enqueue", enqueue_request({{"timeout_ms", 100}}));
  EXPECT_THAT(failure.status, ::testing::AnyOf(DBOSC_TIMEOUT, DBOSC_OUTCOME_UNKNOWN));
  lock.release();
  if (failure.status == DBOSC_OUTCOME_UNKNOWN) {
    EXPECT_THAT(failure.detail("workflow_id"), ::testing::Not(::testing::IsEmpty()));
    EXPECT_EQ(failure.details.at("retryable"), true);
  } else {
    EXPECT_EQ(count("workflow_status"), 0);
  }
  EXPECT_NO_THROW(enqueue()) << "the client is of use afterwards";
}

TEST_P(CallLimits, EndACallByItsCancelToken) {
  client().call("check_connection");
  WriteLock lock(database());
  const CancelPtr cancel(dbosc_cancel_new());
  auto running = std::async(std::launch::async, [&cancel, &client = client()] {
    return client.try_call("count_workflows", Json::object(), cancel.get());
  });
  dbosc_cancel_trigger(cancel.get());
  EXPECT_EQ(running.get().failure.status, DBOSC_CANCELLED);
  lock.release();
  EXPECT_EQ(client().call("count_workflows").at("count"), 0);
  EXPECT_EQ(client().try_call("enqueue", enqueue_request(), cancel.get()).failure.kind,
            "cancelled");
  EXPECT_EQ(count("workflow_status"), 0) << "a triggered token starts nothing";
}

TEST_P(CallLimits, CapAListingThatIsNotById) {
  const auto client = open({{"observability_query_timeout_ms", 60}});
  enqueue({{"workflow_id", "id"}});
  WriteLock lock(database());
  for (const std::string operation :
       {"list_workflows", "count_workflows", "list_queued_workflows"}) {
    const auto failure = client.refused(operation, Json::object());
    EXPECT_EQ(failure.status, DBOSC_TIMEOUT) << operation;
    EXPECT_EQ(failure.kind, "query_timeout");
  }
  EXPECT_EQ(client.refused("list_workflows", {{"timeout_ms", 30}}).kind, "timeout")
      << "the call's own deadline came first";
}

TEST_P(CallLimits, DoNotCapALookById) {
  const auto client = open({{"observability_query_timeout_ms", 1}});
  enqueue({{"workflow_id", "id"}});
  auto lock = std::make_unique<WriteLock>(database());
  auto looking = std::async(std::launch::async, [&] {
    return client.try_call("list_workflows", {{"workflow_ids", {"id"}}});
  });
  // Longer than the cap: a second client's own deadline measures it.
  EXPECT_EQ(this->client().refused("count_workflows", {{"timeout_ms", 50}}).status, DBOSC_TIMEOUT);
  lock->release();
  EXPECT_TRUE(looking.get().ok());
}

TEST_P(CallLimits, WaitForAPlaceInThePool) {
  const auto client = open({{"pool_size", 1}});
  client.call("check_connection");
  WriteLock lock(database());
  auto first = std::async(std::launch::async,
                          [&] { return client.try_call("count_workflows", Json::object()); });
  if (postgres()) {
    ASSERT_TRUE(eventually([&] { return database().waiting_for_locks() == 1; }));
    EXPECT_EQ(client.refused("check_connection", {{"timeout_ms", 50}}).kind, "timeout");
  }
  lock.release();
  EXPECT_TRUE(first.get().ok());
}

TEST_P(CallLimits, EndATransactionThatStandsStill) {
  if (!postgres()) GTEST_SKIP() << "SQLite has no server that could end a transaction";
  const auto client = open({{"idle_transaction_timeout_ms", 20}});
  const auto transaction = client.begin();
  EXPECT_TRUE(eventually([&] {
    return sql().value(
               "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'dbosc'"
               " AND state = 'idle in transaction' AND datname = current_database()") == "0";
  }));
  const auto failure = transaction.refused("enqueue", enqueue_request());
  EXPECT_EQ(failure.status, DBOSC_UNAVAILABLE) << failure.details;
  EXPECT_EQ(count("workflow_status"), 0);
}

TEST_P(CallLimits, EndRunningCallsWhenTheClientIsShutDown) {
  client().call("check_connection");
  WriteLock lock(database());
  auto running = std::async(std::launch::async, [&client = client()] {
    return client.try_call("count_workflows", Json::object());
  });
  EXPECT_EQ(dbosc_client_shutdown(client().get(), INT64_MAX, nullptr), DBOSC_OK);
  EXPECT_EQ(running.get().failure.kind, "closed");
}

TEST_P(CallLimits, HoldForAHandle) {
  dbosc_workflow* raw = nullptr;
  dbosc_error* error = nullptr;
  const auto request = enqueue_request({{"args", {1}}}).dump();
  ASSERT_EQ(dbosc_workflow_enqueue(client().get(), request.c_str(), nullptr, &raw, &error), 0);
  const WorkflowPtr workflow(raw);
  const std::string id = dbosc_workflow_id(raw);
  const auto call = [&](auto function, const char* keys) {
    char* reply = nullptr;
    dbosc_error* failure = nullptr;
    const int status = function(workflow.get(), keys, nullptr, &reply, &failure);
    return take_answer(status, reply, failure);
  };
  EXPECT_EQ(call(dbosc_workflow_get_status, nullptr).reply.at("workflow").at("status"), "ENQUEUED");
  EXPECT_EQ(call(dbosc_workflow_get_result, R"({"timeout_ms":0})").failure.status, DBOSC_TIMEOUT);
  EXPECT_EQ(call(dbosc_workflow_cancel, R"({"cancel_children":true})").reply.at("outcomes")[0],
            Json({{"workflow_id", id}, {"outcome", "cancelled"}}));
  EXPECT_EQ(call(dbosc_workflow_resume, R"({"queue_name":"x"})").reply.at("outcomes")[0],
            Json({{"workflow_id", id}, {"outcome", "resumed"}}));
  EXPECT_EQ(call(dbosc_workflow_get_result, R"({"workflow_id":"other"})").failure.kind,
            "repeated_key");
  EXPECT_EQ(call(dbosc_workflow_get_result, "[]").failure.kind, "wrong_type");
  worker().succeed(id, "7");
  EXPECT_EQ(call(dbosc_workflow_get_result, "{}").reply, Json({{"result", 7}}));
  sql().rows("DELETE FROM dbos.workflow_status");
  EXPECT_EQ(call(dbosc_workflow_get_status, nullptr).failure.kind, "non_existent_workflow");
}

TEST_P(CallLimits, HoldForAWorkflowThatIsRetrieved) {
  enqueue({{"workflow_id", "id"}});
  dbosc_workflow* raw = nullptr;
  ASSERT_EQ(dbosc_workflow_retrieve(client().get(), "id", nullptr, &raw, nullptr), DBOSC_OK);
  const WorkflowPtr workflow(raw);
  EXPECT_STREQ(dbosc_workflow_id(raw), "id");
  dbosc_workflow* none = raw;
  dbosc_error* error = nullptr;
  const int status = dbosc_workflow_retrieve(client().get(), "none", nullptr, &none, &error);
  EXPECT_EQ(none, nullptr);
  const auto failure = take_failure(status, error);
  EXPECT_EQ(failure.status, DBOSC_NOT_FOUND);
  EXPECT_EQ(failure.kind, "non_existent_workflow");
  EXPECT_EQ(failure.detail("workflow_id"), "none");
}

}  // namespace
}  // namespace dbosc::test
