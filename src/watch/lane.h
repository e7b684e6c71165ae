#pragma once

#include <list>
#include <map>
#include <optional>
#include <vector>

#include "base/deadline.h"
#include "watch/topic.h"

namespace dbosc::watch {

/// All that is awaited of one kind. Knows the youngest, whose turn it is to be looked at, and who
/// waits for a name; each of that without a walk over the others, as there may be a hundred
/// thousand.
class Lane {
 public:
  struct Entry;
  using Handle = std::list<Entry>::iterator;
  struct Entry {
    Topic topic;
    Waiter* waiter = nullptr;
    std::uint32_t index = 0;  ///< Of the topic, to its waiter.
    bool urgent = false;      ///< To be looked at now, before its turn.
    bool last_look = false;   ///< Its waiter wants to be told if the next look brings nothing.
    bool done = false;
    MonotonicClock::time_point since;
    Handle self;
    std::list<Entry*>::iterator turn;
    std::multimap<std::size_t, Entry*>::iterator name;
  };

  Handle add(Topic topic, Waiter& waiter, std::uint32_t index, bool urgent);
  void remove(Handle entry);
  /// Answers an entry: it is awaited no longer, only its waiter's to remove.
  void finish(Entry& entry, Answer answer);
  void fail_all(const Error& failure);

  std::size_t size() const { return turns_.size(); }
  bool empty() const { return turns_.empty(); }
  std::size_t urgent() const { return urgent_; }
  MonotonicClock::duration age_of_youngest() const {
    return MonotonicClock::now() - waiting_.front().since;
  }

  void hurry(Entry& entry);
  void hurry_all();

  /// One look at a topic.
  struct Look {
    Topic topic;
    bool is_last = false;
  };
  /// Takes the next `most`, the urgent ones first, then those that were looked at longest ago. They
  /// stay awaited; their next turn comes after all others'.
  std::vector<Look> take(std::size_t most);

  /// Calls `on_entry` for all that wait under a name; it may finish them.
  template <class OnEntry>
  void each_named(std::size_t name, OnEntry&& on_entry) {
    auto [at, end] = names_.equal_range(name);
    while (at != end) on_entry(*(at++)->second);
  }

  /// A name is kept as its hash. Who must be sure compares the topic.
  static std::size_t name_of(std::string_view workflow_id) {
    return std::hash<std::string_view>()(workflow_id);
  }
  static std::size_t name_of(const Topic& topic);
  /// Whether somebody waits under a name.
  bool awaits(std::size_t name) const { return names_.contains(name); }

 private:
  void leave(Entry& entry);

  std::list<Entry> waiting_;  ///< The youngest first.
  std::list<Entry> done_;
  std::list<Entry*> turns_;  ///< First the urgent ones, then the others by their last look.
  std::size_t urgent_ = 0;
  std::multimap<std::size_t, Entry*> names_;
};

}  // namespace dbosc::watch
