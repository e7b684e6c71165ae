#include "client/schedules/schedule_runs.h"

#include <chrono>

#include "base/clock.h"
#include "base/uuid.h"
#include "client/applications/ownership.h"
#include "client/schedules/schedule_owner.h"
#include "client/schedules/schedule_times.h"
#include "client/start/auto_format.h"
#include "model/workflow.h"
#include "store/new_workflows.h"
#include "store/schedules.h"
#include "store/versions.h"

namespace dbosc::client {
namespace {

/// A window with more firings is a mistake: every second of a day has fewer.
constexpr std::size_t kMostRuns = 100'000;

struct Found {
  model::Schedule schedule;
  Language language;
};

Found find(sql::Session& session, const store::Layout& layout, const std::string& name,
           const std::optional<Language>& given) {
  auto schedule = store::find_schedule(session, layout, name);
  if (!schedule) throw schedule_not_found(name);
  const auto language =
      schedule_language(session, layout, given, schedule->application_name, schedule);
  return {*std::move(schedule), language};
}

Timetable timetable_of(const Found& found) {
  const auto& schedule = found.schedule;
  if (found.language == Language::kTypescript && !schedule.cron_timezone) {
    throw Error(Code::kUnsupported, "invalid_timezone",
                "schedule '" + schedule.schedule_name +
                    "' has no time zone: it fires by the local time of its processes, which only "
                    "they know")
        .with("schedule_name", schedule.schedule_name);
  }
  return timetable(found.language, schedule.schedule, schedule.cron_timezone, "");
}

/// The version that the owner's workers take; Go's are content without one.
std::optional<std::string> version_for(sql::Session& session, const store::Layout& layout,
                                       const Found& found,
                                       const std::optional<std::string>& owner) {
  const auto latest = store::find_latest_version(session, layout, owner);
  if (latest) return latest->version_name;
  if (found.language == Language::kGo) return std::nullopt;
  throw no_application_versions(owner);
}

/// A Java worker that cannot find a row's class gives up the whole batch that it has dequeued.
void require_class(const Found& found) {
  const auto& schedule = found.schedule;
  if (found.language != Language::kJava || !schedule.workflow_class_name.value_or("").empty()) {
    return;
  }
  throw Error(Code::kInvalidState, "missing_class_name",
              "schedule '" + schedule.schedule_name +
                  "' has no 'workflow_class_name': its run would stop a Java worker's whole batch")
      .with("schedule_name", schedule.schedule_name);
}

/// `token` is the row's in each try: one that is repeated after a lost answer knows its rows by it.
store::NewWorkflow run_of(const Call& call, const Found& found, RunInputs inputs, std::string id,
                          const std::string& token) {
  require_class(found);
  const auto& schedule = found.schedule;
  store::NewWorkflow run;
  run.workflow_id = std::move(id);
  run.creation_token = token;
  run.status = "ENQUEUED";
  run.name = schedule.workflow_name;
  run.class_name = schedule.workflow_class_name;
  run.queue_name = schedule.queue_name.value_or(std::string(model::kInternalQueue));
  run.inputs = std::move(inputs.text);
  run.serialization = std::move(inputs.serialization);
  run.application_name = named_or_own(schedule.application_name, call.config());
  run.schedule_name = schedule.schedule_name;
  run.created_at_ms = now_ms();
  return run;
}

std::vector<BackfilledRun> insert(Call& call, sql::Session& session, const store::Layout& layout,
                                  std::vector<store::NewWorkflow>& runs, const Found& found) {
  if (runs.empty()) return {};
  const auto version = version_for(session, layout, found, runs.front().application_name);
  const auto columns = payload_columns_for(call, session, layout, runs.front());
  for (auto& run : runs) {
    run.app_version = version;
    run.payload_columns = columns;
  }
  std::vector<BackfilledRun> outcomes;
  for (auto& done : store::insert_workflows(session, layout, runs)) {
    const bool created = done.kind == store::InsertOutcome::Kind::kCreated;
    outcomes.push_back({runs[outcomes.size()].workflow_id,
                        created ? EnqueueResult::kCreated : EnqueueResult::kExisting});
  }
  return outcomes;
}

std::vector<store::NewWorkflow> runs_between(const Call& call, const Found& found,
                                             const BackfillScheduleRequest& request,
                                             std::vector<std::string>& tokens) {
  const auto times = timetable_of(found);
  std::vector<store::NewWorkflow> runs;
  for (auto at = times.next(request.start.ms); at && *at < request.end.ms; at = times.next(*at)) {
    if (runs.size() == kMostRuns) {
      throw invalid_argument("too_large", "end",
                             "the schedule fires more than " + std::to_string(kMostRuns) +
                                 " times between 'start' and 'end'");
    }
    if (tokens.size() == runs.size()) tokens.push_back(new_uuid());
    runs.push_back(run_of(call, found,
                          firing_inputs(found.language, found.schedule, *at, times.zone),
                          firing_id(found.language, found.schedule.schedule_name, *at, times.zone),
                          tokens[runs.size()]));
  }
  return runs;
}

void check(const PreviewScheduleRequest& request) {
  if (request.schedule_name && (request.schedule || request.cron_timezone)) {
    const auto key = request.schedule ? "schedule" : "cron_timezone";
    throw invalid_argument("conflicting_keys", key,
                           "'" + std::string(key) + "' and 'schedule_name' exclude each other");
  }
  if (request.schedule_name) return;
  if (!request.schedule) {
    throw invalid_argument("missing_key", "schedule_name",
                           "'schedule_name' or 'schedule' must be given");
  }
  if (!request.language || *request.language == Language::kRust) {
    throw invalid_argument("missing_key", "language",
                           "'schedule' needs the 'language' of its scheduler: their grammars "
                           "differ");
  }
}

Timetable previewed(Call& call, const PreviewScheduleRequest& request) {
  if (!request.schedule_name) {
    return timetable(*request.language, *request.schedule, request.cron_timezone, "");
  }
  return timetable_of(call.read([&](sql::Session& session, const store::Layout& layout) {
    return find(session, layout, *request.schedule_name, request.language);
  }));
}

}  // namespace

TriggerScheduleReply trigger_schedule(Call& call, const TriggerScheduleRequest& request) {
  using namespace std::chrono;
  const auto now = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
  const auto token = new_uuid();
  // The id is spelled as the owner does, which its rows tell.
  Identity identity{{"schedule_name", request.schedule_name}, {"workflow_id", ""}};
  return call.write(
      identity, [&](sql::Session& session, const store::Layout& layout) -> TriggerScheduleReply {
        sql::Transaction transaction(session);
        const auto found = find(session, layout, request.schedule_name, request.language);
        std::vector<store::NewWorkflow> runs = {
            run_of(call, found, trigger_inputs(found.language, found.schedule, now),
                   trigger_id(found.language, request.schedule_name, now), token)};
        identity.back().value = runs.front().workflow_id;
        insert(call, session, layout, runs, found);
        transaction.commit();
        return {runs.front().workflow_id};
      });
}

BackfillScheduleReply backfill_schedule(Call& call, const BackfillScheduleRequest& request) {
  if (request.start.ms >= request.end.ms) {
    throw invalid_argument("out_of_range", "end", "'end' must be after 'start'");
  }
  std::vector<std::string> tokens;
  return call.write(
      identity_of_schedule(request.schedule_name),
      [&](sql::Session& session, const store::Layout& layout) -> BackfillScheduleReply {
        sql::Transaction transaction(session);
        const auto found = find(session, layout, request.schedule_name, request.language);
        auto runs = runs_between(call, found, request, tokens);
        auto outcomes = insert(call, session, layout, runs, found);
        transaction.commit();
        return {std::move(outcomes)};
      });
}

PreviewScheduleReply preview_schedule(Call& call, const PreviewScheduleRequest& request) {
  check(request);
  const auto times = previewed(call, request);
  PreviewScheduleReply reply;
  auto at = times.next(request.after ? request.after->ms : now_ms());
  while (at && reply.firings_at_ms.size() < static_cast<std::size_t>(request.count)) {
    reply.firings_at_ms.push_back(*at);
    at = times.next(*at);
  }
  return reply;
}

}  // namespace dbosc::client
