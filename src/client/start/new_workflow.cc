#include "client/start/new_workflow.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "client/applications/ownership.h"
#include "client/start/auto_format.h"
#include "client/start/format_rules.h"
#include "client/start/trace_context.h"
#include "wire/payload.h"

namespace dbosc::client {
namespace {

constexpr std::int64_t kMinPriority = 1;
constexpr std::int64_t kMaxPriority = 2147483647;

void check_priority(const std::optional<std::int64_t>& priority) {
  if (!priority || (*priority >= kMinPriority && *priority <= kMaxPriority)) return;
  throw invalid_argument(
      "invalid_priority", "priority",
      "'priority' must be from 1 to 2147483647, not " + std::to_string(*priority))
      .with_json("priority", std::to_string(*priority))
      .with_json("min", std::to_string(kMinPriority))
      .with_json("max", std::to_string(kMaxPriority));
}

void check(const EnqueueOptions& options) {
  check_priority(options.priority);
  if (options.workflow_timeout_ms && options.deadline) {
    throw conflicting_keys("deadline", "workflow_timeout_ms");
  }
  if (options.deduplication_id && options.queue_partition_key) {
    throw conflicting_keys("deduplication_id", "queue_partition_key");
  }
  if (options.duplication_policy == DuplicationPolicy::kReturnExisting &&
      !options.deduplication_id) {
    throw invalid_argument("missing_key", "deduplication_id",
                           "'duplication_policy' 'return_existing' needs a 'deduplication_id'");
  }
  if (options.tracestate && !options.traceparent) {
    throw invalid_argument("missing_key", "traceparent", "'tracestate' needs a 'traceparent'");
  }
}

std::optional<std::string> roles_json(const std::vector<std::string>& roles) {
  if (roles.empty()) return std::nullopt;
  return json_strings(roles);
}

std::optional<std::string> attributes_json(const EnqueueOptions& options) {
  const auto& attributes = options.attributes.value;
  if (options.traceparent) {
    return with_trace_context(attributes, *options.traceparent, options.tracestate);
  }
  if (!attributes) return std::nullopt;
  return std::string(attributes.raw());
}

/// Python, Java and Rust keep '' and NULL apart when they look a workflow up; what '' means is
/// always "none".
std::optional<std::string> or_none(const std::optional<std::string>& name) {
  return name && name->empty() ? std::nullopt : name;
}

bool same_name(const std::optional<std::string>& left, const std::optional<std::string>& right) {
  return left.value_or("") == right.value_or("");
}

/// An id that is taken is fine where it is the same function's and the caller does not insist on a
/// new one; otherwise the reason why not.
std::optional<Error> conflict_with(const EnqueueOptions& options, const store::NewWorkflow& ours,
                                   const store::InsertOutcome& theirs) {
  if (options.workflow_id_reuse_policy == ReusePolicy::kReject) {
    return Error(Code::kConflict, "workflow_id_in_use",
                 "workflow id '" + ours.workflow_id + "' is in use by a workflow '" + theirs.name +
                     "' that is " + theirs.status)
        .with("workflow_id", ours.workflow_id)
        .with("workflow_status", theirs.status)
        .with("name", theirs.name);
  }
  const bool same = theirs.name == ours.name && same_name(theirs.class_name, ours.class_name) &&
                    same_name(theirs.config_name, ours.config_name);
  if (same) return std::nullopt;
  return Error(Code::kConflict, "conflicting_workflow",
               "workflow id '" + ours.workflow_id + "' belongs to another function, '" +
                   theirs.name + "' of class '" + theirs.class_name.value_or("") +
                   "' and instance '" + theirs.config_name.value_or("") + "'")
      .with("workflow_id", ours.workflow_id)
      .with("name", theirs.name);
}

}  // namespace

store::NewWorkflow new_workflow(Call& call, const EnqueueOptions& options) {
  check(options);
  const auto& config = call.config();
  const auto format = arguments_format(call, options);
  auto payload = wire::encode_arguments({call.payloads, format.serialization}, options.args.value,
                                        options.kwargs.value);
  check_format(options, payload.serialization.value_or(""));
  const auto now = now_ms();
  store::NewWorkflow workflow;
  workflow.workflow_id = options.workflow_id.value_or("");
  if (!options.workflow_id) workflow.workflow_id = new_uuid();
  workflow.creation_token = new_uuid();
  workflow.status = options.delay_ms ? "DELAYED" : "ENQUEUED";
  workflow.name = options.workflow_name;
  workflow.class_name = or_none(options.class_name);
  workflow.config_name = or_none(options.config_name);
  workflow.queue_name = options.queue_name;
  workflow.inputs = std::move(payload.text);
  workflow.serialization = std::move(payload.serialization);
  workflow.payload_columns = format.payload_columns;
  workflow.authenticated_user = options.authenticated_user;
  workflow.authenticated_roles = roles_json(options.authenticated_roles);
  workflow.assumed_role = options.assumed_role;
  workflow.app_version = options.app_version;
  workflow.application_name = named_or_own(options.application_name, config);
  workflow.priority = options.priority.value_or(0);
  workflow.deduplication_id = options.deduplication_id;
  workflow.queue_partition_key = options.queue_partition_key;
  workflow.workflow_timeout_ms = options.workflow_timeout_ms;
  if (options.deadline) workflow.deadline_ms = options.deadline->ms;
  if (options.delay_ms) workflow.delay_until_ms = now + *options.delay_ms;
  workflow.attributes = attributes_json(options);
  workflow.created_at_ms = now;
  return workflow;
}

Error deduplicated(const store::NewWorkflow& workflow, const std::string& holder) {
  return Error(Code::kConflict, "queue_deduplicated",
               "deduplication id '" + *workflow.deduplication_id + "' is held on queue '" +
                   workflow.queue_name + "' by workflow '" + holder + "'")
      .with("workflow_id", holder)
      .with("queue_name", workflow.queue_name)
      .with("deduplication_id", *workflow.deduplication_id);
}

Settled settle(const EnqueueOptions& options, const store::NewWorkflow& workflow,
               const store::InsertOutcome& outcome) {
  using Kind = store::InsertOutcome::Kind;
  if (outcome.kind == Kind::kCreated) return {EnqueueResult::kCreated, workflow.workflow_id, {}};
  if (outcome.kind == Kind::kExisting) {
    return {EnqueueResult::kExisting, workflow.workflow_id,
            conflict_with(options, workflow, outcome)};
  }
  Settled settled{EnqueueResult::kExisting, outcome.workflow_id, {}};
  if (options.duplication_policy != DuplicationPolicy::kReturnExisting) {
    settled.refusal = deduplicated(workflow, outcome.workflow_id);
  }
  return settled;
}

}  // namespace dbosc::client
