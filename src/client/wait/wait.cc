#include "client/wait/wait.h"

#include <set>

#include "client/wait/result.h"

namespace dbosc::client {
namespace {

/// Those of `ids` that are over, by one look.
std::set<std::string> finished_among(Call& call, const std::vector<std::string>& ids) {
  const auto work = [&](sql::Session& session, const store::Layout&) {
    return store::finished_workflows(session, ids);
  };
  const auto finished = call.attempt(first_look(call.limits), {}, work);
  return {finished.begin(), finished.end()};
}

std::vector<watch::Topic> topics_of(const std::vector<std::string>& ids) {
  std::vector<watch::Topic> topics;
  for (const auto& id : ids) topics.push_back(watch::Topic::result(id));
  return topics;
}

void refuse_none_or_repeated(const std::vector<std::string>& ids) {
  if (ids.empty()) {
    throw invalid_argument("missing_key", "workflow_ids", "'workflow_ids' must name a workflow");
  }
  const std::set<std::string_view> unique(ids.begin(), ids.end());
  if (unique.size() != ids.size()) {
    throw invalid_argument("repeated_value", "workflow_ids",
                           "'workflow_ids' names a workflow twice");
  }
}

}  // namespace

WaitFirstReply wait_first(Call& call, const WaitRequest& request) {
  const auto& ids = request.workflow_ids;
  refuse_none_or_repeated(ids);
  const auto finished = finished_among(call, ids);
  for (const auto& id : ids) {
    if (finished.contains(id)) return {id};
  }
  watch::Subscription subscription(call.services.watcher(), topics_of(ids));
  return {ids[subscription.wait_next(call.limits)]};
}

WaitAllReply wait_all(Call& call, const WaitRequest& request) {
  const auto& ids = request.workflow_ids;
  if (ids.empty()) return {};
  const auto finished = finished_among(call, ids);
  std::set<std::string> open(ids.begin(), ids.end());
  for (const auto& id : finished) open.erase(id);
  if (!open.empty()) {
    const std::vector<std::string> awaited(open.begin(), open.end());
    watch::Subscription subscription(call.services.watcher(), topics_of(awaited));
    for (std::size_t i = 0; i < awaited.size(); ++i) subscription.wait_next(call.limits);
  }
  return {ids};
}

}  // namespace dbosc::client
