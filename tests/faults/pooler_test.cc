// Behind pgbouncer: what it loses, invents and drops must not show.
#include <libpq-fe.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "faults/faults.h"

namespace dbosc::test {
namespace {

int free_port() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  ::close(fd);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

/// A pgbouncer before the test server.
class Pooler {
 public:
  Pooler(const std::string& server_url, const std::string& mode, int size) : port_(free_port()) {
    const auto ini = (folder_ / "pgbouncer.ini").string();
    const auto user = server_url.substr(server_url.find("//") + 2);
    const auto password = user.substr(user.find(':') + 1, user.find('@') - user.find(':') - 1);
    std::ofstream(ini) << "[databases]\n* = host=127.0.0.1 port=" << port_of(server_url)
                       << " user=" << user.substr(0, user.find(':')) << " password=" << password
                       << "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port_
                       << "\nunix_socket_dir =\nauth_type = any\nadmin_users = admin\npool_mode = "
                       << mode << "\ndefault_pool_size = " << size
                       << "\nmax_client_conn = 200\nlogfile = " << (folder_ / "log").string()
                       << "\n";
    // It refuses to be root, and reads its file again on RELOAD as the user it becomes.
    const bool root = ::geteuid() == 0;
    if (root) ::chmod((folder_ / "").c_str(), 0777);
    process_ = ::fork();
    if (process_ == 0) {
      if (root) {
        ::execlp("pgbouncer", "pgbouncer", "-q", "-u", "postgres", ini.c_str(), nullptr);
      } else {
        ::execlp("pgbouncer", "pgbouncer", "-q", ini.c_str(), nullptr);
      }
      ::_exit(127);
    }
    EXPECT_TRUE(eventually([&] { return refusal_of("SHOW VERSION").empty(); }))
        << "pgbouncer is not there";
  }
  ~Pooler() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  int port() const { return port_; }
  void command(const std::string& sql) const {
    if (const auto why = refusal_of(sql); !why.empty()) {
      throw std::runtime_error("pgbouncer refused " + sql + ": " + why);
    }
  }

 private:
  /// Runs a command of the console; empty where it succeeds.
  std::string refusal_of(const std::string& sql) const {
    const auto info =
        "host=127.0.0.1 port=" + std::to_string(port_) + " dbname=pgbouncer user=admin";
    const std::unique_ptr<PGconn, void (*)(PGconn*)> console(PQconnectdb(info.c_str()), PQfinish);
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(console.get(), sql.c_str()),
                                                                PQclear);
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return {};
    return std::string("refused: ") + PQerrorMessage(console.get());
  }
  TemporaryFolder folder_;
  int port_;
  pid_t process_ = -1;
};

struct Mode {
  const char* name;
  int size;
};

// For the test's name.
void PrintTo(const Mode& mode, std::ostream* out) { *out << mode.name; }

class PoolerTest : public ::testing::TestWithParam<Mode> {
 protected:
  Client open(const Json& more = Json::object()) const {
    auto config = database_.config(more);
    config["system_database_url"] =
        with_parameter(with_port(database_.url(), pooler_.port()), "sslmode=disable");
    return Client(config);
  }
  std::string database_name() { return *database_.sql().value("SELECT current_database()"); }
  bool transaction_mode() const { return GetParam().name == std::string("transaction"); }

  /// Every operation once, each with its effect seen.
  void tell_the_story(const Client& client, const std::string& id) {
    EXPECT_EQ(client.call("enqueue", new_workflow(id))["outcome"], "created");
    EXPECT_EQ(client.call("enqueue", new_workflow(id))["outcome"], "existing");
    EXPECT_EQ(client.call("get_workflow", {{"workflow_id", id}})["workflow"]["status"], "ENQUEUED");
    EXPECT_EQ(client.call("list_workflows", {{"workflow_ids", {id}}})["workflows"].size(), 1u);
    client.call("send", {{"destination_id", id}, {"message", 1}});
    const Json forked{{"destination_id", id}, {"message", 2}, {"send_to_forks", true}};
    client.call("send_many", {{"messages", {forked, forked}}});
    const Json ids{{"workflow_ids", {id}}};
    EXPECT_EQ(client.call("cancel_workflows", ids)["outcomes"][0]["outcome"], "cancelled");
    EXPECT_EQ(client.call("resume_workflows", ids)["outcomes"][0]["outcome"], "resumed");
    client.call("check_connection");
    client.call("get_schema_version");
    client.call("list_workflow_steps", {{"workflow_id", id}});
    worker_.succeed(id, "42");
    EXPECT_EQ(client.call("get_result", {{"workflow_id", id}})["result"], 42);
    EXPECT_EQ(*database_.sql().value(
                  "SELECT count(*) FROM dbos.notifications WHERE destination_uuid = $1", {id}),
              "3");
  }

  Database database_{Backend::kPostgres};
  Pooler pooler_{database_.url(), GetParam().name, GetParam().size};
  Worker worker_{database_};
};

TEST_P(PoolerTest, TheWholeStoryWorksForSeveralClientsAtOnce) {
  // The second finds the first one's statements prepared on the link they share.
  const auto first = open();
  tell_the_story(first, "a");
  const auto second = open();
  const auto third = open();
  for (int i = 0; i < 3; ++i) {
    int n = 0;
    for (const auto* client : {&first, &second, &third}) {
      tell_the_story(*client, "b" + std::to_string(i) + std::to_string(++n));
    }
  }
}

TEST_P(PoolerTest, ANewClientOpensThoughItsStatementsAreThereAlready) {
  // Whoever prepared them: the names are made of the statements.
  for (int i = 0; i < 5; ++i) {
    const auto client = open();
    client.call("check_connection");
    const auto lazy = open({{"lazy", true}});
    lazy.call("check_connection");
    EXPECT_EQ(lazy.call("enqueue", new_workflow("n" + std::to_string(i)))["outcome"], "created");
    client.call("count_workflows");
  }
}

TEST_P(PoolerTest, TheDoctorTellsOfThePooler) {
  const auto client = open();
  const auto details = [&](const std::string& name) {
    const auto reply = client.call("doctor");
    EXPECT_TRUE(reply.at("healthy")) << reply.dump(1);
    for (const auto& check : reply.at("checks")) {
      if (check.at("name") == name) return check.at("details");
    }
    return Json::object();
  };
  const auto* mode = transaction_mode() ? "transaction" : "unknown";
  EXPECT_TRUE(eventually([&] { return details("pooler").value("mode", "") == mode; }));
  EXPECT_EQ(details("notifications").value("listen", true), false);
}

TEST_P(PoolerTest, ManyThreadsShareTheLinks) {
  const auto client = open({{"pool_size", 4}});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        const auto id = std::to_string(t) + "-" + std::to_string(i);
        const auto answer = client.try_call("enqueue", new_workflow(id));
        EXPECT_TRUE(answer.ok()) << answer.failure.details;
        const auto cancelled = client.try_call("cancel_workflows", Json{{"workflow_ids", {id}}});
        EXPECT_TRUE(cancelled.ok()) << cancelled.failure.details;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(*database_.sql().value(
                "SELECT count(*) FROM dbos.workflow_status WHERE status = 'CANCELLED'"),
            "40");
}

TEST_P(PoolerTest, WaitsEndAndEventsArriveByPolling) {
  const auto client = open({{"poll_interval_ms", 100}});
  worker_.insert_workflow("one");
  Running result(client, "get_result", {{"workflow_id", "one"}});
  Running event(client, "get_event",
                {{"workflow_id", "one"}, {"key", "k"}, {"timeout_ms", 120000}});
  ASSERT_TRUE(eventually([&] {
    return *database_.sql().value(
               "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%ANY ($%'"
               " AND datname = current_database() AND pid <> pg_backend_pid()") != "0";
  }));
  worker_.set_event("one", "k", "7");
  const auto value = event.end(kBound);
  EXPECT_EQ(value.reply["value"], 7) << value.failure.details;
  worker_.succeed("one", "42");
  const auto answer = result.end(kBound);
  EXPECT_EQ(answer.reply["result"], 42) << answer.failure.details;
}

TEST_P(PoolerTest, AClientSurvivesReloadReconnectKillAndResume) {
  const auto client = open();
  worker_.insert_workflow("awaited");
  Running wait(client, "get_result", {{"workflow_id", "awaited"}});
  tell_the_story(client, "start");
  const auto name = database_name();
  int n = 0;
  for (int i = 0; i < 3; ++i) {
    for (const auto& command :
         {std::string("RELOAD"), "RECONNECT " + name, "KILL " + name + ";RESUME " + name}) {
      SCOPED_TRACE(command);
      for (std::size_t at = 0; at < command.size();) {
        const auto end = std::min(command.find(';', at), command.size());
        pooler_.command(command.substr(at, end - at));
        at = end + 1;
      }
      tell_the_story(client, "id" + std::to_string(++n));
    }
  }
  worker_.succeed("awaited", "42");
  const auto answer = wait.end(kBound);
  EXPECT_EQ(answer.reply["result"], 42) << answer.failure.details;
}

TEST_P(PoolerTest, ACancelStopsTheStatementOnTheServer) {
  const auto client = open();
  client.call("check_connection");
  const auto lock = database_.another_sql();
  lock->rows("BEGIN");
  lock->rows("LOCK TABLE dbos.workflow_status IN ACCESS EXCLUSIVE MODE");
  auto request = new_workflow("x");
  request["timeout_ms"] = 400;
  EXPECT_EQ(Running(client, "enqueue", request).end().failure.status, DBOSC_OUTCOME_UNKNOWN);
  EXPECT_TRUE(eventually([&] { return database_.waiting_for_locks() == 0; }));
  lock->rows("ROLLBACK");
  client.call("enqueue", new_workflow("y"));
}

INSTANTIATE_TEST_SUITE_P(Modes, PoolerTest,
                         ::testing::Values(Mode{"transaction", 1}, Mode{"session", 20}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace dbosc::test
