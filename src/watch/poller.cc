// What one tick of the watcher asks: one statement for each kind of topic, however many wait.

#include <map>
#include <set>

#include "store/streams.h"
#include "watch/watcher.h"

namespace dbosc::watch {

void Watcher::poll() {
  last_poll_ = MonotonicClock::now();
  {
    std::lock_guard lock(mutex_);
    for (auto& entry : entries_) entry.due = false;
  }
  poll_results();
  poll_events();
  poll_streams();
}

std::vector<Topic> Watcher::awaited(Topic::Kind kind) {
  std::vector<Topic> topics;
  std::lock_guard lock(mutex_);
  for (const auto& entry : entries_) {
    if (entry.topic.kind == kind && !entry.done) topics.push_back(entry.topic);
  }
  return topics;
}

template <class AnswerOf>
void Watcher::deliver(Topic::Kind kind, AnswerOf&& answer_of) {
  std::lock_guard lock(mutex_);
  for (auto& entry : entries_) {
    if (entry.topic.kind != kind || entry.done) continue;
    if (const Answer* answer = answer_of(entry.topic)) finish(entry, *answer);
  }
}

void Watcher::poll_results() {
  std::set<std::string> ids;
  for (auto& topic : awaited(Topic::Kind::kResult)) ids.insert(std::move(topic.workflow_id));
  if (ids.empty()) return;
  std::map<std::string, Answer, std::less<>> answers;
  for (auto& outcome :
       store::read_finished(*session_, *layout_of_(*session_), {ids.begin(), ids.end()})) {
    auto id = outcome.workflow_id;
    answers.emplace(std::move(id), std::move(outcome));
  }
  deliver(Topic::Kind::kResult, [&](const Topic& topic) {
    const auto found = answers.find(topic.workflow_id);
    return found == answers.end() ? nullptr : &found->second;
  });
}

void Watcher::poll_events() {
  std::set<std::string> ids, keys;
  for (auto& topic : awaited(Topic::Kind::kEvent)) {
    ids.insert(std::move(topic.workflow_id));
    keys.insert(std::move(topic.key));
  }
  if (ids.empty()) return;
  std::map<std::pair<std::string, std::string>, Answer> answers;
  for (auto& event :
       store::read_events(*session_, {ids.begin(), ids.end()}, {keys.begin(), keys.end()})) {
    std::pair place(event.workflow_id, event.key);
    answers.emplace(std::move(place), std::move(event));
  }
  deliver(Topic::Kind::kEvent, [&](const Topic& topic) {
    const auto found = answers.find({topic.workflow_id, topic.key});
    return found == answers.end() ? nullptr : &found->second;
  });
}

void Watcher::poll_streams() {
  std::vector<store::StreamPosition> positions;
  for (auto& topic : awaited(Topic::Kind::kStream)) {
    positions.push_back({std::move(topic.workflow_id), std::move(topic.key), topic.offset});
  }
  if (positions.empty()) return;
  const auto flags = store::stream_positions_ready(*session_, positions);
  std::set<std::tuple<std::string_view, std::string_view, std::int64_t>> ready;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (flags[i]) ready.emplace(positions[i].workflow_id, positions[i].key, positions[i].offset);
  }
  static const Answer something;
  deliver(Topic::Kind::kStream, [&](const Topic& topic) {
    return ready.contains({topic.workflow_id, topic.key, topic.offset}) ? &something : nullptr;
  });
}

}  // namespace dbosc::watch
