#pragma once

#include <optional>
#include <string>

#include "client/call.h"
#include "client/language.h"
#include "client/requests.h"
#include "model/schedule.h"

namespace dbosc::client {

/// What defines a schedule, in a request of its own or in a list.
struct ScheduleEntry {
  std::string schedule_name;
  std::string workflow_name;
  std::optional<std::string> workflow_class_name;
  std::string schedule;
  schema::Payload context;
  bool automatic_backfill = false;
  std::optional<std::string> cron_timezone;
  std::optional<std::string> queue_name;
};

/// Whose the schedules of a request are.
struct ScheduleOwner {
  std::optional<std::string> application_name;
  std::optional<Language> language;
};

/// The owner to store. Throws Error(kInvalidArgument) `missing_key` where neither the request nor
/// the client names one: every application runs a schedule that nobody owns.
std::optional<std::string> owner_of(const Call& call, const ScheduleOwner& owner,
                                    const store::Layout& layout);

/// The row of an entry, all of it checked. `path` is empty, or `schedules[2].`.
model::Schedule to_schedule(const Call& call, const ScheduleEntry& entry, Language language,
                            const std::string& path);

/// The class as a language writes it, where there is none.
std::optional<std::string> class_of(Language language, const std::optional<std::string>& name);

Error schedule_not_found(const std::string& schedule_name);
Identity identity_of_schedule(const std::string& schedule_name);

}  // namespace dbosc::client

namespace dbosc::schema {

template <class R>
constexpr auto schedule_entry_fields() {
  return std::tuple(
      field("schedule_name", &R::schedule_name, "Name, unique in the whole database.").required(),
      field("workflow_name", &R::workflow_name, "Registered name of the workflow function.")
          .required(),
      field("workflow_class_name", &R::workflow_class_name, "Class of a workflow method."),
      field("schedule", &R::schedule,
            "Cron expression in the grammar of the owner's language, checked by its rules. Six "
            "fields, the seconds first, are understood by all.")
          .required(),
      field("context", &R::context, "Handed to each run as its second argument."),
      field("automatic_backfill", &R::automatic_backfill,
            "Whether a scheduler that starts makes up for what it missed.")
          .defaults_to("false"),
      field("cron_timezone", &R::cron_timezone, "IANA time zone of the expression.")
          .non_empty()
          .defaults_to("\"UTC\""),
      field("queue_name", &R::queue_name, "Queue of its runs. Default: the internal one.")
          .non_empty());
}

template <>
struct Schema<client::ScheduleEntry> {
  static constexpr auto fields = schedule_entry_fields<client::ScheduleEntry>();
};

template <class R>
constexpr auto schedule_owner_fields() {
  return std::tuple(
      field("application_name", &R::application_name,
            "Application whose scheduler runs it. Default: the client's; one of them must be "
            "given. Without effect below schema level 102.")
          .non_empty(),
      field("language", &R::language,
            "SDK of that application: it decides the grammar of the expression and the form of "
            "the context. Default: told from the application's rows. Rust has no scheduler."));
}

}  // namespace dbosc::schema
