#include "watch/lane.h"

#include <algorithm>

namespace dbosc::watch {

std::size_t Lane::name_of(const Topic& topic) {
  if (topic.kind == Topic::Kind::kResult) return name_of(topic.workflow_id);
  return name_of(store::announcement(topic.workflow_id, topic.key));
}

Lane::Handle Lane::add(Topic topic, Waiter& waiter, std::uint32_t index, bool urgent) {
  const auto name = name_of(topic);
  auto& entry = waiting_.emplace_front();
  entry.topic = std::move(topic);
  entry.waiter = &waiter;
  entry.index = index;
  entry.since = MonotonicClock::now();
  entry.self = waiting_.begin();
  try {
    entry.turn = turns_.insert(turns_.end(), &entry);
    entry.name = names_.emplace(name, &entry);
  } catch (...) {
    if (!turns_.empty() && turns_.back() == &entry) turns_.pop_back();
    waiting_.pop_front();
    throw;
  }
  if (urgent) hurry(entry);
  return waiting_.begin();
}

void Lane::leave(Entry& entry) {
  if (entry.urgent) --urgent_;
  entry.urgent = false;
  turns_.erase(entry.turn);
  names_.erase(entry.name);
  entry.done = true;
}

void Lane::remove(Handle entry) {
  if (entry->done) {
    done_.erase(entry);
    return;
  }
  leave(*entry);
  waiting_.erase(entry);
}

void Lane::finish(Entry& entry, Answer answer) {
  entry.waiter->answered(entry.index, std::move(answer));
  leave(entry);
  done_.splice(done_.begin(), waiting_, entry.self);
}

void Lane::fail_all(const Error& failure) {
  while (!waiting_.empty()) {
    auto& entry = waiting_.front();
    entry.waiter->failed(failure);
    leave(entry);
    done_.splice(done_.begin(), waiting_, entry.self);
  }
}

void Lane::hurry(Entry& entry) {
  if (entry.urgent) return;
  entry.urgent = true;
  ++urgent_;
  turns_.splice(turns_.begin(), turns_, entry.turn);
}

void Lane::hurry_all() {
  for (auto* entry : turns_) entry->urgent = true;
  urgent_ = turns_.size();
}

std::vector<Lane::Look> Lane::take(std::size_t most) {
  std::vector<Look> looks;
  const auto count = std::min(most, turns_.size());
  looks.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto& entry = *turns_.front();
    looks.push_back({entry.topic, entry.last_look});
    if (entry.urgent) --urgent_;
    entry.urgent = false;
    turns_.splice(turns_.end(), turns_, entry.turn);
  }
  return looks;
}

}  // namespace dbosc::watch
