#include "client/start/enqueue_many.h"

#include <algorithm>
#include <map>
#include <span>

#include "base/error_json.h"
#include "base/json_writer.h"
#include "client/start/auto_format.h"
#include "client/start/batch.h"
#include "client/start/entries.h"
#include "schema/encode.h"
#include "store/messages.h"
#include "store/new_workflows.h"

namespace dbosc::client {
namespace {

using Workflows = std::vector<store::NewWorkflow>;

Workflows new_workflows(Call& call, std::span<const EnqueueOptions> options) {
  Workflows workflows;
  workflows.reserve(options.size());
  for (std::size_t i = 0; i < options.size(); ++i) {
    workflows.push_back(at_entry("workflows", i, [&] { return new_workflow(call, options[i]); }));
  }
  keep_order(workflows, 0);
  return workflows;
}

/// The entries from `begin` to `end`, all or none.
void insert_part(Call& call, const EnqueueManyRequest& request, const Workflows& workflows,
                 std::size_t begin, std::size_t end, std::vector<EntryOutcome>& outcomes) {
  const std::span part(workflows.data() + begin, end - begin);
  std::vector<std::string> ids;
  for (const auto& workflow : part) ids.push_back(workflow.workflow_id);
  const Identity identity{{"workflow_ids", json_strings(ids), true}};
  call.write(identity, [&](sql::Session& session, const store::Layout& layout) {
    outcomes.resize(begin);
    const auto inserted = store::insert_all_or_none(session, layout, part);
    for (std::size_t i = 0; i < part.size(); ++i) {
      outcomes.push_back(entry_outcome(settle(request.workflows[begin + i], part[i], inserted[i])));
    }
  });
}

std::string json_of(const std::vector<EntryOutcome>& outcomes) {
  JsonWriter out;
  schema::encode_value(out, outcomes);
  return std::string(out.view());
}

}  // namespace

EntryOutcome entry_outcome(Settled settled) {
  if (!settled.refusal) {
    const bool created = settled.outcome == EnqueueResult::kCreated;
    return {created ? EntryResult::kCreated : EntryResult::kExisting,
            std::move(settled.workflow_id),
            {}};
  }
  const bool held = settled.refusal->kind == "queue_deduplicated";
  return {held ? EntryResult::kDeduplicated : EntryResult::kRejected,
          std::move(settled.workflow_id),
          {to_json(*settled.refusal)}};
}

std::int64_t keep_order(Workflows& workflows, std::int64_t earliest_ms) {
  const auto keyed = [](const auto& workflow) { return workflow.queue_partition_key.has_value(); };
  if (std::none_of(workflows.begin(), workflows.end(), keyed)) return earliest_ms;
  std::map<std::pair<std::string_view, std::string_view>, std::int64_t> next;
  auto latest = earliest_ms;
  for (auto& workflow : workflows) {
    workflow.fixed_created_at = true;
    if (!keyed(workflow)) continue;
    const auto [at, first] =
        next.try_emplace({workflow.queue_name, *workflow.queue_partition_key}, earliest_ms);
    workflow.created_at_ms = std::max(at->second, workflow.created_at_ms);
    at->second = workflow.created_at_ms + 1;
    latest = std::max(latest, at->second);
  }
  return latest;
}

EnqueueManyReply enqueue_many(Call& call, const EnqueueManyRequest& request) {
  const auto workflows = new_workflows(call, request.workflows);
  EnqueueManyReply reply;
  for (std::size_t begin = 0; begin < workflows.size();) {
    const auto end = request.atomic ? workflows.size() : store::end_of_statement(workflows, begin);
    try {
      insert_part(call, request, workflows, begin, end, reply.outcomes);
    } catch (Error& error) {
      reply.outcomes.resize(begin);
      if (begin > 0) error.with_json("outcomes", json_of(reply.outcomes));
      throw;
    }
    begin = end;
  }
  return reply;
}

EnqueueAndSendReply enqueue_and_send(Call& call, const EnqueueAndSendRequest& request) {
  const auto workflow = new_workflow(call, request);
  std::vector<std::string> message_ids;
  for (const auto& content : request.messages) {
    message_ids.push_back(new_message_id(content.idempotency_key, workflow.workflow_id));
  }
  refuse_repeated_ids(message_ids);
  std::vector<model::Message> messages;
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const auto& content = request.messages[i];
    messages.push_back(at_entry("messages", i, [&] {
      return new_message(call, content, message_format(call, content, workflow));
    }));
    messages.back().message_id = std::move(message_ids[i]);
  }
  EnqueueAndSendReply reply;
  const Identity identity{{"workflow_id", workflow.workflow_id}};
  call.write(identity, [&](sql::Session& session, const store::Layout& layout) {
    sql::Transaction transaction(session);
    const auto inserted = store::insert_workflows(session, layout, {&workflow, 1});
    auto settled = settle(request, workflow, inserted.front());
    if (settled.refusal) throw *std::move(settled.refusal);
    reply = {std::move(settled.workflow_id), settled.outcome, {}};
    for (std::size_t i = 0; i < messages.size(); ++i) {
      messages[i].destination_id = reply.workflow_id;
      // The holder of a deduplication id may be another than the one the key was made for.
      const auto& key = request.messages[i].idempotency_key;
      if (key) messages[i].message_id = new_message_id(key, reply.workflow_id);
      reply.message_ids.push_back(messages[i].message_id);
    }
    store::insert_messages(session, messages, workflow.created_at_ms);
    transaction.commit();
  });
  return reply;
}

}  // namespace dbosc::client
