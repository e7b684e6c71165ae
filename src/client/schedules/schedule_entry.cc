#include "client/schedules/schedule_entry.h"

#include "client/applications/ownership.h"
#include "client/schedules/schedule_owner.h"

namespace dbosc::client {

std::optional<std::string> owner_of(const Call& call, const ScheduleOwner& owner,
                                    const store::Layout& layout) {
  auto name = named_or_own(owner.application_name, call.config());
  if (!name && layout.has("workflow_schedules", "application_name")) {
    throw invalid_argument("missing_key", "application_name",
                           "'application_name' must be given here or to the client: every "
                           "application runs a schedule that nobody owns");
  }
  return name;
}

model::Schedule to_schedule(const Call& call, const ScheduleEntry& entry, Language language,
                            const std::string& path) {
  const auto times = timetable(language, entry.schedule, entry.cron_timezone, path);
  require_future(times, path);
  return {.schedule_id = {},
          .schedule_name = entry.schedule_name,
          .workflow_name = entry.workflow_name,
          .workflow_class_name = class_of(language, entry.workflow_class_name),
          .schedule = entry.schedule,
          .stored_context = stored_context(call, language, entry.context.value, path + "context"),
          .context = {},
          .last_fired_at_ms = std::nullopt,
          .automatic_backfill = entry.automatic_backfill,
          .cron_timezone = times.zone_name,
          .queue_name = entry.queue_name,
          .application_name = std::nullopt};
}

std::optional<std::string> class_of(Language language, const std::optional<std::string>& name) {
  if (name && !name->empty()) return name;
  if (language == Language::kTypescript) return "";
  return std::nullopt;
}

Error schedule_not_found(const std::string& schedule_name) {
  return Error(Code::kNotFound, "schedule_not_found",
               "there is no schedule '" + schedule_name + "'")
      .with("schedule_name", schedule_name);
}

Identity identity_of_schedule(const std::string& schedule_name) {
  return {{"schedule_name", schedule_name}};
}

}  // namespace dbosc::client
