#include "client/manage/fork.h"

#include <set>
#include <span>

#include "base/clock.h"
#include "base/uuid.h"
#include "client/manage/selection.h"
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

std::optional<std::int64_t> find_point(sql::Session& session, const std::string& workflow_id,
                                       const schema::NumberOrText& step) {
  if (step.text.empty()) return step.number;
  const auto choice = step.text == "last_failure" ? store::StepChoice::kLastFailure
                      : step.text == "last_step"  ? store::StepChoice::kLastStep
                                                  : store::StepChoice::kNamed;
  return store::find_step(session, workflow_id, choice, step.text);
}

std::int64_t resolve(sql::Session& session, const std::string& workflow_id,
                     const schema::NumberOrText& step) {
  if (const auto point = find_point(session, workflow_id, step)) return *point;
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

std::vector<ForkEntry> fork_all(Call& call, std::span<const ForkOptions> forks) {
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
  std::vector<ForkEntry> entries;
  for (const auto& fork : drafts) {
    entries.push_back({fork.source_id, fork.workflow_id, fork.start_step});
  }
  return entries;
}

/// Where each would be forked from; nothing where it has no such step.
std::vector<ForkEntry> find_points(Call& call, std::span<const ForkOptions> forks, bool must_have) {
  return call.read([&](sql::Session& session, const store::Layout&) {
    std::vector<ForkEntry> entries;
    for (const auto& fork : forks) {
      const auto& id = fork.workflow_id;
      if (store::existing_workflows(session, {id}).empty()) throw non_existent(id);
      const auto point = must_have ? resolve(session, id, fork.start_step)
                                   : find_point(session, id, fork.start_step);
      entries.push_back({id, std::nullopt, point});
    }
    return entries;
  });
}

void refuse_unclear(const ForkManyRequest& request) {
  if (request.forks.has_value() == request.filter.has_value()) {
    throw invalid_argument(request.forks ? "conflicting_keys" : "missing_key", "forks",
                           "exactly one of 'forks' and 'filter' must be given");
  }
  if (request.filter && !request.start_step) {
    throw invalid_argument("missing_key", "start_step", "'filter' needs a 'start_step'");
  }
  if (request.forks && (request.start_step || request.app_version || request.queue_name ||
                        request.queue_partition_key || request.workflow_timeout_ms)) {
    throw invalid_argument("conflicting_keys", "forks",
                           "'start_step' and the target stand in each of 'forks'; beside them "
                           "they go with 'filter'");
  }
}

std::vector<ForkOptions> select(Call& call, const ForkManyRequest& request) {
  std::vector<ForkOptions> forks;
  for (auto& id : find_selected(call, *request.filter)) {
    auto& fork = forks.emplace_back();
    static_cast<ForkTarget&>(fork) = request;
    fork.workflow_id = std::move(id);
    fork.start_step = *request.start_step;
  }
  return forks;
}

/// Forks those of `entries` that have a point, from there: nothing that happens meanwhile moves it.
void fork_from_points(Call& call, std::vector<ForkOptions> forks, std::vector<ForkEntry>& entries) {
  std::vector<ForkOptions> due;
  for (std::size_t i = 0; i < forks.size(); ++i) {
    if (!entries[i].start_step) continue;
    forks[i].start_step = {*entries[i].start_step, {}};
    due.push_back(std::move(forks[i]));
  }
  if (due.empty()) return;
  auto made = fork_all(call, due);
  auto next = made.begin();
  for (auto& entry : entries) {
    if (entry.start_step) entry = std::move(*next++);
  }
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
  const auto made = std::move(fork_all(call, {&options, 1}).front());
  return {*made.workflow_id, *made.start_step};
}

ForkManyReply fork_workflows(Call& call, const ForkManyRequest& request) {
  refuse_unclear(request);
  auto forks = request.forks ? *request.forks : select(call, request);
  if (request.forks && !request.dry_run) return {fork_all(call, forks)};
  draft(call.config(), forks);  // a dry run refuses what another would
  auto entries = find_points(call, forks, request.forks.has_value());
  if (!request.dry_run) fork_from_points(call, std::move(forks), entries);
  return {std::move(entries)};
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
