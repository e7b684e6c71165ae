#include "client/schedules/schedules.h"

#include "base/uuid.h"
#include "client/applications/ownership.h"
#include "client/look/workflow_filter.h"
#include "client/schedules/schedule_owner.h"
#include "store/schedules.h"

namespace dbosc::client {
namespace {

/// Not another application's. A client without a name may change them all.
void require_own(const model::Schedule& schedule, const Config& config) {
  resolve_owner("schedule", schedule.schedule_name, schedule.application_name,
                config.application_name);
}

/// The schedule that is in the way of a new one.
void require_free(const model::Schedule& holder, const std::optional<std::string>& owner) {
  resolve_owner("schedule", holder.schedule_name, holder.application_name, owner);
  throw Error(Code::kConflict, "schedule_exists",
              "there is a schedule '" + holder.schedule_name + "' already")
      .with("schedule_name", holder.schedule_name)
      .with("schedule_id", holder.schedule_id);
}

/// Whether the owner's language has a say in a change.
bool is_for_the_scheduler(const UpdateScheduleRequest& request) {
  return request.schedule || request.cron_timezone.given || request.context.given;
}

void apply_as(const Call& call, const UpdateScheduleRequest& request, Language language,
              model::Schedule& schedule) {
  if (request.schedule) schedule.schedule = *request.schedule;
  if (request.cron_timezone.given) schedule.cron_timezone = request.cron_timezone.value;
  if (request.context.given) {
    const auto context = request.context.value.value_or(schema::Payload{}).value;
    schedule.stored_context = stored_context(call, language, context, "context");
  }
  const auto times = timetable(language, schedule.schedule, schedule.cron_timezone, "");
  require_future(times, "");
  schedule.cron_timezone = times.zone_name;
}

/// Changes the schedule of that name, the one that the first try found: a retry after a lost answer
/// touches none that came later, and tells what that try has done.
template <class Change>
ScheduleChangeReply change_found(Call& call, const std::string& name, ScheduleChange done,
                                 Change&& change) {
  std::optional<model::Schedule> found;
  bool looked = false;
  bool changed = false;
  return call.write(identity_of_schedule(name),
                    [&](sql::Session& session, const store::Layout& layout) -> ScheduleChangeReply {
                      if (!looked) found = store::find_schedule(session, layout, name);
                      if (found) require_own(*found, call.config());
                      const bool first = !std::exchange(looked, true);
                      if (!found) return {ScheduleChange::kNotFound};
                      const bool now = change(session, *found);
                      if (now || !first) changed = true;
                      return {changed ? done : ScheduleChange::kUnchanged};
                    });
}

ScheduleChangeReply set_status(Call& call, const std::string& name, std::string_view status,
                               ScheduleChange done) {
  return change_found(call, name, done,
                      [&](sql::Session& session, const model::Schedule& schedule) {
                        return store::set_schedule_status(session, schedule.schedule_id, status);
                      });
}

}  // namespace

ScheduleReply create_schedule(Call& call, const CreateScheduleRequest& request) {
  const auto id = new_uuid();
  return call.write(
      identity_of_schedule(request.schedule_name),
      [&](sql::Session& session, const store::Layout& layout) -> ScheduleReply {
        const auto owner = owner_of(call, request, layout);
        const auto language = schedule_language(session, layout, request.language, owner, {});
        auto schedule = to_schedule(call, request, language, "");
        schedule.schedule_id = id;
        schedule.application_name = owner;
        auto stored = store::insert_or_find_schedule(session, layout, schedule);
        for (; !stored; stored = store::insert_or_find_schedule(session, layout, schedule)) {
          session.limits().check();
        }
        if (stored->schedule_id != id) require_free(*stored, owner);
        show_context(call, *stored);
        return {*std::move(stored)};
      });
}

FoundScheduleReply get_schedule(Call& call, const ScheduleRequest& request) {
  auto found = call.read([&](sql::Session& session, const store::Layout& layout) {
    return store::find_schedule(session, layout, request.schedule_name);
  });
  if (found) show_context(call, *found);
  return {std::move(found)};
}

ListSchedulesReply list_schedules(Call& call, const ListSchedulesRequest& request) {
  const store::ScheduleFilter filter{
      request.schedule_name.values, request.schedule_name_prefix.values, request.status.values,
      request.workflow_name.values,
      application_scope(request.application_name, request.schedule_name, call.config())};
  auto schedules = call.read_capped([&](sql::Session& session, const store::Layout& layout) {
    return store::list_schedules(session, layout, filter);
  });
  for (auto& schedule : schedules) show_context(call, schedule);
  return {std::move(schedules)};
}

ScheduleReply update_schedule(Call& call, const UpdateScheduleRequest& request) {
  return call.write(
      identity_of_schedule(request.schedule_name),
      [&](sql::Session& session, const store::Layout& layout) -> ScheduleReply {
        sql::Transaction transaction(session);
        auto schedule = store::lock_schedule(session, layout, request.schedule_name);
        if (!schedule) throw schedule_not_found(request.schedule_name);
        require_own(*schedule, call.config());
        if (is_for_the_scheduler(request)) {
          const auto language = schedule_language(session, layout, request.language,
                                                  schedule->application_name, schedule);
          apply_as(call, request, language, *schedule);
        }
        if (request.queue_name.given) schedule->queue_name = request.queue_name.value;
        if (request.automatic_backfill.given) {
          schedule->automatic_backfill = request.automatic_backfill.value.value_or(false);
        }
        const auto change = store::updating_schedule(*schedule);
        transaction.commit_after({&change, 1});
        show_context(call, *schedule);
        return {*std::move(schedule)};
      });
}

ScheduleChangeReply pause_schedule(Call& call, const ScheduleRequest& request) {
  return set_status(call, request.schedule_name, model::kPaused, ScheduleChange::kPaused);
}

ScheduleChangeReply resume_schedule(Call& call, const ScheduleRequest& request) {
  return set_status(call, request.schedule_name, model::kActive, ScheduleChange::kResumed);
}

ScheduleChangeReply delete_schedule(Call& call, const ScheduleRequest& request) {
  return change_found(call, request.schedule_name, ScheduleChange::kDeleted,
                      [](sql::Session& session, const model::Schedule& schedule) {
                        return store::delete_schedule(session, schedule.schedule_id);
                      });
}

}  // namespace dbosc::client
