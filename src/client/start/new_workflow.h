#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "client/call.h"
#include "client/requests.h"
#include "store/new_workflow.h"

namespace dbosc::client {

enum class ReusePolicy { kReturnExisting, kReject };
enum class DuplicationPolicy { kReject, kReturnExisting };
enum class EnqueueResult { kCreated, kExisting };

/// One workflow to start, alone or in a batch.
struct EnqueueOptions {
  std::string workflow_name;
  std::string queue_name;
  schema::Payload args;
  schema::Payload kwargs;
  std::optional<std::string> workflow_id;
  ReusePolicy workflow_id_reuse_policy = ReusePolicy::kReturnExisting;
  std::optional<std::string> class_name;
  std::optional<std::string> config_name;
  std::optional<std::string> app_version;
  std::optional<std::int64_t> workflow_timeout_ms;
  std::optional<schema::Instant> deadline;
  std::optional<std::int64_t> delay_ms;
  std::optional<std::string> deduplication_id;
  DuplicationPolicy duplication_policy = DuplicationPolicy::kReject;
  std::optional<std::int64_t> priority;
  std::optional<std::string> queue_partition_key;
  std::optional<std::string> authenticated_user;
  std::vector<std::string> authenticated_roles;
  std::optional<std::string> assumed_role;
  schema::JsonObject attributes;
  std::optional<std::string> traceparent;
  std::optional<std::string> tracestate;
  std::optional<std::string> application_name;
  std::optional<std::string> serialization;
  std::optional<std::int64_t> max_recovery_attempts;
};

/// The row of a new workflow, every id and time fixed. Throws Error(kInvalidArgument) for options
/// that are wrong or exclude each other.
store::NewWorkflow new_workflow(Call& call, const EnqueueOptions& options);

/// The key of this workflow is held by another.
Error deduplicated(const store::NewWorkflow& workflow, const std::string& holder);

/// What an insert means for the caller.
struct Settled {
  EnqueueResult outcome = EnqueueResult::kCreated;
  std::string workflow_id;
  std::optional<Error> refusal;  ///< Why this workflow was not started.
};
Settled settle(const EnqueueOptions& options, const store::NewWorkflow& workflow,
               const store::InsertOutcome& outcome);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::ReusePolicy> {
  static constexpr std::array<std::string_view, 2> texts = {"return_existing", "reject"};
};
template <>
struct EnumTexts<client::DuplicationPolicy> {
  static constexpr std::array<std::string_view, 2> texts = {"reject", "return_existing"};
};
template <>
struct EnumTexts<client::EnqueueResult> {
  static constexpr std::array<std::string_view, 2> texts = {"created", "existing"};
};

inline constexpr auto kQueueField =
    field("queue_name", &client::EnqueueOptions::queue_name,
          "Queue to wait on. That a worker listens to it is checked by nobody.")
        .required();

template <class R>
constexpr auto enqueue_fields(Field<client::EnqueueOptions, std::string> queue = kQueueField) {
  return std::tuple(
      field("workflow_name", &R::workflow_name, "Registered name of the workflow function.")
          .required(),
      queue, field("args", &R::args, "Positional arguments, an array."),
      field("kwargs", &R::kwargs, "Keyword arguments, an object; only Python has them."),
      field("workflow_id", &R::workflow_id,
            "Id of the workflow and idempotency key. Default: a new UUID.")
          .non_empty(),
      field("workflow_id_reuse_policy", &R::workflow_id_reuse_policy,
            "What to do when the id is taken by the same function: hand that workflow back, or "
            "refuse with workflow_id_in_use.")
          .defaults_to("\"return_existing\""),
      field("class_name", &R::class_name,
            "Class of a workflow method; Java needs it always. Empty is the same as absent."),
      field("config_name", &R::config_name, "Configured instance of that class.")
          .alias("instance_name"),
      field("app_version", &R::app_version,
            "Only workers of this version run it. Default: workers of the latest version.")
          .non_empty(),
      field("workflow_timeout_ms", &R::workflow_timeout_ms,
            "It is cancelled so long after its dequeue. Excludes deadline.")
          .at_least(1),
      field("deadline", &R::deadline,
            "It is cancelled at this instant. Excludes workflow_timeout_ms."),
      field("delay_ms", &R::delay_ms,
            "It stays DELAYED so long before it can be dequeued; 0 is due at once.")
          .between(0, 253402300799999),
      field("deduplication_id", &R::deduplication_id,
            "Key that one unfinished workflow of a queue can hold. Excludes queue_partition_key.")
          .non_empty(),
      field("duplication_policy", &R::duplication_policy,
            "What to do when the key is held: refuse with queue_deduplicated, or hand the holder "
            "back (its arguments stay).")
          .defaults_to("\"reject\""),
      field("priority", &R::priority,
            "1 to 2147483647, lower first; without one it goes before all that have one."),
      field("queue_partition_key", &R::queue_partition_key,
            "Partition; needed on a partitioned queue, ignored on others.")
          .non_empty(),
      field("authenticated_user", &R::authenticated_user, "User on whose behalf it runs."),
      field("authenticated_roles", &R::authenticated_roles, "Roles of that user."),
      field("assumed_role", &R::assumed_role, "Role it runs under."),
      field("attributes", &R::attributes, "JSON object to find it by."),
      field("traceparent", &R::traceparent, "W3C trace context; Python workers join the trace.")
          .non_empty(),
      field("tracestate", &R::tracestate, "W3C trace state; needs traceparent."),
      field("application_name", &R::application_name,
            "Application that owns it. Default: the client's.")
          .non_empty(),
      field("serialization", &R::serialization,
            "Format of the arguments; auto: that of the application which will run it, as its "
            "recent workflows tell, else portable_json. Default: the client's.")
          .non_empty(),
      field("max_recovery_attempts", &R::max_recovery_attempts,
            "Checked, not stored: it belongs to the workflow's registration.")
          .at_least(1));
}

template <>
struct Schema<client::EnqueueOptions> {
  static constexpr auto fields = enqueue_fields<client::EnqueueOptions>();
};

}  // namespace dbosc::schema
