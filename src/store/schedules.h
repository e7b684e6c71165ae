#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/schedule.h"
#include "sql/session.h"
#include "store/layout.h"

namespace dbosc::store {

/// Each list of an empty filter means all.
struct ScheduleFilter {
  std::vector<std::string> names, prefixes, statuses, workflow_names, application_names;
};

/// The schedule of that name, locked until the transaction ends.
std::optional<model::Schedule> lock_schedule(sql::Session& session, const Layout& layout,
                                             std::string_view name);
std::optional<model::Schedule> find_schedule(sql::Session& session, const Layout& layout,
                                             std::string_view name);
/// By name. The applications' own ones and unclaimed ones.
std::vector<model::Schedule> list_schedules(sql::Session& session, const Layout& layout,
                                            const ScheduleFilter& filter);

/// False where there is one of that name.
bool insert_schedule(sql::Session& session, const Layout& layout, const model::Schedule& schedule);
/// The schedule of that name: this one, made here, or one that was there before. Nothing where that
/// one is being deleted or has come in the same moment: ask again.
std::optional<model::Schedule> insert_or_find_schedule(sql::Session& session, const Layout& layout,
                                                       const model::Schedule& schedule);
/// When it fires, and with what; its id, status, owner, workflow and last firing stay. Borrows it.
sql::BoundStatement updating_schedule(const model::Schedule& schedule);
void set_scheduled_workflow(sql::Session& session, const model::Schedule& schedule);
/// An unclaimed one gets an owner.
void claim_schedule(sql::Session& session, const Layout& layout, const model::Schedule& schedule);

// Rows changed; by id, so that a repeat finds no schedule that came later.
bool set_schedule_status(sql::Session& session, std::string_view schedule_id,
                         std::string_view status);
bool delete_schedule(sql::Session& session, std::string_view schedule_id);

/// Deletes the schedules that the application owns and that are not named; returns their names.
std::vector<std::string> delete_other_schedules(sql::Session& session,
                                                std::string_view application_name,
                                                const std::vector<std::string>& kept);

/// The format of the newest workflow of an application that is in a language's own format.
std::optional<std::string> native_format(sql::Session& session, const Layout& layout,
                                         const std::optional<std::string>& application_name);

}  // namespace dbosc::store
