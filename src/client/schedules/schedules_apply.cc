#include "client/schedules/schedules_apply.h"

#include <set>

#include "base/uuid.h"
#include "client/applications/ownership.h"
#include "client/schedules/schedule_owner.h"
#include "store/levels.h"
#include "store/schedules.h"

namespace dbosc::client {
namespace {

std::string path_of(std::size_t index) { return "schedules[" + std::to_string(index) + "]."; }

std::vector<std::string> names_of(const ApplySchedulesRequest& request) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& entry : request.schedules) {
    if (!seen.insert(entry.schedule_name).second) {
      throw invalid_argument("repeated_value", path_of(names.size()) + "schedule_name",
                             "'schedule_name' '" + entry.schedule_name + "' is given twice");
    }
    names.push_back(entry.schedule_name);
  }
  return names;
}

/// One entry. The row that is there, or was put there meanwhile, is locked before it is judged.
ApplyOutcome put(sql::Session& session, const store::Layout& layout,
                 const model::Schedule& schedule) {
  std::optional<model::Schedule> current;
  // One that is deleted between the two is made anew.
  while (!current) {
    if (store::insert_schedule(session, layout, schedule)) return ApplyOutcome::kCreated;
    current = store::lock_schedule(session, layout, schedule.schedule_name);
  }
  if (current->schedule_id == schedule.schedule_id) return ApplyOutcome::kCreated;
  auto changed = schedule;
  changed.schedule_id = current->schedule_id;
  changed.application_name = resolve_owner("schedule", schedule.schedule_name,
                                           current->application_name, schedule.application_name);
  const auto [sql, params] = store::updating_schedule(changed);
  session.execute(sql, params, sql::ignore_row);
  store::set_scheduled_workflow(session, changed);
  store::claim_schedule(session, layout, changed);
  return ApplyOutcome::kUpdated;
}

}  // namespace

ApplySchedulesReply apply_schedules(Call& call, const ApplySchedulesRequest& request) {
  const auto names = names_of(request);
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < names.size(); ++i) ids.push_back(new_uuid());
  const Identity identity{{"schedule_names", json_strings(names), true}};
  return call.write(
      identity, [&](sql::Session& session, const store::Layout& layout) -> ApplySchedulesReply {
        const auto owner = owner_of(call, request, layout);
        if (request.delete_others) layout.require(store::kScheduleOwnership, "delete_others");
        sql::Transaction transaction(session);
        ApplySchedulesReply reply;
        std::optional<Language> language;
        for (std::size_t i = 0; i < names.size(); ++i) {
          if (!language) {
            language = schedule_language(session, layout, request.language, owner, {});
          }
          auto schedule = to_schedule(call, request.schedules[i], *language, path_of(i));
          schedule.schedule_id = ids[i];
          schedule.application_name = owner;
          reply.outcomes.push_back({names[i], put(session, layout, schedule)});
        }
        if (request.delete_others) {
          reply.deleted = store::delete_other_schedules(session, *owner, names);
        }
        transaction.commit();
        return reply;
      });
}

}  // namespace dbosc::client
