#include "client/manage/retention.h"

#include <algorithm>

#include "client/look/workflow_filter.h"
#include "model/workflow.h"
#include "store/finished_workflows.h"
#include "store/workflow_changes.h"

namespace dbosc::client {
namespace {

std::string finished_statuses() {
  std::string list;
  for (const auto status : model::kFinishedStatuses) {
    if (!list.empty()) list += ", ";
    list.append("'").append(status).append("'");
  }
  return list;
}

void require_finished(const schema::OneOrMany& statuses) {
  for (const auto& status : statuses.values) {
    if (model::is_finished(status)) continue;
    throw invalid_argument("unknown_value", "status",
                           "'status' must be one of " + finished_statuses() + ", not '" + status +
                               "': only what is over is deleted");
  }
}

store::FinishedFilter to_store(const DeleteFinishedRequest& request, const Config& config) {
  store::FinishedFilter filter{
      .until_ms = request.completed_before.ms,
      .statuses = request.status.values,
      .application_names = scope_of_changes(request.application_name, {}, config)};
  if (filter.statuses.empty())
    filter.statuses.assign(std::begin(model::kFinishedStatuses),
                           std::end(model::kFinishedStatuses));
  return filter;
}

/// One transaction. Deletes those of `found` that still look as they were found, so that what was
/// resumed in between stays, whatever it has become. Returns how many are gone.
std::int64_t delete_batch(Call& call, const store::StatesBefore& found) {
  std::vector<std::string> ids;
  for (const auto& [id, state] : found) ids.push_back(id);
  const Identity identity{{"workflow_ids", json_strings(ids), true}};
  // Fixed by the first try: what is gone in a later one, a try whose answer was lost has deleted.
  std::optional<std::vector<std::string>> due;
  std::int64_t gone = 0;
  call.write(identity, [&](sql::Session& session, const store::Layout& layout) {
    sql::Transaction transaction(session);
    const auto now = store::lock_states(session, ids);
    std::vector<std::string> present;
    for (const auto& [id, state] : now) {
      if (state == found.at(id)) present.push_back(id);
    }
    if (!due) due = present;
    gone = std::count_if(due->begin(), due->end(), [&](const std::string& id) {
      const auto state = now.find(id);
      return state == now.end() || state->second == found.at(id);
    });
    if (present.empty()) return;
    transaction.commit_after(store::deleting(layout, present));
  });
  return gone;
}

}  // namespace

DeleteFinishedReply delete_finished_workflows(Call& call, const DeleteFinishedRequest& request) {
  require_finished(request.status);
  const auto filter = to_store(request, call.config());
  const auto count = [&](sql::Session& session, const store::Layout& layout) {
    return store::count_finished(session, layout, filter);
  };
  if (request.dry_run) return {call.read(count)};
  const auto find = [&](sql::Session& session, const store::Layout& layout) {
    return store::find_finished(session, layout, filter, request.batch_size);
  };
  DeleteFinishedReply reply;
  try {
    for (auto found = call.read(find); !found.empty(); found = call.read(find)) {
      reply.deleted += delete_batch(call, found);
      call.limits.check();
    }
  } catch (Error& error) {
    error.with_json("deleted", std::to_string(reply.deleted));
    throw;
  }
  return reply;
}

}  // namespace dbosc::client
