#include <poll.h>

#include <cstdlib>
#include <new>

#include "sql/postgres/connection.h"
#include "sql/postgres/errors.h"

// How a connection of ours comes to be: one target after the other, within the limits.

namespace dbosc::sql::postgres {
namespace {

/// What one of `left` targets may take: its connect_timeout, or an equal part of the time that is
/// left.
Limits share_of(const Limits& limits, const ConnInfo& target, std::size_t left) {
  const auto seconds = std::strtoll(target.get("connect_timeout").c_str(), nullptr, 10);
  if (seconds > 0) return limits.until(Deadline::in(std::chrono::seconds(seconds)));
  if (left == 1 || limits.deadline.is_never()) return limits;
  return limits.until(
      Deadline::in(milliseconds(limits.deadline.poll_timeout() / static_cast<int>(left))));
}

}  // namespace

std::unique_ptr<Session> Connection::connect(std::shared_ptr<Settings> settings,
                                             const Limits& limits) {
  std::unique_ptr<Connection> connection(new Connection(std::move(settings), limits));
  connection->open();
  return connection;
}

void Connection::open() {
  const auto targets = settings_->conninfo.targets(limits_);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    try {
      open_target(targets[i], share_of(limits_, targets[i], targets.size() - i));
      return;
    } catch (Error& error) {
      // A refused password is refused by all of them; a host that is away is not the last word.
      const bool last = i + 1 == targets.size();
      if (last || error.retry != Retry::kReconnect || limits_.stopped()) throw;
    }
  }
}

void Connection::open_target(const ConnInfo& info, const Limits& limits) {
  std::vector<const char*> keywords, values;
  for (const auto& [keyword, value] : info.parameters()) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  connection_.reset(PQconnectStartParams(keywords.data(), values.data(), 0));
  if (!connection_) throw std::bad_alloc();
  // Only the verbose form of a refusal carries its SQLSTATE.
  PQsetErrorVerbosity(connection_.get(), PQERRORS_VERBOSE);
  PQsetNoticeReceiver(
      connection_.get(), [](void*, const PGresult*) {}, nullptr);
  auto state = PGRES_POLLING_WRITING;
  while (PQstatus(connection_.get()) != CONNECTION_BAD && state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) break;
    wait_for_host(limits, state == PGRES_POLLING_READING ? POLLIN : POLLOUT);
    const InLibpq inside;
    state = PQconnectPoll(connection_.get());
  }
  if (PQstatus(connection_.get()) != CONNECTION_OK) throw error_of_connect(connection_.get());
  PQsetErrorVerbosity(connection_.get(), PQERRORS_DEFAULT);
  PQsetnonblocking(connection_.get(), 1);
  const char* encoding = PQparameterStatus(connection_.get(), "server_encoding");
  if (encoding && std::string_view(encoding) == "SQL_ASCII") {
    throw Error(Code::kUnsupported, "sql_ascii_database",
                "the database's encoding is SQL_ASCII, which would store text unchecked; use a "
                "UTF8 database");
  }
}

/// A host that says nothing in its share of the time counts as one that is away.
void Connection::wait_for_host(const Limits& limits, short events) {
  try {
    limits.check();  // a host that talks without end never lets it wait
    limits.wait_for(PQsocket(connection_.get()), events);
  } catch (const Error& error) {
    if (error.kind != "timeout" || limits_.deadline.expired()) throw;
    throw host_silent();
  }
}

}  // namespace dbosc::sql::postgres
