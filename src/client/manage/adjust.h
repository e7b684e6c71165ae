#pragma once

#include <array>
#include <string>

#include "client/call.h"
#include "client/requests.h"

namespace dbosc::client {

enum class AdjustOutcome { kUpdated, kUnchanged, kNotFound };

struct SetDelayRequest : CallOptions {
  std::string workflow_id;
  std::optional<std::int64_t> delay_ms;
  std::optional<schema::Instant> delay_until;
};
struct SetPriorityRequest : CallOptions {
  std::string workflow_id;
  std::int64_t priority = 0;
};
struct UpdateAttributesRequest : CallOptions {
  std::string workflow_id;
  schema::Clearable<schema::JsonObject> attributes;
  bool merge = false;
};
struct AdjustReply {
  AdjustOutcome outcome = AdjustOutcome::kUpdated;
};

// Each changes one workflow and says whether it did; one whose status forbids it is unchanged.
AdjustReply set_workflow_delay(Call& call, const SetDelayRequest& request);
AdjustReply set_workflow_priority(Call& call, const SetPriorityRequest& request);
AdjustReply update_workflow_attributes(Call& call, const UpdateAttributesRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::AdjustOutcome> {
  static constexpr std::array<std::string_view, 3> texts = {"updated", "unchanged", "not_found"};
};
template <>
struct Schema<client::AdjustReply> {
  using R = client::AdjustReply;
  static constexpr auto fields =
      std::tuple(field("outcome", &R::outcome, "What became of the workflow."));
};
template <>
struct Schema<client::SetDelayRequest> {
  using R = client::SetDelayRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("workflow_id", &R::workflow_id, "Workflow that is DELAYED.").required(),
                 field("delay_ms", &R::delay_ms, "It stays so for this long from now.")
                     .between(0, 253402300799999),
                 field("delay_until", &R::delay_until, "It stays so until then. Excludes delay_ms.")
                     .at_least(0)),
      call_fields<R>());
};
template <>
struct Schema<client::SetPriorityRequest> {
  using R = client::SetPriorityRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("workflow_id", &R::workflow_id, "Workflow that is ENQUEUED or DELAYED.").required(),
          field("priority", &R::priority, "Lower runs first; 0: before all that have one.")
              .required()
              .between(0, 2147483647)),
      call_fields<R>());
};
template <>
struct Schema<client::UpdateAttributesRequest> {
  using R = client::UpdateAttributesRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("workflow_id", &R::workflow_id, "The workflow, whatever its status.").required(),
          field("attributes", &R::attributes, "The new attributes; null clears them.").required(),
          field("merge", &R::merge, "Only replace the top-level keys that are given.")
              .defaults_to("false")),
      call_fields<R>());
};

}  // namespace dbosc::schema
