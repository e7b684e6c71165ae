#pragma once

#include <optional>
#include <string>

#include "base/cron.h"
#include "client/call.h"
#include "client/language.h"
#include "model/schedule.h"

/// What the scheduler that owns a schedule can read, and what would stop it.
namespace dbosc::client {

/// The language of a schedule's owner: the one that is given, else what its rows are written in:
/// this schedule's context, its other schedules, its workflows. Throws Error(kInvalidArgument)
/// `missing_key` where nothing tells, and Error(kUnsupported) for a language without a scheduler.
Language schedule_language(sql::Session& session, const store::Layout& layout,
                           const std::optional<Language>& given,
                           const std::optional<std::string>& application_name,
                           const std::optional<model::Schedule>& current);

/// A context as a language's scheduler reads it; an absent one is what it writes for none.
std::string stored_context(const Call& call, Language language, const Json& context,
                           std::string_view path);

/// Fills in `context` from what is stored, for a reply.
void show_context(const Call& call, model::Schedule& schedule);

/// What tells when a schedule fires. Throws `invalid_cron` or `invalid_timezone`.
struct Timetable {
  cron::Schedule schedule;
  TimeZone zone;
  std::string zone_name;

  std::optional<std::int64_t> next(std::int64_t after_ms) const {
    return schedule.next(after_ms, zone);
  }
};

/// `path` is the entry that the keys are of: empty, or `schedules[2].`.
Timetable timetable(Language language, const std::string& schedule,
                    const std::optional<std::string>& cron_timezone, const std::string& path);

/// Throws `invalid_cron` for a timetable without a next firing.
void require_future(const Timetable& timetable, const std::string& path);

}  // namespace dbosc::client
