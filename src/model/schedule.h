#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "schema/field.h"

namespace dbosc::model {

inline constexpr std::string_view kActive = "ACTIVE";
inline constexpr std::string_view kPaused = "PAUSED";
inline constexpr std::string_view kDefaultTimezone = "UTC";

/// Table workflow_schedules: what the schedulers of applications run when.
struct Schedule {
  std::string schedule_id;
  std::string schedule_name;
  std::string workflow_name;
  std::optional<std::string> workflow_class_name;
  std::string schedule;
  std::string status{kActive};
  std::string
      stored_context;  ///< In the format of the owner's language; the column has no name for it.
  schema::RawJson context;  ///< The same for a reply.
  std::optional<std::int64_t> last_fired_at_ms;
  bool automatic_backfill = false;
  std::optional<std::string> cron_timezone;
  std::optional<std::string> queue_name;
  std::optional<std::string> application_name;
};

}  // namespace dbosc::model

namespace dbosc::schema {

template <>
struct Schema<model::Schedule> {
  using S = model::Schedule;
  static constexpr auto fields = std::tuple(
      field("schedule_id", &S::schedule_id, "Id of the record."),
      field("schedule_name", &S::schedule_name, "Name, unique in the whole database."),
      field("workflow_name", &S::workflow_name, "Registered name of the workflow function."),
      field("workflow_class_name", &S::workflow_class_name, "Class of a workflow method."),
      field("schedule", &S::schedule, "Cron expression, in the grammar of the owner's language."),
      field("status", &S::status, "ACTIVE or PAUSED."),
      field("context", &S::context, "What each run gets as its second argument."),
      field("last_fired_at_ms", &S::last_fired_at_ms,
            "Time of the last firing; null before the first.")
          .instant(),
      field("automatic_backfill", &S::automatic_backfill,
            "Whether a scheduler that starts makes up for what it missed."),
      field("cron_timezone", &S::cron_timezone,
            "Time zone of the expression; null: UTC for Python and Java, the process's own for "
            "TypeScript."),
      field("queue_name", &S::queue_name, "Queue of its runs; null: the internal one."),
      field("application_name", &S::application_name,
            "Owning application; null while unclaimed, and below schema level 102."));
};

}  // namespace dbosc::schema
