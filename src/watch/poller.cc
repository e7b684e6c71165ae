// What one tick of the watcher asks, and how often.

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/clock.h"
#include "store/streams.h"
#include "watch/pace.h"
#include "watch/watcher.h"

namespace dbosc::watch {
namespace {

using std::chrono::duration_cast;

/// The most topics in one statement.
constexpr std::size_t kMostLooks = 5000;
/// In about this time everything is looked at by its own id, whatever else we rely on.
constexpr milliseconds kCertainty{1000};
/// But no more than these in a second, whatever the number: the database has other work.
constexpr std::size_t kMostLooksPerSecond = 5000;
constexpr std::size_t kManyAtOnce = 100;
/// Where many take turns, the time between two turns.
constexpr milliseconds kTurn{100};

/// How many looks are taken with the plans that the database has made for them: with young waits
/// those of a second.
constexpr std::int64_t kLooksOfAPlan = 200;

/// A little early is in time: what is nearly due is asked for along with the rest.
bool is_due(MonotonicClock::time_point now, MonotonicClock::time_point last,
            microseconds interval) {
  return now >= last + interval - interval / 10;
}

/// In which time `count` all have their turn, where `wanted` is what would be liked.
microseconds round_of(std::size_t count, microseconds wanted) {
  const microseconds possible(count * 1'000'000 / kMostLooksPerSecond);
  return std::max({microseconds(kCertainty), wanted, possible});
}

/// How far back the look of that number at what has ended lately goes. Some stamps are old when
/// their row is committed, and the older the rarer: whatever looks back several times as far is
/// asked several times as rarely, and the work stays about the same.
milliseconds reach_of(std::uint64_t look) {
  const int times = look % 16 == 0 ? 16 : look % 4 == 0 ? 4 : 1;
  return times * store::kStampsMayBeLate;
}

/// How many of `count` are due when all shall have had their turn within `round`.
std::size_t share(std::size_t count, microseconds interval, microseconds round) {
  const auto due = static_cast<double>(count) * static_cast<double>(interval.count()) /
                   static_cast<double>(round.count());
  return std::clamp<std::size_t>(static_cast<std::size_t>(due) + 1, 1, count);
}

}  // namespace

Watcher::Pace Watcher::pace_of(Kind kind) {
  auto& waiting = lane(kind);
  const auto count = waiting.size();
  const bool announced = listening_ && kind != Kind::kResult;
  const microseconds pace = announced
                                ? settings_.poll_interval
                                : tick_after(waiting.age_of_youngest(), settings_.poll_interval);
  if (count <= (kind == Kind::kResult ? settings_.few_results : settings_.few)) {
    return {pace, count};
  }
  if (announced || kind == Kind::kResult) {
    const auto round = round_of(count, pace);
    const auto turn = std::max<microseconds>(kTurn, round / 50);
    return {turn, share(count, turn, round)};
  }
  // Nobody tells: a budget for each tick, but all within the second.
  return {pace, std::max(settings_.few / 10, share(count, pace, round_of(count, pace)))};
}

microseconds Watcher::pace_of_recent() {
  return tick_after(lane(Kind::kResult).age_of_youngest(), settings_.poll_interval);
}

void Watcher::poll() {
  ++ticks_;
  renew_plans();
  poll_recent();
  for (const auto kind : {Kind::kResult, Kind::kEvent, Kind::kStream}) poll_lane(kind);
}

/// A client often begins to wait in an empty database. What reads small tables as a whole would go
/// on with that as they grow, until the database looks at them by itself: at 170 looks a second
/// that is long.
void Watcher::renew_plans() {
  if (queries_ - planned_at_ < kLooksOfAPlan) return;
  planned_at_ = queries_;
  session_->forget_plans();
}

void Watcher::poll_lane(Kind kind) {
  auto& ticked = ticked_[static_cast<std::size_t>(kind)];
  const auto now = MonotonicClock::now();
  std::size_t looks = 0;
  {
    std::lock_guard lock(mutex_);
    if (lane(kind).empty()) return;
    const auto pace = pace_of(kind);
    looks = lane(kind).urgent();
    if (is_due(now, ticked, pace.interval)) {
      looks = std::max(looks, pace.looks);
      ticked = now;
    }
  }
  while (looks > 0) {
    Looks batch;
    {
      std::lock_guard lock(mutex_);
      batch = lane(kind).take(std::min(looks, kMostLooks));
    }
    if (batch.empty()) return;
    const auto answered = look_at(kind, batch);
    looks -= std::min(looks, batch.size());
    // Where most of so many have their answers, others will too: no waiting for their turn then.
    if (looks == 0 && batch.size() >= kManyAtOnce && answered > batch.size() / 2) {
      looks = batch.size();
    }
  }
}

/// What has ended lately, awaited or not: the cost does not grow with the number of waits. Only a
/// hint: the stamp is a worker's clock, or that of a transaction's start, or missing.
void Watcher::poll_recent() {
  const auto now = MonotonicClock::now();
  {
    std::lock_guard lock(mutex_);
    if (!asks_for_recent() || !is_due(now, asked_for_recent_, pace_of_recent())) return;
  }
  const auto since_last = duration_cast<milliseconds>(now - asked_for_recent_);
  // Where very much ends, what lies further back is much as well, and mostly known.
  const auto reach = many_recent_ ? store::kStampsMayBeLate : reach_of(looks_at_recent_++);
  const bool goes_far = reach > store::kStampsMayBeLate;
  const auto window = std::min(since_last, kCertainty) + reach;
  Looks awaited;
  std::size_t found = 0;
  ++queries_;
  store::recently_finished(*session_, window.count(), now_ms(), [&](std::string_view id) {
    ++found;
    std::lock_guard lock(mutex_);
    if (lane(Kind::kResult).awaits(Lane::name_of(id))) {
      awaited.push_back({Topic::result(std::string(id))});
    }
  });
  asked_for_recent_ = now;
  if (!awaited.empty()) look_at_results(awaited);
  if (!goes_far) many_recent_ = found > kManyAtOnce;
  const bool complete = found < store::kMostRecent || goes_far;
  if (complete || now < hurried_ + kCertainty) return;
  // There are more than it tells: everybody at once, then.
  hurried_ = now;
  std::lock_guard lock(mutex_);
  lane(Kind::kResult).hurry_all();
}

std::size_t Watcher::look_at(Kind kind, const Looks& looks) {
  ++queries_;
  const auto answered = kind == Kind::kResult  ? look_at_results(looks)
                        : kind == Kind::kEvent ? look_at_events(looks)
                                               : look_at_streams(looks);
  tell_last_looks(kind, looks);
  return answered;
}

std::size_t Watcher::look_at_results(const Looks& looks) {
  std::set<std::string_view> unique;
  for (const auto& look : looks) unique.insert(look.topic.workflow_id);
  const auto outcomes = store::read_finished(
      *session_, *layout_of_(*session_), std::vector<std::string>(unique.begin(), unique.end()));
  for (const auto& outcome : outcomes) answer_result(outcome);
  return outcomes.size();
}

void Watcher::answer_result(const store::Outcome& outcome) {
  std::lock_guard lock(mutex_);
  auto& results = lane(Kind::kResult);
  results.each_named(Lane::name_of(outcome.workflow_id), [&](Lane::Entry& entry) {
    if (entry.topic.workflow_id == outcome.workflow_id) results.finish(entry, outcome);
  });
}

std::size_t Watcher::look_at_events(const Looks& looks) {
  std::vector<store::EventPlace> places;
  places.reserve(looks.size());
  for (const auto& look : looks) places.push_back({look.topic.workflow_id, look.topic.key});
  const auto found = store::read_events(*session_, places);
  for (const auto& event : found) {
    std::lock_guard lock(mutex_);
    auto& events = lane(Kind::kEvent);
    const auto name = Lane::name_of(store::announcement(event.workflow_id, event.key));
    events.each_named(name, [&](Lane::Entry& entry) {
      const bool same =
          entry.topic.workflow_id == event.workflow_id && entry.topic.key == event.key;
      if (same) events.finish(entry, event);
    });
  }
  return found.size();
}

std::size_t Watcher::look_at_streams(const Looks& looks) {
  std::vector<store::StreamPosition> positions;
  positions.reserve(looks.size());
  for (const auto& [topic, is_last] : looks) {
    positions.push_back({topic.workflow_id, topic.key, topic.offset});
  }
  const auto ready = store::stream_positions_ready(*session_, positions);
  std::lock_guard lock(mutex_);
  auto& streams = lane(Kind::kStream);
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (!ready[i]) continue;
    const auto& topic = looks[i].topic;
    streams.each_named(Lane::name_of(topic), [&](Lane::Entry& entry) {
      const bool same = entry.topic.workflow_id == topic.workflow_id &&
                        entry.topic.key == topic.key && entry.topic.offset == topic.offset;
      if (same) streams.finish(entry, {});
    });
  }
  return static_cast<std::size_t>(std::count(ready.begin(), ready.end(), true));
}

void Watcher::tell_last_looks(Kind kind, const Looks& looks) {
  std::lock_guard lock(mutex_);
  for (const auto& look : looks) {
    if (!look.is_last) continue;
    lane(kind).each_named(Lane::name_of(look.topic), [](Lane::Entry& entry) {
      // One that was asked about while this look was on its way is urgent again.
      if (!entry.last_look || entry.urgent) return;
      entry.last_look = false;
      entry.waiter->found_nothing();
    });
  }
}

}  // namespace dbosc::watch
