#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "base/file_descriptor.h"
#include "expect_error.h"
#include "sql/postgres/connection.h"
#include "sql/postgres/errors.h"

namespace dbosc::sql::postgres {
namespace {

TEST(PostgresErrors, FollowTheTableOfSqlstates) {
  struct Case {
    const char* sqlstate;
    Code code;
    const char* kind;
    Retry retry;
  };
  for (const auto& [sqlstate, code, kind, retry] : {
           Case{"08006", Code::kUnavailable, "connection_failed", Retry::kReconnect},
           Case{"57P01", Code::kUnavailable, "server_shutdown", Retry::kReconnect},
           Case{"57P02", Code::kUnavailable, "server_shutdown", Retry::kReconnect},
           Case{"57P03", Code::kUnavailable, "server_starting", Retry::kReconnect},
           Case{"57P05", Code::kUnavailable, "idle_session_timeout", Retry::kReconnect},
           Case{"25P03", Code::kUnavailable, "idle_transaction_timeout", Retry::kReconnect},
           Case{"25006", Code::kUnavailable, "read_only", Retry::kReconnect},
           Case{"53300", Code::kUnavailable, "too_many_connections", Retry::kReconnect},
           Case{"53100", Code::kUnavailable, "server_out_of_resources", Retry::kReconnect},
           Case{"40001", Code::kDatabase, "serialization_failure", Retry::kAtOnce},
           Case{"40P01", Code::kDatabase, "serialization_failure", Retry::kAtOnce},
           Case{"26000", Code::kDatabase, "prepared_statement_lost", Retry::kAtOnce},
           Case{"42P05", Code::kDatabase, "prepared_statement_lost", Retry::kAtOnce},
           Case{"57014", Code::kTimeout, "query_timeout", Retry::kNever},
           Case{"55P03", Code::kDatabase, "lock_not_available", Retry::kNever},
           Case{"23505", Code::kConflict, "unique_violation", Retry::kNever},
           Case{"23503", Code::kNotFound, "foreign_key_violation", Retry::kNever},
           Case{"28P01", Code::kUnavailable, "authentication_failed", Retry::kNever},
           Case{"28000", Code::kUnavailable, "authentication_failed", Retry::kNever},
           Case{"3D000", Code::kNotFound, "database_missing", Retry::kNever},
           Case{"42501", Code::kDatabase, "missing_grant", Retry::kNever},
           Case{"42P01", Code::kUnsupported, "schema_changed", Retry::kNever},
           Case{"42703", Code::kUnsupported, "schema_changed", Retry::kNever},
           Case{"54000", Code::kInvalidArgument, "too_large", Retry::kNever},
           Case{"22001", Code::kInvalidArgument, "invalid_value", Retry::kNever},
           Case{"XX000", Code::kDatabase, "database_error", Retry::kNever},
           Case{"", Code::kDatabase, "database_error", Retry::kNever},
       }) {
    const auto error = error_of_sqlstate(sqlstate, "words");
    EXPECT_EQ(error.code, code) << sqlstate;
    EXPECT_EQ(error.kind, kind) << sqlstate;
    EXPECT_EQ(error.retry, retry) << sqlstate;
    EXPECT_EQ(detail(error, "sqlstate"), sqlstate);
    EXPECT_EQ(error.message, "words");
  }
}

/// A server on loopback that refuses whoever comes, with one ErrorResponse.
class RefusingServer {
 public:
  explicit RefusingServer(std::string sqlstate, std::string message)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_.get(), 8), 0);
    EXPECT_EQ(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    std::string fields;
    for (const std::string& field :
         {std::string("SFATAL"), "C" + sqlstate, "M" + message, std::string("Fauth.c"),
          std::string("L1"), std::string("Rfail")}) {
      fields.append(field).push_back('\0');
    }
    fields.push_back('\0');
    const std::uint32_t length = htonl(static_cast<std::uint32_t>(fields.size() + 4));
    answer_ = "E" + std::string(reinterpret_cast<const char*>(&length), 4) + fields;
    thread_ = std::thread([this] { serve(); });
  }
  ~RefusingServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  int port() const { return port_; }

 private:
  void serve() {
    for (;;) {
      const FileDescriptor peer(::accept(listener_.get(), nullptr, nullptr));
      if (peer.get() < 0) return;
      char startup[1024];
      if (::read(peer.get(), startup, sizeof startup) <= 0) continue;
      if (::write(peer.get(), answer_.data(), answer_.size()) < 0) continue;
      ::shutdown(peer.get(), SHUT_WR);
      while (::read(peer.get(), startup, sizeof startup) > 0) {
      }
    }
  }

  FileDescriptor listener_;
  int port_ = 0;
  std::string answer_;
  std::thread thread_;
};

Error refused_by(const RefusingServer& server) {
  auto settings = std::make_shared<Settings>();
  settings->conninfo = ConnInfo::parse(
      "host=127.0.0.1 sslmode=disable gssencmode=disable user=u password=hidden-word dbname=d "
      "port=" +
      std::to_string(server.port()));
  const Limits limits{Deadline::in(milliseconds(30000)), nullptr, nullptr};
  return error_of([&] { Connection::connect(settings, limits); });
}

TEST(PostgresErrors, FindTheSqlstateOfARefusedConnection) {
  struct Case {
    const char* sqlstate;
    const char* kind;
    Code code;
  };
  for (const auto& [sqlstate, kind, code] :
       {Case{"28P01", "authentication_failed", Code::kUnavailable},
        Case{"3D000", "database_missing", Code::kNotFound},
        Case{"53300", "too_many_connections", Code::kUnavailable},
        Case{"57P03", "server_starting", Code::kUnavailable}}) {
    const RefusingServer server(sqlstate, "words: with  colons:  28P01 inside");
    const auto error = refused_by(server);
    EXPECT_EQ(error.kind, kind) << error.message;
    EXPECT_EQ(error.code, code);
    EXPECT_EQ(detail(error, "sqlstate"), sqlstate);
    EXPECT_THAT(error.message, ::testing::HasSubstr("with  colons"));
    EXPECT_THAT(error.message, ::testing::Not(::testing::HasSubstr("LOCATION")));
    EXPECT_THAT(error.message, ::testing::Not(::testing::HasSubstr("hidden")));
  }
}

}  // namespace
}  // namespace dbosc::sql::postgres
