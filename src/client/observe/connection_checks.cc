#include <poll.h>

#include <cstdlib>

#include "base/clock.h"
#include "base/uuid.h"
#include "client/observe/checks.h"
#include "store/diagnosis.h"

namespace dbosc::client {
namespace {

/// How far clocks may be apart: delays, deadlines and schedules go by both.
constexpr std::int64_t kTolerableSkewMs = 1000;
constexpr int kClockLooks = 3;
/// How long an announcement to ourselves may take.
constexpr milliseconds kAnnouncementTime{2000};

/// Whether a server process serves two of our connections in turn, which only a pooler in
/// transaction mode lets happen.
bool shares_server_processes(const Patient& patient) {
  const auto other = patient.another_connection();
  const auto ours = store::read_backend(patient.session);
  return store::read_backend(*other) == ours;
}

void look_at_pooler(const Patient& patient, DoctorCheck& check) {
  static constexpr std::string_view kChannel[] = {"dbosc_doctor"};
  std::string_view mode = "none";
  // Behind a pooler the process that the connection names is not the one that answers.
  if (patient.another_connection()->listen(kChannel)) {
    check.message = "no pooler stands before the server";
  } else {
    check.status = CheckStatus::kWarn;
    mode = shares_server_processes(patient) ? "transaction" : "unknown";
    check.message = "a pooler stands before the server: events and streams are polled";
    if (mode == "transaction") check.message += "; it is in transaction mode";
  }
  JsonWriter out;
  out.begin_object().key("mode").string(mode).end_object();
  check.details.text = std::string(out.view());
}

/// Comes after the look at the pooler, where two connections have used the same names.
void look_at_prepared_statements(const Patient& patient, DoctorCheck& check) {
  store::read_backend(patient.session);
  const bool named = patient.call.services.database().names_statements().value_or(false);
  if (named) {
    check.message = "prepared statements are used";
  } else if (patient.call.config().prepared_statements == Switch::kOff) {
    check.message = "prepared statements are turned off by the config";
  } else {
    check.status = CheckStatus::kWarn;
    check.message = "a pooler loses prepared statements; this client does without them";
  }
  JsonWriter out;
  out.begin_object().key("used").boolean(named).end_object();
  check.details.text = std::string(out.view());
}

bool hears_itself(const Patient& patient) {
  const auto connection = patient.another_connection();
  const std::string channel = "dbosc_doctor_" + new_uuid();
  const std::string_view channels[] = {channel};
  if (!connection->listen(channels)) return false;
  store::notify(*connection, channel);
  const auto within = patient.limits.until(Deadline::in(kAnnouncementTime));
  try {
    while (connection->notifications().empty()) {
      within.wait_for(connection->notification_fd(), POLLIN);
    }
  } catch (const Error& error) {
    if (error.code != Code::kTimeout) throw;
    return false;
  }
  return true;
}

void look_at_notifications(const Patient& patient, DoctorCheck& check) {
  const bool heard = hears_itself(patient);
  if (heard) {
    check.message = "notifications arrive";
  } else {
    check.status = CheckStatus::kWarn;
    check.message = "no notifications arrive: events and streams are awaited by polling";
  }
  JsonWriter out;
  out.begin_object().key("listen").boolean(heard).end_object();
  check.details.text = std::string(out.view());
}

void look_at_clock(const Patient& patient, DoctorCheck& check) {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  std::int64_t skew = 0;
  auto best = MonotonicClock::duration::max();
  for (int i = 0; i < kClockLooks; ++i) {
    const auto sent_at = now_ms();
    const auto begun = MonotonicClock::now();
    const auto server = store::read_clock(patient.session);
    const auto took = MonotonicClock::now() - begun;
    // The server looked at its clock about half-way.
    if (took >= best) continue;
    best = took;
    skew = server - sent_at - duration_cast<milliseconds>(took / 2).count();
  }
  const auto uncertain = duration_cast<milliseconds>(best / 2).count();
  check.message =
      "the clocks of client and server are " + std::to_string(std::llabs(skew)) + " ms apart";
  if (std::llabs(skew) > kTolerableSkewMs + uncertain) {
    check.status = CheckStatus::kWarn;
    check.message += ": delays, deadlines and schedules will be off by as much";
  }
  JsonWriter out;
  out.begin_object().key("skew_ms").integer(skew);
  out.key("round_trip_us").integer(duration_cast<microseconds>(best).count());
  check.details.text = std::string(out.end_object().view());
}

constexpr CheckKind kChecks[] = {
    {"pooler", CheckedOn::kOwnConnections, false, look_at_pooler},
    {"prepared_statements", CheckedOn::kOwnConnections, false, look_at_prepared_statements},
    {"notifications", CheckedOn::kOwnConnections, false, look_at_notifications},
    {"clock", CheckedOn::kPostgres, false, look_at_clock},
};

}  // namespace

std::span<const CheckKind> connection_checks() { return kChecks; }

}  // namespace dbosc::client
