#pragma once

#include <array>
#include <string>
#include <vector>

#include "client/schedules/schedule_entry.h"

namespace dbosc::client {

enum class ScheduleChange { kPaused, kResumed, kDeleted, kUnchanged, kNotFound };

struct CreateScheduleRequest : CallOptions, ScheduleEntry, ScheduleOwner {};
struct ScheduleReply {
  model::Schedule schedule;
};

struct ScheduleRequest : CallOptions {
  std::string schedule_name;
};
struct FoundScheduleReply {
  std::optional<model::Schedule> schedule;
};
struct ScheduleChangeReply {
  ScheduleChange outcome = ScheduleChange::kNotFound;
};

struct ListSchedulesRequest : CallOptions {
  schema::OneOrMany status, workflow_name, schedule_name_prefix, schedule_name, application_name;
};
struct ListSchedulesReply {
  std::vector<model::Schedule> schedules;
};

struct UpdateScheduleRequest : CallOptions {
  std::string schedule_name;
  std::optional<std::string> schedule;
  schema::Clearable<schema::Payload> context;
  schema::Clearable<bool> automatic_backfill;
  schema::Clearable<std::string> cron_timezone;
  schema::Clearable<std::string> queue_name;
  std::optional<Language> language;
};

/// Throws Error(kConflict) `schedule_exists` or `name_owned_by_another_application`.
ScheduleReply create_schedule(Call& call, const CreateScheduleRequest& request);
FoundScheduleReply get_schedule(Call& call, const ScheduleRequest& request);
ListSchedulesReply list_schedules(Call& call, const ListSchedulesRequest& request);
/// Throws Error(kNotFound) `schedule_not_found`, Error(kConflict)
/// `name_owned_by_another_application`.
ScheduleReply update_schedule(Call& call, const UpdateScheduleRequest& request);
// Throw Error(kConflict) `name_owned_by_another_application` to a client of another application.
ScheduleChangeReply pause_schedule(Call& call, const ScheduleRequest& request);
ScheduleChangeReply resume_schedule(Call& call, const ScheduleRequest& request);
ScheduleChangeReply delete_schedule(Call& call, const ScheduleRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::ScheduleChange> {
  static constexpr std::array<std::string_view, 5> texts = {"paused", "resumed", "deleted",
                                                            "unchanged", "not_found"};
};

template <>
struct Schema<client::CreateScheduleRequest> {
  using R = client::CreateScheduleRequest;
  static constexpr auto fields =
      std::tuple_cat(schedule_entry_fields<R>(), schedule_owner_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::ScheduleReply> {
  using R = client::ScheduleReply;
  static constexpr auto fields =
      std::tuple(field("schedule", &R::schedule, "The schedule as it is now."));
};
template <>
struct Schema<client::ScheduleRequest> {
  using R = client::ScheduleRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("schedule_name", &R::schedule_name,
                "Name of the schedule. Changes of another application's are refused to a client "
                "that has an application_name.")
              .required()),
      call_fields<R>());
};
template <>
struct Schema<client::FoundScheduleReply> {
  using R = client::FoundScheduleReply;
  static constexpr auto fields = std::tuple(
      field("schedule", &R::schedule, "The schedule; null where there is none of that name."));
};
template <>
struct Schema<client::ScheduleChangeReply> {
  using R = client::ScheduleChangeReply;
  static constexpr auto fields =
      std::tuple(field("outcome", &R::outcome, "What became of the schedule."));
};
template <>
struct Schema<client::ListSchedulesRequest> {
  using R = client::ListSchedulesRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("status", &R::status, "Statuses: ACTIVE, PAUSED."),
                 field("workflow_name", &R::workflow_name, "Workflow names."),
                 field("schedule_name_prefix", &R::schedule_name_prefix, "Names that begin so."),
                 field("schedule_name", &R::schedule_name, "Names."),
                 field("application_name", &R::application_name,
                       "Schedules of these applications and unclaimed ones. Default: the "
                       "client's; without one, or with an empty list, all. Without effect below "
                       "schema level 102.")),
      call_fields<R>());
};
template <>
struct Schema<client::ListSchedulesReply> {
  using R = client::ListSchedulesReply;
  static constexpr auto fields = std::tuple(field("schedules", &R::schedules, "By name."));
};
template <>
struct Schema<client::UpdateScheduleRequest> {
  using R = client::UpdateScheduleRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("schedule_name", &R::schedule_name,
                "Schedule to change. A key that is absent keeps what is there; null clears it.")
              .required(),
          field("schedule", &R::schedule, "Cron expression, in the grammar of the owner."),
          field("context", &R::context, "Second argument of each run."),
          field("automatic_backfill", &R::automatic_backfill,
                "Whether a scheduler that starts makes up for what it missed; null: false."),
          field("cron_timezone", &R::cron_timezone, "IANA time zone; null: UTC.").non_empty(),
          field("queue_name", &R::queue_name, "Queue of its runs; null: the internal one.")
              .non_empty(),
          field("language", &R::language,
                "SDK of the owner. Default: told from the schedule's context and the "
                "application's rows.")),
      call_fields<R>());
};

}  // namespace dbosc::schema
