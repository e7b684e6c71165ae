#include "client/fork.h"

#include <set>
#include <span>

#include "base/clock.h"
#include "base/uuid.h"
#include "model/workflow.h"
#include "store/forks.h"
#include "store/workflow_changes.h"

namespace dbosc::client {
namespace {

Error non_existent(const std::string& workflow_id) {
  return Error(Code::kNotFound, "non_existent_workflow",
               "workflow '" + workflow_id + "' does not exist")
      .with("workflow_id", workflow_id);
}

void require_queue_for_partition(const std::optional<std::string>& queue_name,
                                 const std::optional<std::string>& partition_key) {
  if (!partition_key || queue_name) return;
  throw invalid_argument(
      "missing_key", "queue_name",
      "'queue_partition_key' needs a 'queue_name': the internal queue has no partitions");
}

std::int64_t resolve(sql::Session& session, const std::string& workflow_id,
                     const schema::NumberOrText& step) {
  if (step.text.empty()) return step.number;
  const auto choice = step.text == "last_failure" ? store::StepChoice::kLastFailure
                      : step.text == "last_step"  ? store::StepChoice::kLastStep
                                                  : store::StepChoice::kNamed;
  if (const auto number = store::find_step(session, workflow_id, choice, step.text)) return *number;
  if (store::existing_workflows(session, {workflow_id}).empty()) throw non_existent(workflow_id);
  throw Error(Code::kNotFound, "no_fork_point",
              "workflow '" + workflow_id + "' has no step for '" + step.text + "'")
      .with("workflow_id", workflow_id);
}

std::map<std::string, std::string> children_of(const ForkOptions& options) {
  std::map<std::string, std::string> children;
  const auto& object = options.replacement_children.value;
  if (!object) return children;
  for (const auto& member : object.children()) {
    if (!member.value.is(Json::Type::kString)) {
      throw invalid_argument("wrong_type", "replacement_children",
                             "'replacement_children' must be {\"old id\": \"new id\"}");
    }
    children.emplace(member.key, member.value.text());
  }
  return children;
}

std::vector<store::NewFork> draft(const Config& config, std::span<const ForkOptions> forks) {
  std::vector<store::NewFork> drafts;
  std::set<std::string> ids;
  for (const auto& options : forks) {
    require_queue_for_partition(options.queue_name, options.queue_partition_key);
    auto& fork = drafts.emplace_back();
    fork.source_id = options.workflow_id;
    fork.workflow_id = options.new_workflow_id ? *options.new_workflow_id : new_uuid();
    fork.creation_token = new_uuid();
    fork.queue_name = options.queue_name.value_or(std::string(model::kInternalQueue));
    fork.queue_partition_key = options.queue_partition_key;
    fork.app_version = options.app_version;
    fork.application_name = config.application_name;
    fork.workflow_timeout_ms = options.workflow_timeout_ms;
    fork.replacement_children = children_of(options);
    fork.created_at_ms = now_ms();
    if (!ids.insert(fork.workflow_id).second) {
      throw invalid_argument("repeated_value", "forks",
                             "'new_workflow_id' '" + fork.workflow_id + "' is given twice");
    }
  }
  return drafts;
}

void insert(sql::Session& session, const store::Layout& layout, const Config& config,
            const store::NewFork& fork) {
  switch (store::insert_fork(session, layout, config.payload_columns, fork)) {
    case store::ForkOutcome::kCreated:
      return;
    case store::ForkOutcome::kSourceMissing:
      throw non_existent(fork.source_id);
    case store::ForkOutcome::kIdInUse:
      throw Error(Code::kConflict, "workflow_id_in_use",
                  "workflow id '" + fork.workflow_id + "' is in use")
          .with("workflow_id", fork.workflow_id);
  }
}

std::vector<ForkReply> fork_all(Call& call, std::span<const ForkOptions> forks) {
  auto drafts = draft(call.config(), forks);
  std::vector<std::string> ids;
  for (const auto& fork : drafts) ids.push_back(fork.workflow_id);
  const Identity identity{{"workflow_ids", json_strings(ids), true}};
  call.write(identity, [&](sql::Session& session, const store::Layout& layout) {
    sql::Transaction transaction(session);
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      drafts[i].start_step = resolve(session, drafts[i].source_id, forks[i].start_step);
      insert(session, layout, call.config(), drafts[i]);
    }
    transaction.commit();
  });
  std::vector<ForkReply> replies;
  for (const auto& fork : drafts) replies.push_back({fork.workflow_id, fork.start_step});
  return replies;
}

void require_over(const store::StatesBefore& states, const std::string& workflow_id) {
  const auto found = states.find(workflow_id);
  if (found == states.end()) throw non_existent(workflow_id);
  const auto& status = found->second.status;
  if (model::is_finished(status)) return;
  throw Error(Code::kConflict, "workflow_not_over",
              "workflow '" + workflow_id + "' is " + status +
                  "; only one that is over can be rewound: cancel it first")
      .with("workflow_id", workflow_id)
      .with("workflow_status", status);
}

}  // namespace

ForkReply fork_workflow(Call& call, const ForkRequest& request) {
  const ForkOptions& options = request;
  return std::move(fork_all(call, {&options, 1}).front());
}

ForkManyReply fork_workflows(Call& call, const ForkManyRequest& request) {
  return {fork_all(call, request.forks)};
}

ForkReply rewind_workflow(Call& call, const RewindRequest& request) {
  require_queue_for_partition(request.queue_name, request.queue_partition_key);
  store::Rewind rewind{
      .workflow_id = request.workflow_id,
      .start_step = 0,
      .queue_name = request.queue_name.value_or(std::string(model::kInternalQueue)),
      .queue_partition_key = request.queue_partition_key,
      .app_version = request.app_version};
  std::optional<store::StatesBefore> before;
  call.write({{"workflow_id", request.workflow_id}},
             [&](sql::Session& session, const store::Layout& layout) {
               layout.require(store::kRewinding, "rewind_workflow");
               sql::Transaction transaction(session);
               const auto now = store::lock_states(session, {request.workflow_id});
               if (!before) before = now;
               if (*before != now) return;  // a try whose answer was lost has done it
               require_over(now, request.workflow_id);
               rewind.start_step = resolve(session, request.workflow_id, request.start_step);
               store::rewind_workflow(session, rewind);
               transaction.commit();
             });
  return {request.workflow_id, rewind.start_step};
}

}  // namespace dbosc::client
