#include "client/observe/doctor.h"

#include <algorithm>

#include "client/observe/checks.h"
#include "sql/dialect.h"

namespace dbosc::client {
namespace {

/// What one check may take, so that one that is blocked leaves time for the others.
constexpr milliseconds kCheckTime{5000};

/// Makes the checks one after the other, on a connection that belongs to none of the client's
/// calls: a pool that is used up is no illness of the database.
class Doctor {
 public:
  explicit Doctor(Call& call) : call_(call) {}

  DoctorReply examine() {
    if (!connect()) return reply_;
    make(database_checks());
    make(connection_checks());
    make(work_checks());
    return reply_;
  }

 private:
  bool connect() {
    const auto begun = MonotonicClock::now();
    return attempt("connection", [&](DoctorCheck& check) {
      session(limits()).query(sql::kPing, {}, sql::ignore_row);
      const auto took = MonotonicClock::now() - begun;
      check.message = "the database answers";
      JsonWriter out;
      out.begin_object().key("connected_within_us");
      out.integer(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
      check.details.text = std::string(out.end_object().view());
    });
  }

  void make(std::span<const CheckKind> kinds) {
    for (const auto& kind : kinds) {
      if (!applies(kind)) continue;
      const bool made = attempt(kind.name, [&](DoctorCheck& check) {
        const auto within = limits();
        kind.look({call_, session(within), within}, check);
      });
      if (kind.name == "schema") has_tables_ = made;
    }
  }

  bool applies(const CheckKind& kind) const {
    if (kind.needs_tables && !has_tables_) return false;
    switch (kind.on) {
      case CheckedOn::kAll:
        return true;
      case CheckedOn::kPostgres:
        return postgres_;
      case CheckedOn::kOwnConnections:
        return postgres_ && call_.services.database().keeps_connections();
      case CheckedOn::kSqlite:
        return !postgres_;
    }
    return false;
  }

  /// False where it failed. Ends the call only where its caller or its client does.
  template <class Look>
  bool attempt(std::string_view name, Look&& look) {
    DoctorCheck check;
    check.name = name;
    try {
      look(check);
    } catch (const Error& error) {
      if (error.code == Code::kCancelled || error.kind == "closed") throw;
      check.status = CheckStatus::kFail;
      check.message = error.message;
      JsonWriter out;
      out.begin_object().key("kind").string(error.kind).end_object();
      check.details.text = std::string(out.view());
    }
    const bool well = check.status != CheckStatus::kFail;
    reply_.healthy &= well;
    reply_.checks.push_back(std::move(check));
    return well;
  }

  Limits limits() const { return call_.limits.until(Deadline::in(kCheckTime)); }

  sql::Session& session(const Limits& within) {
    if (!session_ || !session_->usable()) {
      session_.reset();
      session_ = call_.services.database().connect(within);
      postgres_ = session_->dialect().is_postgres();
    }
    session_->set_limits(within);
    return *session_;
  }

  Call& call_;
  std::unique_ptr<sql::Session> session_;
  bool postgres_ = true;
  bool has_tables_ = false;
  DoctorReply reply_;
};

}  // namespace

DoctorReply doctor(Call& call, const DoctorRequest&) { return Doctor(call).examine(); }

}  // namespace dbosc::client
