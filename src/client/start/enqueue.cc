#include "client/start/enqueue.h"

#include "client/write_with_others.h"
#include "store/new_workflows.h"
#include "store/workflows.h"
#include "write/groups.h"

namespace dbosc::client {
namespace {

/// Before level 123 the token is overwritten when a worker takes the row: after a lost answer
/// nobody can tell whose it is.
bool may_be_ours(const store::Layout& layout, const store::InsertOutcome& outcome) {
  const bool untouched = outcome.status == "ENQUEUED" || outcome.status == "DELAYED";
  return !layout.creation_token_is_lasting() && !untouched;
}

const store::InsertOutcome& insert(Call& call, const EnqueueRequest& request,
                                   const std::shared_ptr<write::WorkflowEntry>& entry) {
  const auto& workflow = entry->workflow;
  const Identity identity{{"workflow_id", workflow.workflow_id}};
  entry->outcome.reset();
  write_with_others(
      call, identity, call.services.enqueues(), entry,
      [&](sql::Session& session, const store::Layout& layout, bool again) {
        entry->outcome = store::insert_workflow(session, layout, workflow);
        if (again && entry->outcome->kind == store::InsertOutcome::Kind::kExisting &&
            request.workflow_id_reuse_policy == ReusePolicy::kReject &&
            may_be_ours(layout, *entry->outcome)) {
          throw Error(Code::kOutcomeUnknown, "outcome_unknown",
                      "an answer was lost and the workflow has been taken by a worker since: it "
                      "may be ours")
              .with("workflow_id", workflow.workflow_id);
        }
      });
  return *entry->outcome;
}

std::optional<std::string> find_holder(Call& call, std::string_view queue_name,
                                       std::string_view deduplication_id) {
  return call.read([&](sql::Session& session, const store::Layout&) {
    return store::find_deduplicated_workflow(session, queue_name, deduplication_id);
  });
}

/// In the caller's transaction: without ever failing it.
store::InsertOutcome insert_joined(Call& call, const store::NewWorkflow& workflow) {
  const Identity identity{{"workflow_id", workflow.workflow_id}};
  return call.write(identity, [&](sql::Session& session, const store::Layout& layout) {
    return std::move(store::insert_workflows(session, layout, {&workflow, 1}).front());
  });
}

store::InsertOutcome insert_or_find(Call& call, const EnqueueRequest& request,
                                    const std::shared_ptr<write::WorkflowEntry>& entry) {
  if (call.joined) return insert_joined(call, entry->workflow);
  for (;;) {
    auto outcome = insert(call, request, entry);
    const bool deduplicated = outcome.kind == store::InsertOutcome::Kind::kDeduplicated;
    if (!deduplicated || !outcome.workflow_id.empty()) return outcome;
    if (auto holder = find_holder(call, request.queue_name, *request.deduplication_id)) {
      outcome.workflow_id = *std::move(holder);
      return outcome;
    }
    // It ended in between: the key is free again.
  }
}

}  // namespace

EnqueueReply enqueue(Call& call, const EnqueueRequest& request) {
  const auto entry = std::make_shared<write::WorkflowEntry>(new_workflow(call, request));
  auto settled = settle(request, entry->workflow, insert_or_find(call, request, entry));
  if (settled.refusal) throw *std::move(settled.refusal);
  return {std::move(settled.workflow_id), settled.outcome};
}

FindDeduplicatedReply find_deduplicated_workflow(Call& call,
                                                 const FindDeduplicatedRequest& request) {
  return {find_holder(call, request.queue_name, request.deduplication_id)};
}

}  // namespace dbosc::client
