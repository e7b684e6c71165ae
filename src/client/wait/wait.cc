#include "client/wait/wait.h"

#include <set>

#include "schema/encode.h"

namespace dbosc::client {
namespace {

/// Those of `ids` that are over, by one look.
std::set<std::string> finished_among(Call& call, const std::vector<std::string>& ids) {
  const auto work = [&](sql::Session& session, const store::Layout&) {
    return store::finished_workflows(session, ids);
  };
  const auto finished = call.attempt(look_limits(call.limits), {}, work);
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

class FirstWait final : public Wait {
 public:
  explicit FirstWait(std::vector<std::string> ids) : ids_(std::move(ids)) {}

  bool look(Call& call, JsonWriter& reply) override {
    const auto finished = finished_among(call, ids_);
    for (const auto& id : ids_) {
      if (!finished.contains(id)) continue;
      schema::encode(reply, WaitFirstReply{id});
      return true;
    }
    return false;
  }
  std::vector<watch::Topic> topics() override { return topics_of(ids_); }
  Next wake(Call&, std::size_t index, watch::Answer, JsonWriter& reply) override {
    schema::encode(reply, WaitFirstReply{ids_[index]});
    return Next::kDone;
  }

 private:
  const std::vector<std::string> ids_;
};

class AllWait final : public Wait {
 public:
  explicit AllWait(std::vector<std::string> ids)
      : ids_(std::move(ids)), open_(ids_.begin(), ids_.end()) {}

  bool look(Call& call, JsonWriter& reply) override {
    if (!open_.empty()) {
      for (const auto& id : finished_among(call, {open_.begin(), open_.end()})) open_.erase(id);
    }
    return write_if_done(reply) == Next::kDone;
  }
  std::vector<watch::Topic> topics() override {
    awaited_.assign(open_.begin(), open_.end());
    return topics_of(awaited_);
  }
  Next wake(Call&, std::size_t index, watch::Answer, JsonWriter& reply) override {
    open_.erase(awaited_[index]);
    return write_if_done(reply);
  }

 private:
  Next write_if_done(JsonWriter& reply) {
    if (!open_.empty()) return Next::kMore;
    schema::encode(reply, WaitAllReply{ids_});
    return Next::kDone;
  }

  const std::vector<std::string> ids_;
  std::set<std::string> open_;
  std::vector<std::string> awaited_;  ///< As they were subscribed.
};

}  // namespace

WaitFor<WaitFirstReply> wait_first(const WaitRequest& request) {
  refuse_none_or_repeated(request.workflow_ids);
  return {std::make_unique<FirstWait>(request.workflow_ids)};
}

WaitFor<WaitAllReply> wait_all(const WaitRequest& request) {
  return {std::make_unique<AllWait>(request.workflow_ids)};
}

}  // namespace dbosc::client
