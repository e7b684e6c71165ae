#include "client/manage/adjust.h"

#include "base/clock.h"
#include "store/workflow_changes.h"

namespace dbosc::client {
namespace {

AdjustOutcome outcome_of(store::RowChange change) {
  switch (change) {
    case store::RowChange::kChanged:
      return AdjustOutcome::kUpdated;
    case store::RowChange::kUnchanged:
      return AdjustOutcome::kUnchanged;
    case store::RowChange::kNotFound:
      break;
  }
  return AdjustOutcome::kNotFound;
}

/// Runs a change of one row. It writes the same values when it is repeated, so a retry cannot do it
/// twice.
template <class Change>
AdjustReply adjust(Call& call, const std::string& workflow_id, Change&& change) {
  const Identity identity{{"workflow_id", workflow_id}};
  return call.write(identity, [&](sql::Session& session, const store::Layout&) -> AdjustReply {
    return {outcome_of(change(session))};
  });
}

}  // namespace

AdjustReply set_workflow_delay(Call& call, const SetDelayRequest& request) {
  if (request.delay_ms.has_value() == request.delay_until.has_value()) {
    throw invalid_argument(request.delay_ms ? "conflicting_keys" : "missing_key", "delay_ms",
                           "exactly one of 'delay_ms' and 'delay_until' must be given");
  }
  const auto until = request.delay_until ? request.delay_until->ms : now_ms() + *request.delay_ms;
  return adjust(call, request.workflow_id, [&](sql::Session& session) {
    return store::set_workflow_delay(session, request.workflow_id, until);
  });
}

AdjustReply set_workflow_priority(Call& call, const SetPriorityRequest& request) {
  return adjust(call, request.workflow_id, [&](sql::Session& session) {
    return store::set_workflow_priority(session, request.workflow_id, request.priority);
  });
}

AdjustReply update_workflow_attributes(Call& call, const UpdateAttributesRequest& request) {
  std::optional<std::string> attributes;
  if (request.attributes.value) attributes = std::string(request.attributes.value->value.raw());
  if (request.merge && !attributes) {
    throw invalid_argument("wrong_type", "attributes",
                           "'attributes' must be an object to be merged");
  }
  return adjust(call, request.workflow_id, [&](sql::Session& session) {
    return store::update_attributes(session, request.workflow_id, attributes, request.merge);
  });
}

}  // namespace dbosc::client
