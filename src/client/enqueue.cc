#include "client/enqueue.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "client/trace_context.h"
#include "wire/payload.h"

namespace dbosc::client {
namespace {

constexpr std::int64_t kMinPriority = 1;
constexpr std::int64_t kMaxPriority = 2147483647;

Error conflicting_keys(std::string_view first, std::string_view second) {
  return invalid_argument(
      "conflicting_keys", first,
      "'" + std::string(first) + "' and '" + std::string(second) + "' exclude each other");
}

void check_priority(const std::optional<std::int64_t>& priority) {
  if (!priority || (*priority >= kMinPriority && *priority <= kMaxPriority)) return;
  throw invalid_argument(
      "invalid_priority", "priority",
      "'priority' must be from 1 to 2147483647, not " + std::to_string(*priority))
      .with_json("priority", std::to_string(*priority))
      .with_json("min", std::to_string(kMinPriority))
      .with_json("max", std::to_string(kMaxPriority));
}

void check(const EnqueueRequest& request) {
  check_priority(request.priority);
  if (request.workflow_timeout_ms && request.deadline) {
    throw conflicting_keys("deadline", "workflow_timeout_ms");
  }
  if (request.deduplication_id && request.queue_partition_key) {
    throw conflicting_keys("deduplication_id", "queue_partition_key");
  }
  if (request.duplication_policy == DuplicationPolicy::kReturnExisting &&
      !request.deduplication_id) {
    throw invalid_argument("missing_key", "deduplication_id",
                           "'duplication_policy' 'return_existing' needs a 'deduplication_id'");
  }
  if (request.tracestate && !request.traceparent) {
    throw invalid_argument("missing_key", "traceparent", "'tracestate' needs a 'traceparent'");
  }
}

std::optional<std::string> roles_json(const std::vector<std::string>& roles) {
  if (roles.empty()) return std::nullopt;
  JsonWriter json;
  json.begin_array();
  for (const auto& role : roles) json.string(role);
  json.end_array();
  return std::string(json.view());
}

std::optional<std::string> attributes_json(const EnqueueRequest& request) {
  const auto& attributes = request.attributes.value;
  if (request.traceparent) {
    return with_trace_context(attributes, *request.traceparent, request.tracestate);
  }
  if (!attributes) return std::nullopt;
  return std::string(attributes.raw());
}

/// Python, Java and Rust keep '' and NULL apart when they look a workflow up; what '' means is
/// always "none".
std::optional<std::string> or_none(const std::optional<std::string>& name) {
  return name && name->empty() ? std::nullopt : name;
}

store::NewWorkflow new_workflow(const Call& call, const EnqueueRequest& request) {
  const auto& config = call.config();
  auto payload =
      wire::encode_arguments({call.payloads, request.serialization.value_or(config.serialization)},
                             request.args.value, request.kwargs.value);
  const auto now = now_ms();
  store::NewWorkflow workflow;
  workflow.workflow_id = request.workflow_id.value_or("");
  if (!request.workflow_id) workflow.workflow_id = new_uuid();
  workflow.creation_token = new_uuid();
  workflow.status = request.delay_ms ? "DELAYED" : "ENQUEUED";
  workflow.name = request.workflow_name;
  workflow.class_name = or_none(request.class_name);
  workflow.config_name = or_none(request.config_name);
  workflow.queue_name = request.queue_name;
  workflow.inputs = std::move(payload.text);
  workflow.serialization = std::move(payload.serialization);
  workflow.authenticated_user = request.authenticated_user;
  workflow.authenticated_roles = roles_json(request.authenticated_roles);
  workflow.assumed_role = request.assumed_role;
  workflow.app_version = request.app_version;
  workflow.application_name =
      request.application_name ? request.application_name : config.application_name;
  workflow.priority = request.priority.value_or(0);
  workflow.deduplication_id = request.deduplication_id;
  workflow.queue_partition_key = request.queue_partition_key;
  workflow.workflow_timeout_ms = request.workflow_timeout_ms;
  if (request.deadline) workflow.deadline_ms = request.deadline->ms;
  if (request.delay_ms) workflow.delay_until_ms = now + *request.delay_ms;
  workflow.attributes = attributes_json(request);
  workflow.created_at_ms = now;
  return workflow;
}

bool same_name(const std::optional<std::string>& left, const std::optional<std::string>& right) {
  return left.value_or("") == right.value_or("");
}

/// An id that is taken is fine where it is the same function's and the caller does not insist on a
/// new one.
void check_existing(const EnqueueRequest& request, const store::NewWorkflow& ours,
                    const store::InsertOutcome& theirs) {
  if (request.workflow_id_reuse_policy == ReusePolicy::kReject) {
    throw Error(Code::kConflict, "workflow_id_in_use",
                "workflow id '" + ours.workflow_id + "' is in use by a workflow '" + theirs.name +
                    "' that is " + theirs.status)
        .with("workflow_id", ours.workflow_id)
        .with("workflow_status", theirs.status)
        .with("name", theirs.name);
  }
  const bool same = theirs.name == ours.name && same_name(theirs.class_name, ours.class_name) &&
                    same_name(theirs.config_name, ours.config_name);
  if (same) return;
  throw Error(Code::kConflict, "conflicting_workflow",
              "workflow id '" + ours.workflow_id + "' belongs to another function, '" +
                  theirs.name + "' of class '" + theirs.class_name.value_or("") +
                  "' and instance '" + theirs.config_name.value_or("") + "'")
      .with("workflow_id", ours.workflow_id)
      .with("name", theirs.name);
}

/// Before level 123 the token is overwritten when a worker takes the row: after a lost answer
/// nobody can tell whose it is.
bool may_be_ours(const store::Layout& layout, const store::InsertOutcome& outcome, int tries) {
  const bool untouched = outcome.status == "ENQUEUED" || outcome.status == "DELAYED";
  return tries > 1 && !layout.creation_token_is_lasting() && !untouched;
}

store::InsertOutcome insert(Call& call, const EnqueueRequest& request,
                            const store::NewWorkflow& workflow) {
  int tries = 0;
  const Identity identity{{"workflow_id", workflow.workflow_id}};
  return call.write(identity, [&](sql::Session& session, const store::Layout& layout) {
    ++tries;
    auto outcome = store::insert_workflow(session, layout, call.config().payload_columns, workflow);
    if (outcome.kind == store::InsertOutcome::Kind::kExisting &&
        request.workflow_id_reuse_policy == ReusePolicy::kReject &&
        may_be_ours(layout, outcome, tries)) {
      throw Error(
          Code::kOutcomeUnknown, "outcome_unknown",
          "an answer was lost and the workflow has been taken by a worker since: it may be ours")
          .with("workflow_id", workflow.workflow_id);
    }
    return outcome;
  });
}

std::optional<std::string> find_holder(Call& call, std::string_view queue_name,
                                       std::string_view deduplication_id) {
  return call.read([&](sql::Session& session, const store::Layout&) {
    return store::find_deduplicated_workflow(session, queue_name, deduplication_id);
  });
}

}  // namespace

EnqueueReply enqueue(Call& call, const EnqueueRequest& request) {
  check(request);
  const auto workflow = new_workflow(call, request);
  for (;;) {
    const auto outcome = insert(call, request, workflow);
    if (outcome.kind == store::InsertOutcome::Kind::kCreated) {
      return {workflow.workflow_id, EnqueueResult::kCreated};
    }
    if (outcome.kind == store::InsertOutcome::Kind::kExisting) {
      check_existing(request, workflow, outcome);
      return {workflow.workflow_id, EnqueueResult::kExisting};
    }
    const auto holder = find_holder(call, request.queue_name, *request.deduplication_id);
    if (!holder) continue;  // it ended in between: the key is free again
    if (request.duplication_policy == DuplicationPolicy::kReturnExisting) {
      return {*holder, EnqueueResult::kExisting};
    }
    throw Error(Code::kConflict, "queue_deduplicated",
                "deduplication id '" + *request.deduplication_id + "' is held on queue '" +
                    request.queue_name + "' by workflow '" + *holder + "'")
        .with("workflow_id", *holder)
        .with("queue_name", request.queue_name)
        .with("deduplication_id", *request.deduplication_id);
  }
}

FindDeduplicatedReply find_deduplicated_workflow(Call& call,
                                                 const FindDeduplicatedRequest& request) {
  return {find_holder(call, request.queue_name, request.deduplication_id)};
}

}  // namespace dbosc::client
