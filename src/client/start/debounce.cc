#include "client/start/debounce.h"

#include <algorithm>

#include "model/workflow.h"
#include "store/debounce.h"
#include "store/new_workflows.h"

namespace dbosc::client {
namespace {

/// Between two tries that lost a race.
constexpr milliseconds kPause{5};

void refuse_together_with_debounce(const DebounceRequest& request) {
  const auto refuse = [](bool given, std::string_view key, std::string_view why) {
    if (!given) return;
    throw invalid_argument(
        "conflicting_keys", key,
        "'" + std::string(key) + "' cannot be given to a debounce: " + std::string(why));
  };
  refuse(request.deduplication_id.has_value(), "deduplication_id", "debounce_key takes its place");
  refuse(request.delay_ms.has_value(), "delay_ms", "debounce_period_ms is its delay");
  refuse(request.priority.has_value(), "priority", "debounced workflows have none");
  refuse(request.queue_partition_key.has_value(), "queue_partition_key",
         "partitions and deduplication exclude each other");
  refuse(request.duplication_policy == DuplicationPolicy::kReturnExisting, "duplication_policy",
         "a held key always leads to its holder");
  refuse(request.workflow_id_reuse_policy == ReusePolicy::kReject, "workflow_id_reuse_policy",
         "a debounce may come to a workflow that is there");
}

Language language_of(const DebounceRequest& request, const store::NewWorkflow& workflow) {
  if (request.language) return *request.language;
  return language_of_format(workflow.serialization.value_or("")).value_or(Language::kPython);
}

/// The deduplication id that a language's debouncers give to a key.
std::string spell(Language language, const store::NewWorkflow& workflow, const std::string& key) {
  switch (language) {
    case Language::kTypescript:
      return workflow.class_name.value_or("") + '.' + workflow.name + '-' + key;
    case Language::kGo:
      return workflow.name + (workflow.config_name ? '/' + *workflow.config_name : "") + '-' + key;
    case Language::kJava:
      throw Error(Code::kUnsupported, "unsupported_language",
                  "'language' java: its debouncer is a helper workflow that runs inside the "
                  "application, and its workers never release the key of a debounced workflow")
          .with("path", "language");
    case Language::kPython:
    case Language::kRust:
      break;
  }
  return workflow.name + '-' + key;
}

store::Bounce draft(Call& call, const DebounceRequest& request, EnqueueOptions options) {
  if (options.queue_name.empty()) options.queue_name = model::kInternalQueue;
  store::Bounce bounce{.workflow = new_workflow(call, options)};
  auto& workflow = bounce.workflow;
  const auto now = workflow.created_at_ms;
  const auto language = language_of(request, workflow);
  bounce.delay_until_ms = now + request.debounce_period_ms;
  // What the SDK itself compares; Rust knows a workflow by all three names.
  bounce.same_class = language == Language::kTypescript || language == Language::kRust;
  bounce.same_config = language == Language::kRust;
  workflow.status = "DELAYED";
  workflow.is_debounced = true;
  workflow.deduplication_id = spell(language, workflow, request.debounce_key);
  workflow.delay_until_ms = bounce.delay_until_ms;
  if (request.debounce_timeout_ms > 0) {
    workflow.debounce_deadline_ms = now + request.debounce_timeout_ms;
    workflow.delay_until_ms = std::min(bounce.delay_until_ms, *workflow.debounce_deadline_ms);
  }
  return bounce;
}

/// Where the key stands after an attempt to put its workflow off.
struct Bounced {
  std::optional<std::string> extended;
  std::optional<store::DebounceHolder> holder;
};

Bounced extend(Call& call, const store::Bounce& bounce) {
  const Identity identity{{"deduplication_id", *bounce.workflow.deduplication_id}};
  // What a try has put off whose answer was lost: it may have started since.
  std::optional<std::string> sent;
  return call.write(identity, [&](sql::Session& session, const store::Layout& layout) -> Bounced {
    layout.require(store::kDebouncing, "debounce");
    sql::Transaction transaction(session);
    if (const auto id = store::extend_debounced(session, layout, bounce)) {
      sent = id;
      transaction.commit();
      return {id, {}};
    }
    if (sent && store::has_arguments_of(session, layout, *sent, bounce)) return {sent, {}};
    return {{}, store::find_debounce_holder(session, layout, bounce)};
  });
}

store::InsertOutcome insert(Call& call, const store::NewWorkflow& workflow) {
  const Identity identity{{"workflow_id", workflow.workflow_id},
                          {"deduplication_id", *workflow.deduplication_id}};
  return call.write(identity, [&](sql::Session& session, const store::Layout& layout) {
    if (!call.joined) return store::insert_workflow(session, layout, workflow);
    // In the caller's transaction: without ever failing it.
    return std::move(store::insert_workflows(session, layout, {&workflow, 1}).front());
  });
}

}  // namespace

DebounceReply debounce(Call& call, const DebounceRequest& request) {
  refuse_together_with_debounce(request);
  const auto bounce = draft(call, request, request);
  const auto& workflow = bounce.workflow;
  for (;;) {
    auto bounced = extend(call, bounce);
    if (bounced.extended) return {*std::move(bounced.extended), DebounceOutcome::kExtended};
    if (bounced.holder && !bounced.holder->extendable) {
      throw deduplicated(workflow, bounced.holder->workflow_id);
    }
    if (!bounced.holder) {
      const auto outcome = insert(call, workflow);
      if (outcome.kind != store::InsertOutcome::Kind::kDeduplicated) {
        auto settled = settle(request, workflow, outcome);
        if (settled.refusal) throw *std::move(settled.refusal);
        const bool created = settled.outcome == EnqueueResult::kCreated;
        return {std::move(settled.workflow_id),
                created ? DebounceOutcome::kCreated : DebounceOutcome::kExisting};
      }
    }
    call.limits.sleep_until(Deadline::in(kPause));
  }
}

}  // namespace dbosc::client
