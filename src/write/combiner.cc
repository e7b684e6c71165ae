#include "write/combiner.h"

#include <algorithm>

#include "base/thread.h"
#include "store/rows.h"

namespace dbosc::write {
namespace {

/// How long a group waits for one that writes alone where only one can write. It may wait itself.
constexpr milliseconds kMostWaitForAlone{20};

Error no_memory() { return Error(Code::kOutOfMemory, "out_of_memory", "no memory left"); }

/// What a member of a failed group is told. The failure may be another's: it is tried alone.
Error for_member(Error failure) {
  if (failure.retry != Retry::kReconnect) failure.retry = Retry::kAtOnce;
  return failure;
}

}  // namespace

Combiner::Combiner(sql::Pool& pool, LayoutOf layout_of, Write write, Settings settings)
    : pool_(pool),
      layout_of_(std::move(layout_of)),
      write_(std::move(write)),
      settings_(settings),
      cancel_(std::make_unique<Cancel>()) {}

Combiner::~Combiner() {
  {
    std::lock_guard lock(mutex_);
    quit_ = true;
    cancel_->trigger();
    work_.notify_all();
    alone_left_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

Combiner::Alone::~Alone() {
  if (!combiner_) return;
  std::lock_guard lock(combiner_->mutex_);
  if (--combiner_->alone_ == 0) combiner_->alone_left_.notify_one();
}

std::optional<Combiner::Alone> Combiner::go_alone() {
  if (!settings_.enabled) return Alone(nullptr);
  std::lock_guard lock(mutex_);
  if (busy_ || alone_ >= settings_.most_alone || !queue_.empty()) return std::nullopt;
  ++alone_;
  return Alone(this);
}

void Combiner::join(const EntryPtr& entry, const Limits& limits) {
  limits.check();
  take_in(entry, limits);
  try {
    const auto wake = [&] {
      std::lock_guard lock(entry->mutex_);
      entry->ended_.notify_all();
    };
    const Cancel::Registration by_caller(limits.cancel, wake);
    const Cancel::Registration by_client(limits.closing, wake);
    std::unique_lock lock(entry->mutex_);
    while (!entry->done_) {
      limits.check();
      if (limits.deadline.is_never()) {
        entry->ended_.wait(lock);
      } else {
        entry->ended_.wait_until(lock, limits.deadline.at());
      }
    }
  } catch (Error& error) {
    error.may_be_applied = !give_up(entry);
    throw;
  } catch (...) {
    give_up(entry);
    throw;
  }
  // Nobody else has it any more.
  if (entry->failure_) throw for_member(*std::move(entry->failure_));
}

Combiner::Counts Combiner::counts() {
  std::lock_guard lock(mutex_);
  auto counts = counts_;
  counts.queued = static_cast<std::int64_t>(queue_.size());
  counts.in_flight = static_cast<std::int64_t>(flight_.size());
  return counts;
}

void Combiner::take_in(const EntryPtr& entry, const Limits& limits) {
  std::lock_guard lock(mutex_);
  if (!thread_.joinable()) thread_ = start_thread([this] { run(); });
  entry->deadline_ = limits.deadline;
  entry->sent_ = entry->abandoned_ = entry->done_ = false;
  queue_.push_back(entry);
  if (queue_.size() == 1) work_.notify_one();
}

bool Combiner::give_up(const EntryPtr& entry) {
  std::lock_guard lock(mutex_);
  if (!entry->sent_) {
    std::erase(queue_, entry);
    return true;
  }
  entry->abandoned_ = true;
  const auto gone = [](const EntryPtr& other) { return other->abandoned_; };
  if (!flight_.empty() && std::all_of(flight_.begin(), flight_.end(), gone)) cancel_->trigger();
  return false;
}

void Combiner::run() {
  while (wait_for_entries()) {
    if (settings_.one_writer) wait_for_others();
    try {
      write_next();
      continue;
    } catch (const Error& error) {
      refuse_group(error);
    } catch (...) {
      refuse_group(no_memory());
    }
  }
}

/// False where the thread has to end.
bool Combiner::wait_for_entries() {
  std::unique_lock lock(mutex_);
  busy_ = !queue_.empty();
  work_.wait(lock, [this] { return quit_ || !queue_.empty(); });
  busy_ = true;
  return !quit_;
}

void Combiner::wait_for_others() {
  std::unique_lock lock(mutex_);
  alone_left_.wait_for(lock, kMostWaitForAlone, [this] { return alone_ == 0 || quit_; });
}

/// Throws where the next group cannot even be sent.
void Combiner::write_next() {
  {
    std::lock_guard lock(mutex_);
    if (cancel_->triggered() && !quit_) cancel_ = std::make_unique<Cancel>();
  }
  auto session = pool_.acquire({Deadline::in(settings_.most_time), cancel_.get(), nullptr});
  const auto layout = layout_of_(*session);
  Group group;
  const auto take = [&]() -> const Group& {
    group = take_group();
    if (!group.empty()) session->set_limits(limits_of(group));
    return group;
  };
  std::optional<Error> failure;
  try {
    write_(*session, *layout, take);
  } catch (const Error& error) {
    if (group.empty()) throw;
    failure = error;
  } catch (...) {
    if (group.empty()) throw;
    failure = no_memory();
    failure->may_be_applied = true;
  }
  end(group, failure);
}

Group Combiner::take_group() {
  std::lock_guard lock(mutex_);
  const auto bytes = [](const EntryPtr& entry) { return entry->bytes(); };
  const auto count = static_cast<std::ptrdiff_t>(store::end_of_part(queue_, 0, bytes));
  flight_.assign(queue_.begin(), queue_.begin() + count);
  queue_.erase(queue_.begin(), queue_.begin() + count);
  for (const auto& entry : flight_) entry->sent_ = true;
  if (!flight_.empty()) ++counts_.groups;
  counts_.writes += count;
  return flight_;
}

/// What waits is not sent: those who waited find that out for themselves.
void Combiner::refuse_group(const Error& failure) {
  Group group;
  {
    std::lock_guard lock(mutex_);
    group.assign(queue_.begin(), queue_.end());
    queue_.clear();
  }
  end(group, failure);
}

/// As long as its most patient entry.
Limits Combiner::limits_of(const Group& group) {
  auto last = group.front()->deadline_;
  for (const auto& entry : group) {
    if (entry->deadline_.at() > last.at()) last = entry->deadline_;
  }
  return {Deadline::in(settings_.most_time).or_earlier(last), cancel_.get(), nullptr};
}

void Combiner::end(const Group& group, const std::optional<Error>& failure) {
  {
    std::lock_guard lock(mutex_);
    if (failure && !flight_.empty()) ++counts_.failed;
    flight_.clear();
    // What arrives now goes alone, if there is nothing else.
    busy_ = !queue_.empty();
  }
  for (const auto& entry : group) {
    {
      std::lock_guard lock(entry->mutex_);
      if (failure && !entry->settled()) entry->failure_ = *failure;
      entry->done_ = true;
    }
    entry->ended_.notify_all();
  }
}

}  // namespace dbosc::write
