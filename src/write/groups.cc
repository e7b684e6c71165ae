#include "write/groups.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "sql/dialect.h"
#include "store/messages.h"
#include "store/new_workflows.h"
#include "store/rows.h"
#include "store/workflows.h"

namespace dbosc::write {
namespace {

/// A group waits no longer for a lock that somebody else's transaction holds: all but one of its
/// entries have no part in that.
constexpr milliseconds kLockPatience{100};

template <class Kind>
std::vector<Kind*> members(const Group& group) {
  std::vector<Kind*> entries;
  entries.reserve(group.size());
  for (const auto& entry : group) entries.push_back(static_cast<Kind*>(entry.get()));
  return entries;
}

/// Groups of several clients that meet the same rows take them in the same order, so that none
/// waits for one which waits for it. Those who are in one group came at once: they have no order.
void in_lock_order(std::vector<WorkflowEntry*>& entries) {
  std::stable_sort(entries.begin(), entries.end(), [](const auto* left, const auto* right) {
    const auto& a = left->workflow;
    const auto& b = right->workflow;
    return std::tie(a.deduplication_id, a.workflow_id) <
           std::tie(b.deduplication_id, b.workflow_id);
  });
}

std::vector<WorkflowEntry*> workflows_of(const Group& group) {
  auto entries = members<WorkflowEntry>(group);
  in_lock_order(entries);
  return entries;
}

void insert(sql::Session& session, const store::Layout& layout,
            const std::vector<WorkflowEntry*>& entries, store::OnOutcome on_outcome) {
  std::vector<const store::NewWorkflow*> workflows;
  workflows.reserve(entries.size());
  for (const auto* entry : entries) workflows.push_back(&entry->workflow);
  store::insert_workflows(session, layout, workflows, kLockPatience, on_outcome);
}

void insert(sql::Session& session, const std::vector<MessageEntry*>& entries) {
  std::vector<const model::Message*> messages;
  messages.reserve(entries.size());
  for (const auto* entry : entries) messages.push_back(&entry->message);
  store::insert_messages(session, messages, now_ms(), kLockPatience);
}

/// Which of them could be sent.
std::vector<bool> insert_existing(sql::Session& session,
                                  const std::vector<MessageEntry*>& entries) {
  std::vector<bool> sent(entries.size(), true);
  try {
    insert(session, entries);
    return sent;
  } catch (const Error& error) {
    if (error.kind != "foreign_key_violation") throw;
  }
  std::vector<std::string> ids;
  for (const auto* entry : entries) ids.push_back(entry->message.destination_id);
  const auto found = store::existing_workflows(session, ids);
  const std::unordered_set<std::string> existing(found.begin(), found.end());
  std::vector<MessageEntry*> rest;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    sent[i] = existing.contains(ids[i]);
    if (sent[i]) rest.push_back(entries[i]);
  }
  insert(session, rest);
  return sent;
}

}  // namespace

std::size_t WorkflowEntry::bytes() const { return store::bytes_of(workflow); }
std::size_t MessageEntry::bytes() const { return store::bytes_of(message); }

void write_workflows(sql::Session& session, const store::Layout& layout, Combiner::Take take) {
  if (store::takes_rows_together(session.dialect())) {
    const auto entries = workflows_of(take());
    insert(session, layout, entries, [&](std::size_t i, store::InsertOutcome outcome) {
      entries[i]->outcome = std::move(outcome);
    });
    return;
  }
  // Who waits for the lock has sent nothing yet.
  sql::Transaction transaction(session);
  const auto entries = workflows_of(take());
  std::vector<store::InsertOutcome> outcomes(entries.size());
  insert(session, layout, entries,
         [&](std::size_t i, store::InsertOutcome outcome) { outcomes[i] = std::move(outcome); });
  transaction.commit();
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i]->outcome = std::move(outcomes[i]);
}

void write_messages(sql::Session& session, const store::Layout&, Combiner::Take take) {
  std::optional<sql::Transaction> transaction;
  if (!store::takes_rows_together(session.dialect())) transaction.emplace(session);
  auto entries = members<MessageEntry>(take());
  std::stable_sort(entries.begin(), entries.end(), [](const auto* left, const auto* right) {
    return left->message.message_id < right->message.message_id;
  });
  const auto sent = insert_existing(session, entries);
  if (transaction) transaction->commit();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i]->outcome =
        sent[i] ? MessageEntry::Outcome::kSent : MessageEntry::Outcome::kNoDestination;
  }
}

}  // namespace dbosc::write
