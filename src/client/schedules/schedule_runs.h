#pragma once

#include <string>
#include <vector>

#include "client/schedules/schedule_entry.h"
#include "client/start/new_workflow.h"

namespace dbosc::client {

struct TriggerScheduleRequest : CallOptions {
  std::string schedule_name;
  std::optional<Language> language;
};
struct TriggerScheduleReply {
  std::string workflow_id;
};

struct BackfillScheduleRequest : TriggerScheduleRequest {
  schema::Instant start, end;
};
struct BackfilledRun {
  std::string workflow_id;
  EnqueueResult outcome = EnqueueResult::kCreated;
};
struct BackfillScheduleReply {
  std::vector<BackfilledRun> outcomes;
};

struct PreviewScheduleRequest : CallOptions {
  std::optional<std::string> schedule_name;
  std::optional<std::string> schedule;
  std::optional<std::string> cron_timezone;
  std::optional<Language> language;
  std::optional<schema::Instant> after;
  std::int64_t count = 10;
};
struct PreviewScheduleReply {
  std::vector<std::int64_t> firings_at_ms;
};

/// Starts a run now. Throws Error(kNotFound) `schedule_not_found` or `no_application_versions`.
TriggerScheduleReply trigger_schedule(Call& call, const TriggerScheduleRequest& request);
/// Starts what would have fired between two instants, neither of them included, all or none; what
/// the scheduler has started already stays as it is.
BackfillScheduleReply backfill_schedule(Call& call, const BackfillScheduleRequest& request);
/// Computes the next firings; writes nothing.
PreviewScheduleReply preview_schedule(Call& call, const PreviewScheduleRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <class R>
constexpr auto run_fields() {
  return std::tuple(
      field("schedule_name", &R::schedule_name, "Schedule, whatever its application and status.")
          .required(),
      field("language", &R::language,
            "SDK of the owner. Default: told from the schedule's context and the application's "
            "rows."));
}

template <>
struct Schema<client::TriggerScheduleRequest> {
  using R = client::TriggerScheduleRequest;
  static constexpr auto fields = std::tuple_cat(run_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::TriggerScheduleReply> {
  using R = client::TriggerScheduleReply;
  static constexpr auto fields =
      std::tuple(field("workflow_id", &R::workflow_id, "Id of the run."));
};
template <>
struct Schema<client::BackfillScheduleRequest> {
  using R = client::BackfillScheduleRequest;
  static constexpr auto fields =
      std::tuple_cat(run_fields<R>(),
                     std::tuple(field("start", &R::start, "Firings after this instant.").required(),
                                field("end", &R::end, "Firings before this instant.").required()),
                     call_fields<R>());
};
template <>
struct Schema<client::BackfilledRun> {
  using R = client::BackfilledRun;
  static constexpr auto fields =
      std::tuple(field("workflow_id", &R::workflow_id, "Id of the run, as the scheduler's own."),
                 field("outcome", &R::outcome, "existing: it had been started already."));
};
template <>
struct Schema<client::BackfillScheduleReply> {
  using R = client::BackfillScheduleReply;
  static constexpr auto fields =
      std::tuple(field("outcomes", &R::outcomes, "One for each firing, in their order."));
};
template <>
struct Schema<client::PreviewScheduleRequest> {
  using R = client::PreviewScheduleRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("schedule_name", &R::schedule_name,
                "Schedule that is in the database. Excludes schedule and cron_timezone.")
              .non_empty(),
          field("schedule", &R::schedule, "Cron expression; needs language."),
          field("cron_timezone", &R::cron_timezone, "IANA time zone of that. Default: UTC.")
              .non_empty(),
          field("language", &R::language,
                "SDK whose scheduler runs it. Default for one in the database: told from its "
                "context and the application's rows."),
          field("after", &R::after, "Firings after this instant. Default: now."),
          field("count", &R::count, "How many.").between(1, 1000).defaults_to("10")),
      call_fields<R>());
};
template <>
struct Schema<client::PreviewScheduleReply> {
  using R = client::PreviewScheduleReply;
  static constexpr auto fields =
      std::tuple(field("firings_at_ms", &R::firings_at_ms,
                       "The next firings; fewer where its scheduler would find no more.")
                     .instant());
};

}  // namespace dbosc::schema
