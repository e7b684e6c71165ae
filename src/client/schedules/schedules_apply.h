#pragma once

#include <array>
#include <string>
#include <vector>

#include "client/schedules/schedule_entry.h"

namespace dbosc::client {

enum class ApplyOutcome { kCreated, kUpdated };

struct ApplySchedulesRequest : CallOptions, ScheduleOwner {
  std::vector<ScheduleEntry> schedules;
  bool delete_others = false;
};
struct AppliedSchedule {
  std::string schedule_name;
  ApplyOutcome outcome = ApplyOutcome::kCreated;
};
struct ApplySchedulesReply {
  std::vector<AppliedSchedule> outcomes;
  std::vector<std::string> deleted;
};

/// Creates the schedules or gives those of their names these definitions, all or none; what is
/// there keeps its id, its status and its last firing.
ApplySchedulesReply apply_schedules(Call& call, const ApplySchedulesRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::ApplyOutcome> {
  static constexpr std::array<std::string_view, 2> texts = {"created", "updated"};
};

template <>
struct Schema<client::ApplySchedulesRequest> {
  using R = client::ApplySchedulesRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("schedules", &R::schedules, "The schedules, of different names.").given(),
                 field("delete_others", &R::delete_others,
                       "Deletes the schedules that the application owns and that are not listed; "
                       "never another's, nor unclaimed ones.")
                     .defaults_to("false")),
      schedule_owner_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::AppliedSchedule> {
  using R = client::AppliedSchedule;
  static constexpr auto fields =
      std::tuple(field("schedule_name", &R::schedule_name, "Name."),
                 field("outcome", &R::outcome, "Whether there was none of that name."));
};
template <>
struct Schema<client::ApplySchedulesReply> {
  using R = client::ApplySchedulesReply;
  static constexpr auto fields =
      std::tuple(field("outcomes", &R::outcomes, "One for each schedule, in the same order."),
                 field("deleted", &R::deleted, "Names of the schedules that are gone."));
};

}  // namespace dbosc::schema
