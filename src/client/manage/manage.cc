#include "client/manage/manage.h"

#include <algorithm>
#include <set>

#include "client/manage/selection.h"
#include "model/workflow.h"
#include "store/workflow_changes.h"

namespace dbosc::client {
namespace {

using Ids = std::vector<std::string>;

using State = store::StateBefore;

/// One kind of change: which workflows it applies to, what it does to them, and what it is then
/// called.
struct Change {
  bool (*applies_to)(std::string_view status);
  std::function<store::Statements(const store::Layout&, const Ids&)> apply;
  ChangeOutcome done;
  /// For a retry after a lost answer, of a workflow that has changed since the first try: whether
  /// what is there now (null: nothing) is this change's effect. Null: any difference is. Without
  /// the effect, the change is made again.
  bool (*is_effect)(const State* now) = nullptr;
  /// Makes the change in one statement and returns what was before it. After a lost answer nobody
  /// knows that: only for changes whose effect itself tells enough. Null: found first, then made.
  store::StatesBefore (*at_once)(sql::Session& session, const Ids& ids) = nullptr;
};

Ids without_repeats(const Ids& ids) {
  Ids unique;
  std::set<std::string_view> seen;
  for (const auto& id : ids) {
    if (seen.insert(id).second) unique.push_back(id);
  }
  return unique;
}

Ids select(Call& call, const WorkflowSelection& selection) {
  if (selection.workflow_ids.has_value() == selection.filter.has_value()) {
    throw invalid_argument(selection.filter ? "conflicting_keys" : "missing_key", "workflow_ids",
                           "exactly one of 'workflow_ids' and 'filter' must be given");
  }
  if (selection.workflow_ids) return without_repeats(*selection.workflow_ids);
  return find_selected(call, *selection.filter);
}

Ids with_descendants(Call& call, const Ids& ids) {
  return call.read([&](sql::Session& session, const store::Layout&) {
    return store::with_descendants(session, ids);
  });
}

/// What is to become of one workflow in this try, and whether the change has to be made for that.
struct Verdict {
  ChangeOutcome outcome;
  bool due = false;
};

Verdict judge(const Change& change, const State* before, const State* now) {
  if (!before) return {ChangeOutcome::kNotFound};
  if (!change.applies_to(before->status)) return {ChangeOutcome::kUnchanged};
  if (now && *now == *before) return {change.done, true};
  if (!change.is_effect || change.is_effect(now)) return {change.done};
  if (now && change.applies_to(now->status)) return {change.done, true};
  return {ChangeOutcome::kUnchanged};
}

/// The same after a lost answer, where nobody knows what was before.
Verdict judge_unknown(const Change& change, const State* now) {
  if (now && change.is_effect(now)) return {change.done};
  return judge(change, now, now);
}

const State* state_of(const store::StatesBefore& states, const std::string& id) {
  const auto found = states.find(id);
  return found == states.end() ? nullptr : &found->second;
}

/// The change of one batch, in one transaction. What a lost answer had changed counts as done,
/// once.
class Batch {
 public:
  Batch(const Change& change, const Ids& ids, std::vector<WorkflowChange>& outcomes)
      : change_(change), ids_(ids), outcomes_(outcomes), earlier_(outcomes.size()) {}

  void make(sql::Session& session, const store::Layout& layout, bool dry_run) {
    const bool at_once = change_.at_once && session.dialect().can_write_in_with();
    if (at_once && !dry_run && !before_is_lost_) {
      make_at_once(session);
    } else {
      find_and_make(session, layout, dry_run);
    }
  }

 private:
  void make_at_once(sql::Session& session) {
    try {
      const auto before = change_.at_once(session, ids_);
      settle([&](const std::string& id) {
        const auto* const state = state_of(before, id);
        return judge(change_, state, state);
      });
    } catch (const Error& error) {
      before_is_lost_ |= error.may_be_applied;
      throw;
    }
  }

  void find_and_make(sql::Session& session, const store::Layout& layout, bool dry_run) {
    sql::Transaction transaction(session);
    const auto now = store::lock_states(session, ids_);
    if (!before_) before_ = now;
    const auto due = settle([&](const std::string& id) {
      const auto* const state = state_of(now, id);
      return before_is_lost_ ? judge_unknown(change_, state)
                             : judge(change_, state_of(*before_, id), state);
    });
    if (dry_run || due.empty()) return;
    transaction.commit_after(change_.apply(layout, due));
  }

  /// Notes what becomes of each; returns those for which the change has to be made.
  template <class VerdictOf>
  Ids settle(VerdictOf&& verdict_of) {
    outcomes_.resize(earlier_);
    Ids due;
    for (const auto& id : ids_) {
      const auto verdict = verdict_of(id);
      outcomes_.push_back({id, verdict.outcome});
      if (verdict.due) due.push_back(id);
    }
    return due;
  }

  const Change& change_;
  const Ids& ids_;
  std::vector<WorkflowChange>& outcomes_;
  const std::size_t earlier_;
  std::optional<store::StatesBefore> before_;
  bool before_is_lost_ = false;
};

void change_batch(Call& call, const Change& change, const Ids& ids, bool dry_run,
                  std::vector<WorkflowChange>& outcomes) {
  const Identity identity{{"workflow_ids", json_strings(ids), true}};
  Batch batch(change, ids, outcomes);
  call.write(identity, [&](sql::Session& session, const store::Layout& layout) {
    batch.make(session, layout, dry_run);
  });
}

void change_in_batches(Call& call, const Change& change, const Ids& ids,
                       const WorkflowSelection& selection, std::vector<WorkflowChange>& outcomes) {
  const auto size = static_cast<std::size_t>(selection.batch_size);
  for (std::size_t at = 0; at < ids.size(); at += size) {
    const auto end = std::min(at + size, ids.size());
    change_batch(call, change,
                 Ids(ids.begin() + static_cast<std::ptrdiff_t>(at),
                     ids.begin() + static_cast<std::ptrdiff_t>(end)),
                 selection.dry_run, outcomes);
  }
}

Ids not_in(const Ids& ids, const std::vector<WorkflowChange>& outcomes) {
  std::set<std::string_view> seen;
  for (const auto& outcome : outcomes) seen.insert(outcome.workflow_id);
  Ids rest;
  for (const auto& id : ids) {
    if (!seen.contains(id)) rest.push_back(id);
  }
  return rest;
}

}  // namespace

ChangeReply cancel_workflows(Call& call, const CancelWorkflowsRequest& request) {
  const Change change{
      .applies_to = store::can_be_cancelled,
      .apply = [](const store::Layout&, const Ids& ids) { return store::cancelling(ids); },
      .done = ChangeOutcome::kCancelled,
      .is_effect = [](const State* now) { return now && now->status == "CANCELLED"; },
      .at_once = store::cancel_at_once};
  const auto roots = select(call, request);
  ChangeReply reply;
  auto due = roots;
  while (!due.empty()) {
    change_in_batches(call, change, due, request, reply.outcomes);
    if (!request.cancel_children) break;
    // Looked for anew once their parents are cancelled and can start no more; ends when no new ones
    // turn up.
    due = not_in(with_descendants(call, roots), reply.outcomes);
  }
  return reply;
}

ChangeReply resume_workflows(Call& call, const ResumeWorkflowsRequest& request) {
  const auto queue = request.queue_name.value_or(std::string(model::kInternalQueue));
  const Change change{
      .applies_to =
          [](std::string_view status) { return status != "SUCCESS" && status != "ERROR"; },
      .apply = [&](const store::Layout&, const Ids& ids) { return store::resuming(ids, queue); },
      .done = ChangeOutcome::kResumed};
  ChangeReply reply;
  change_in_batches(call, change, select(call, request), request, reply.outcomes);
  return reply;
}

ChangeReply delete_workflows(Call& call, const DeleteWorkflowsRequest& request) {
  const Change change{.applies_to = [](std::string_view) { return true; },
                      .apply = [](const store::Layout& layout,
                                  const Ids& ids) { return store::deleting(layout, ids); },
                      .done = ChangeOutcome::kDeleted,
                      .is_effect = [](const State* now) { return now == nullptr; }};
  auto ids = select(call, request);
  // All are found first: once its parent's row is gone, a child cannot be reached from it.
  if (request.delete_children) ids = with_descendants(call, ids);
  ChangeReply reply;
  change_in_batches(call, change, ids, request, reply.outcomes);
  return reply;
}

ChangeReply move_workflows(Call& call, const MoveWorkflowsRequest& request) {
  const Change change{
      .applies_to =
          [](std::string_view status) { return status == "ENQUEUED" || status == "DELAYED"; },
      .apply =
          [&](const store::Layout&, const Ids& ids) {
            return store::moving(ids, request.queue_name, request.queue_partition_key);
          },
      .done = ChangeOutcome::kMoved};
  ChangeReply reply;
  try {
    change_in_batches(call, change, select(call, request), request, reply.outcomes);
  } catch (const Error& error) {
    if (error.kind != "unique_violation") throw;
    throw Error(Code::kConflict, "queue_deduplicated",
                "one of the workflows holds a deduplication id that is held on queue '" +
                    request.queue_name + "' already; its batch was not moved")
        .with("queue_name", request.queue_name);
  }
  return reply;
}

}  // namespace dbosc::client
