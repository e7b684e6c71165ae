// Deadlines and cancels reach every place where a call can stand still, and what it says then is
// true.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <vector>

#include "faults/faults.h"

namespace dbosc::test {
namespace {

constexpr int kShort = 400;   // milliseconds: a deadline that is meant to pass
constexpr int kLong = 60000;  // one that is not

class Deadlines : public ProxyTest {
 protected:
  long workflows(const std::string& id) {
    return number("SELECT count(*) FROM dbos.workflow_status WHERE workflow_uuid = '" + id + "'");
  }
  /// Messages of one warm call. A workflow `one` is pending before each.
  int messages_of(const Client& client, const std::string& operation, const Json& request) {
    client.call(operation, request);
    make_pending();
    proxy_.reset_counts();
    client.call(operation, request);
    make_pending();
    return proxy_.counts().messages;
  }
  void make_pending() { worker_.update("one", {{"status", "PENDING"}}); }
  Worker worker_{database_};
};

Json with_timeout(Json request, int timeout_ms) {
  request["timeout_ms"] = timeout_ms;
  return request;
}

// --- Sent or not sent ---

TEST_F(Deadlines, AWriteThatWasSentEndsUnknownWithItsIds) {
  worker_.insert_workflow("one");
  const Json message{{"destination_id", "one"}, {"message", 1}};
  const std::vector<std::tuple<std::string, Json, std::string>> writes = {
      {"enqueue", new_workflow("mine"), "workflow_id"},
      {"enqueue", {{"workflow_name", "w"}, {"queue_name", "q"}}, "workflow_id"},
      {"send", message, "message_ids"},
      {"send_many", {{"messages", {message, message}}}, "message_ids"},
      {"cancel_workflows", {{"workflow_ids", {"one"}}}, "workflow_ids"},
      {"resume_workflows", {{"workflow_ids", {"one"}}}, "workflow_ids"}};
  for (const auto& [operation, request, key] : writes) {
    SCOPED_TRACE(operation);
    const auto client = open();
    const int last = messages_of(client, operation, request);
    proxy_.cut(last, Proxy::When::kAfter, true);
    const auto answer = Running(client, operation, with_timeout(request, kShort)).end();
    EXPECT_TRUE(proxy_.fired());
    EXPECT_EQ(answer.failure.status, DBOSC_OUTCOME_UNKNOWN) << answer.failure.details;
    EXPECT_EQ(answer.failure.kind, "outcome_unknown");
    ASSERT_TRUE(answer.failure.details.contains(key)) << answer.failure.details;
    EXPECT_FALSE(answer.failure.details[key].empty());
    EXPECT_EQ(answer.failure.details["retryable"], true);
    proxy_.heal();
    // The ids serve to find out.
    if (operation == "enqueue") {
      EXPECT_EQ(workflows(answer.failure.details[key]), 1);
    }
  }
}

TEST_F(Deadlines, AWriteThatWasNotSentChangesNothingAndSaysSo) {
  worker_.insert_workflow("one", {{"status", "ENQUEUED"}});
  const auto client = open({{"lazy", true}});
  proxy_.set_dead(true);
  const std::vector<std::pair<std::string, Json>> writes = {
      {"enqueue", new_workflow("never")},
      {"send", {{"destination_id", "one"}, {"message", 1}}},
      {"cancel_workflows", {{"workflow_ids", {"one"}}}}};
  for (const auto& [operation, request] : writes) {
    const auto answer = Running(client, operation, with_timeout(request, kShort)).end();
    EXPECT_TRUE(answer.failure.status == DBOSC_UNAVAILABLE ||
                answer.failure.status == DBOSC_TIMEOUT)
        << answer.failure.details;
  }
  proxy_.heal();
  EXPECT_EQ(workflows("never"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM dbos.notifications"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM dbos.workflow_status WHERE status = 'ENQUEUED'"), 1);
  client.call("enqueue", new_workflow("then"));
}

TEST_F(Deadlines, ALostAnswerStaysUnknownWhenTheRetryIsRefusedForAnotherReason) {
  // The first try commits; the next ones do not even get in, or are rolled back for somebody else.
  // Neither says anything about the first.
  auto& sql = database_.sql();
  const auto client = open();
  const int last = messages_of(client, "enqueue", new_workflow("warm"));
  proxy_.cut(last, Proxy::When::kAfter, true);
  Running call(client, "enqueue", with_timeout(new_workflow("mine"), 3000));
  ASSERT_TRUE(eventually([&] { return proxy_.fired() && proxy_.drained(); }));
  sql.rows(
      "CREATE FUNCTION dbos.refuse() RETURNS trigger LANGUAGE plpgsql AS"
      " $$BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END$$");
  sql.rows(
      "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON dbos.workflow_status"
      " FOR EACH ROW EXECUTE FUNCTION dbos.refuse()");
  proxy_.heal();
  const auto answer = call.end();
  EXPECT_EQ(workflows("mine"), 1);
  EXPECT_EQ(answer.failure.status, DBOSC_OUTCOME_UNKNOWN) << answer.failure.details;
}

TEST_F(Deadlines, ALostAnswerStaysUnknownWhenTheServerLetsNobodyInAnyMore) {
  const auto client = open();
  const int last = messages_of(client, "enqueue", new_workflow("warm"));
  const auto name = *database_.sql().value("SELECT current_database()");
  proxy_.cut(last, Proxy::When::kAfter, true);
  Running call(client, "enqueue", with_timeout(new_workflow("mine"), 3000));
  ASSERT_TRUE(eventually([&] { return proxy_.fired() && proxy_.drained(); }));
  auto admin = Sql::postgres(postgres_admin_url());
  // Renamed: whoever connects now is told that there is no such database.
  admin->rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", {name});
  ASSERT_TRUE(eventually([&] {
    return *admin->value("SELECT count(*) FROM pg_stat_activity WHERE datname = $1", {name}) == "0";
  }));
  admin->rows("ALTER DATABASE " + quoted_name(name) + " RENAME TO " + quoted_name(name + "_away"));
  proxy_.heal();
  const auto answer = call.end();
  admin->rows("ALTER DATABASE " + quoted_name(name + "_away") + " RENAME TO " + quoted_name(name));
  EXPECT_EQ(answer.failure.status, DBOSC_OUTCOME_UNKNOWN) << answer.failure.details;
}

TEST_F(Deadlines, ALostAnswerToCreateSystemDatabaseIsNotCalledUnchanged) {
  Database place(Backend::kPostgres, Database::Content::kNothing);
  auto config = through({{"lazy", true}});
  config["schema"] = place.schema();
  int k = 1;
  bool lost_commit = false;
  for (; k < 400; ++k) {
    const Client client(config);
    proxy_.cut(k, Proxy::When::kAfter);
    const auto answer = Running(client, "create_system_database", Json::object()).end(kBound);
    ASSERT_TRUE(eventually([&] { return proxy_.drained(); }));
    const bool made =
        *place.sql().value("SELECT count(*) FROM pg_tables WHERE schemaname = '" + place.schema() +
                           "' AND tablename = 'dbos_migrations'") == "1";
    if (!answer.ok() && answer.failure.status != DBOSC_OUTCOME_UNKNOWN) {
      EXPECT_FALSE(made) << "said: " << answer.failure.details << ", cut at message " << k;
    }
    EXPECT_TRUE(!answer.ok() || made);
    lost_commit |= proxy_.fired() && made;
    if (!proxy_.fired() || made) break;
  }
  EXPECT_TRUE(lost_commit);
}

// --- Places where a call can stand still ---

/// A socket that listens, and whose queue is full: a connect gets no answer.
class FullBacklog {
 public:
  FullBacklog() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 0), 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    for (auto& fd : waiting_) {
      fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      (void)::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
  }
  ~FullBacklog() {
    for (const int fd : waiting_) ::close(fd);
    ::close(listener_);
  }
  int port() const { return port_; }

 private:
  int listener_ = -1, port_ = 0;
  int waiting_[8];
};

/// Runs the call with a deadline that passes, and with a cancel once `standing` holds. `expected`:
/// the status of each, where the write cannot have been sent or nothing was written.
void expect_reached(const std::function<Client()>& client, const std::string& operation,
                    const Json& request, const std::function<void()>& arm,
                    const std::function<bool()>& standing, bool sent_write) {
  {
    const auto own = client();
    arm();
    const auto failure = Running(own, operation, with_timeout(request, kShort)).end().failure;
    EXPECT_EQ(failure.status, sent_write ? DBOSC_OUTCOME_UNKNOWN : DBOSC_TIMEOUT)
        << operation << failure.details;
  }
  {
    const auto own = client();
    const CancelPtr cancel(dbosc_cancel_new());
    arm();
    Running call(own, operation, with_timeout(request, kLong), cancel.get());
    EXPECT_TRUE(eventually(standing));
    EXPECT_FALSE(call.done());
    dbosc_cancel_trigger(cancel.get());
    const auto failure = call.end().failure;
    EXPECT_EQ(failure.status, sent_write ? DBOSC_OUTCOME_UNKNOWN : DBOSC_CANCELLED)
        << operation << failure.details;
  }
}

TEST_F(Deadlines, ReachAConnectWithAFullAcceptBacklog) {
  const FullBacklog backlog;
  auto config = through({{"lazy", true}});
  config["system_database_url"] = with_port(database_.url(), backlog.port());
  for (const char* operation : {"enqueue", "count_workflows", "check_connection"}) {
    const auto request =
        std::string(operation) == "enqueue" ? new_workflow("never") : Json::object();
    expect_reached([&] { return Client(config); }, operation, request, [] {}, [] { return true; },
                   false);
  }
}

TEST_F(Deadlines, ReachEveryStageOfAConnect) {
  const std::pair<Proxy::Stage, std::string> stages[] = {
      {Proxy::Stage::kAccept, "sslmode=disable"},
      {Proxy::Stage::kTls, "sslmode=require"},
      {Proxy::Stage::kAuthentication, "sslmode=disable"}};
  for (const auto& [stage, mode] : stages) {
    SCOPED_TRACE(mode + std::to_string(static_cast<int>(stage)));
    auto config = through({{"lazy", true}});
    config["system_database_url"] = with_parameter(with_port(database_.url(), proxy_.port()), mode);
    const auto arm = [&] {
      proxy_.heal();
      proxy_.reset_counts();
      proxy_.stall_new(stage);
    };
    const auto standing = [&] { return proxy_.counts().connections > 0; };
    expect_reached([&] { return Client(config); }, "enqueue", new_workflow("never"), arm, standing,
                   false);
    config["lazy"] = false;
    config["startup_timeout_ms"] = kShort;
    arm();
    const auto failure = Client::refused(config);
    EXPECT_EQ(failure.status, DBOSC_TIMEOUT) << failure.details;
  }
  EXPECT_EQ(workflows("never"), 0);
}

TEST_F(Deadlines, ReachAStalledStatement) {
  worker_.insert_workflow("one");
  const auto standing = [&] { return proxy_.fired(); };
  const std::vector<std::tuple<std::string, Json, bool>> calls = {
      {"get_workflow", {{"workflow_id", "one"}}, false},
      {"list_workflows", Json::object(), false},
      {"check_connection", Json::object(), false},
      {"enqueue", new_workflow("stalled"), true},
      {"send", {{"destination_id", "one"}, {"message", 1}}, true}};
  for (const auto& [operation, request, sent] : calls) {
    const auto client = [&] {
      auto warm = open();
      warm.call(operation, request);
      return warm;
    };
    // At the first message nothing has reached the server, which the client cannot know.
    const auto arm = [&] {
      proxy_.heal();
      proxy_.stall(1, Proxy::When::kBefore);
    };
    expect_reached(client, operation, request, arm, standing, sent);
  }
}

TEST_F(Deadlines, ReachAStalledCommitAndEveryStatementBefore) {
  worker_.insert_workflow("one");
  const Json request{{"workflow_ids", {"one"}}};
  const auto client = [&] {
    proxy_.heal();  // what stalled holds a lock
    auto warm = open();
    warm.call("resume_workflows", request);
    make_pending();
    return warm;
  };
  const auto counted = client();  // its end would be a flight, too
  const int last = messages_of(counted, "resume_workflows", request);
  const int before_commit = proxy_.counts().before_last_flight_up;
  ASSERT_GT(before_commit, 4);
  ASSERT_LT(before_commit, last);
  for (int k = 1; k <= last; ++k) {
    SCOPED_TRACE(k);
    const auto arm = [&] {
      proxy_.heal();
      proxy_.stall(k, Proxy::When::kBefore);
    };
    // Nothing of a transaction counts before its commit has been sent, which is with its last
    // statements.
    expect_reached(
        client, "resume_workflows", request, arm, [&] { return proxy_.fired(); },
        k > before_commit);
  }
}

TEST_F(Deadlines, AHostThatDoesNotExistIsNamed) {
  auto config = database_.config({{"startup_timeout_ms", kLong}});
  config["system_database_url"] = "postgresql://u:secret-word@no-such-host.invalid:5432/d";
  const auto failure = Client::refused(config);
  EXPECT_EQ(failure.status, DBOSC_UNAVAILABLE) << failure.details;
  EXPECT_EQ(failure.kind, "unknown_host");
  EXPECT_NE(failure.message.find("no-such-host.invalid"), std::string::npos);
  EXPECT_EQ(failure.details.dump().find("secret-word"), std::string::npos);
}

// --- What is left behind ---

TEST_F(Deadlines, AnInterruptedConnectionIsNotReusedAndItsStatementIsStopped) {
  const auto pids =
      "SELECT coalesce(string_agg(pid::text, ' ' ORDER BY pid), '') FROM pg_stat_activity"
      " WHERE datname = current_database() AND application_name = 'dbosc'";
  const auto client = database_.open({{"pool_size", 1}});
  client.call("check_connection");
  auto& sql = database_.sql();
  const auto before = *sql.value(pids);
  ASSERT_EQ(before.find(' '), std::string::npos);
  const auto lock = database_.another_sql();
  lock->rows("BEGIN");
  lock->rows("LOCK TABLE dbos.workflow_status IN ACCESS EXCLUSIVE MODE");
  const auto answer = Running(client, "enqueue", with_timeout(new_workflow("x"), kShort)).end();
  EXPECT_EQ(answer.failure.status, DBOSC_OUTCOME_UNKNOWN);
  // Nobody waits for the lock any more, though it is still held: the server was told.
  EXPECT_TRUE(eventually([&] { return *sql.value(pids) == ""; }));
  lock->rows("ROLLBACK");
  client.call("enqueue", new_workflow("y"));
  EXPECT_NE(*sql.value(pids), before);
  EXPECT_EQ(workflows("x"), 0);
  EXPECT_EQ(workflows("y"), 1);
}

}  // namespace
}  // namespace dbosc::test
