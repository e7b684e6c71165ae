#include "client/services.h"

#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "client/operations.h"
#include "client/submit/submissions.h"
#include "write/groups.h"

namespace dbosc::client {
namespace {

/// A new fleet is noticed after so long.
constexpr milliseconds kFormatsAreFresh{10'000};

/// Tells the clients of a process apart in its log.
std::int64_t next_number() {
  static std::atomic<std::int64_t> last{0};
  return ++last;
}

watch::Settings watch_settings(const Config& config, bool keep_connection, sql::Health& health) {
  return {.poll_interval = milliseconds(config.poll_interval_ms),
          .listen = config.use_listen_notify != Switch::kOff && keep_connection,
          .retry_lost_connections = config.retry_connection_errors,
          .keep_connection = keep_connection,
          .health = &health};
}

std::unique_ptr<write::Combiner> make_combiner(Services& services, write::Combiner::Write write) {
  // One connection is left for the groups.
  static constexpr std::int64_t kMostAlone = 4;
  const auto& config = services.config();
  write::Settings settings{.enabled = config.group_commit,
                           .one_writer = services.database().has_one_writer()};
  const auto most = settings.one_writer ? 1 : kMostAlone;
  settings.most_alone =
      static_cast<std::size_t>(std::clamp<std::int64_t>(config.pool_size - 1, 1, most));
  return std::make_unique<write::Combiner>(
      services.pool(), [&services](sql::Session& session) { return services.layout(session); },
      std::move(write), settings);
}

}  // namespace

Services::Services(Config config, std::unique_ptr<Database> database)
    : config_(std::move(config)),
      process_id_(::getpid()),
      database_(std::move(database)),
      call_times_(operations().size()),
      health_(next_number()),
      pool_([this](const Limits& limits) { return connect(limits); },
            static_cast<std::size_t>(config_.pool_size), database_->keeps_connections()),
      watcher_([this](const Limits& limits) { return connect(limits); },
               [this](sql::Session& session) { return layout(session); },
               watch_settings(config_, database_->keeps_connections(), health_)),
      submissions_(std::make_shared<Submissions>(*this)),
      enqueues_(make_combiner(*this, write::write_workflows)),
      sends_(make_combiner(*this, write::write_messages)) {
  closing_.fd();  // where there is none left, opening fails and no call later
  log::Line(log::Level::kInfo, "client_opened", "a client was opened")
      .number("client", health_.client())
      .text("application_name", config_.application_name.value_or(""))
      .number("pool_size", config_.pool_size);
}

Services::~Services() { submissions_->stop(); }

std::unique_ptr<sql::Session> Services::connect(const Limits& limits) {
  try {
    auto session = database_->connect(limits);
    health_.connected();
    return session;
  } catch (const Error& error) {
    if (error.retry == Retry::kReconnect) health_.failed(error);
    throw;
  }
}

std::shared_ptr<const store::Layout> Services::layout(sql::Session& session) {
  {
    std::lock_guard lock(mutex_);
    if (layout_) return layout_;
  }
  return reread_layout(session);
}

std::shared_ptr<const store::Layout> Services::reread_layout(sql::Session& session) {
  auto layout = std::make_shared<const store::Layout>(store::Layout::probe(session));
  std::lock_guard lock(mutex_);
  return layout_ = std::move(layout);
}

std::shared_ptr<const Formats> Services::formats(sql::Session& session,
                                                 const store::Layout& layout) {
  {
    std::lock_guard lock(mutex_);
    if (formats_ && !formats_are_fresh_.expired()) return formats_;
  }
  auto formats = std::make_shared<const Formats>(store::recent_formats(session, layout));
  std::lock_guard lock(mutex_);
  formats_are_fresh_ = Deadline::in(kFormatsAreFresh);
  return formats_ = std::move(formats);
}

bool Services::is_own_process() const { return ::getpid() == process_id_; }

void Services::enter(bool even_closed) {
  if (!is_own_process()) {
    throw Error(Code::kInvalidState, "forked",
                "this client was opened before fork(); open a new one in the child process");
  }
  std::lock_guard lock(mutex_);
  if (closing_.triggered() && !even_closed)
    throw Error(Code::kInvalidState, "closed", "the client was shut down");
  ++calls_;
}

void Services::leave() noexcept {
  std::lock_guard lock(mutex_);
  if (--calls_ == 0) idle_.notify_all();
}

bool Services::shut_down(Deadline deadline) {
  if (!closing_.triggered()) {
    log::Line(log::Level::kInfo, "client_closed", "a client is shut down")
        .number("client", health_.client());
  }
  closing_.trigger();
  std::unique_lock lock(mutex_);
  const auto idle = [&] { return calls_ == 0; };
  if (deadline.is_never()) {
    idle_.wait(lock, idle);
    return true;
  }
  return idle_.wait_until(lock, deadline.at(), idle);
}

}  // namespace dbosc::client
