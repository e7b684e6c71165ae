#include "write/combiner.h"

#include <atomic>
#include <future>
#include <mutex>
#include <string>
#include <thread>

#include "expect_error.h"
#include "sql/fake_session.h"
#include "support/eventually.h"

namespace dbosc::write {
namespace {

using test::eventually;

struct Named final : Entry {
  explicit Named(std::string its_name, std::size_t its_bytes = 100)
      : name(std::move(its_name)), size(its_bytes) {}
  std::size_t bytes() const override { return size; }
  bool settled() const override { return written; }
  const std::string name;
  const std::size_t size;
  bool written = false;
};

std::shared_ptr<Named> named(const std::string& name, std::size_t bytes = 100) {
  return std::make_shared<Named>(name, bytes);
}

/// What a join ended with; empty where the entry was written.
using Ended = std::future<std::optional<Error>>;

class CombinerTest : public ::testing::Test {
 protected:
  /// Writes what it is given, as soon as the gate is open.
  void write(sql::Session& session, const Group& group) {
    if (group.empty()) return;
    std::unique_lock lock(mutex_);
    groups_.emplace_back();
    for (const auto& entry : group) groups_.back().push_back(named_of(entry).name);
    while (!open_ && allowed_ == 0) {
      lock.unlock();
      // Ends as a statement would.
      session.limits().check();
      std::this_thread::yield();
      lock.lock();
    }
    if (!open_) --allowed_;
    for (const auto& entry : group) {
      if (named_of(entry).name == poison_) {
        throw Error(Code::kDatabase, "constraint_violation", "poisoned");
      }
      named_of(entry).written = true;
    }
  }
  static Named& named_of(const EntryPtr& entry) { return static_cast<Named&>(*entry); }

  Combiner& combiner(Settings settings = {}) {
    if (!combiner_) {
      combiner_.emplace(
          pool_, [](sql::Session&) { return std::make_shared<const store::Layout>(); },
          [this](sql::Session& session, const store::Layout&, Combiner::Take take) {
            write(session, take());
          },
          settings);
    }
    return *combiner_;
  }
  Ended join(const std::shared_ptr<Named>& entry, const Limits& limits = {}) {
    return std::async(std::launch::async, [this, entry, limits]() -> std::optional<Error> {
      try {
        combiner().join(entry, limits);
        return std::nullopt;
      } catch (const Error& error) {
        return error;
      }
    });
  }
  /// Joins and waits until the group of this one is on its way.
  Ended join_in_flight(const std::shared_ptr<Named>& entry, const Limits& limits = {}) {
    const auto before = groups().size();
    auto ended = join(entry, limits);
    EXPECT_TRUE(eventually([&] { return groups().size() > before; }));
    return ended;
  }
  void expect_waiting(std::int64_t count) {
    EXPECT_TRUE(eventually([&] { return combiner().counts().queued == count; }));
  }
  std::vector<std::vector<std::string>> groups() {
    std::lock_guard lock(mutex_);
    return groups_;
  }
  void close_gate() { set_gate(false); }
  void open_gate() { set_gate(true); }
  /// For so many groups.
  void open_gate_for(int groups) {
    std::lock_guard lock(mutex_);
    allowed_ = groups;
  }
  void set_gate(bool open) {
    std::lock_guard lock(mutex_);
    open_ = open;
  }

  std::atomic<bool> server_is_away_{false};
  sql::Pool pool_{[this](const Limits&) -> std::unique_ptr<sql::Session> {
                    if (!server_is_away_) return std::make_unique<sql::FakeSession>();
                    Error error(Code::kUnavailable, "connection_failed", "away");
                    error.retry = Retry::kReconnect;
                    throw error;
                  },
                  2};
  std::mutex mutex_;
  bool open_ = true;
  int allowed_ = 0;
  std::string poison_;
  std::vector<std::vector<std::string>> groups_;
  std::optional<Combiner> combiner_;
};

using Names = std::vector<std::string>;

TEST_F(CombinerTest, AFewGoAloneAndMoreHaveToJoin) {
  combiner({.most_alone = 2});
  auto first = combiner().go_alone();
  auto second = combiner().go_alone();
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(combiner().go_alone());
  second.reset();
  EXPECT_TRUE(combiner().go_alone());
}

TEST_F(CombinerTest, WhileAGroupIsInFlightNobodyGoesAlone) {
  close_gate();
  auto flying = join_in_flight(named("a"));
  EXPECT_FALSE(combiner().go_alone());
  open_gate();
  EXPECT_FALSE(flying.get());
  EXPECT_TRUE(eventually([&] { return combiner().go_alone().has_value(); }));
}

TEST_F(CombinerTest, SwitchedOffEverybodyGoesAlone) {
  combiner({.enabled = false, .most_alone = 1});
  auto first = combiner().go_alone();
  EXPECT_TRUE(first);
  EXPECT_TRUE(combiner().go_alone());
}

TEST_F(CombinerTest, WhatComesDuringAFlightGoesTogetherInItsOrder) {
  close_gate();
  std::vector<Ended> ended;
  ended.push_back(join_in_flight(named("first")));
  for (std::size_t i = 1; i <= 5; ++i) {
    ended.push_back(join(named(std::to_string(i))));
    expect_waiting(i);
  }
  open_gate();
  for (auto& one : ended) EXPECT_FALSE(one.get());
  EXPECT_EQ(groups(), (std::vector<Names>{{"first"}, {"1", "2", "3", "4", "5"}}));
}

TEST_F(CombinerTest, AGroupHasNoMoreBytesThanAStatementTakes) {
  close_gate();
  std::vector<Ended> ended;
  ended.push_back(join_in_flight(named("first")));
  constexpr std::size_t kHalf = 500'000, kWhole = 5'000'000;
  std::size_t waiting = 0;
  for (const auto size : {kHalf, kHalf, kHalf, kWhole, kHalf}) {
    ended.push_back(join(named(std::to_string(waiting), size)));
    expect_waiting(++waiting);
  }
  open_gate();
  for (auto& one : ended) EXPECT_FALSE(one.get());
  EXPECT_EQ(groups(), (std::vector<Names>{{"first"}, {"0", "1"}, {"2"}, {"3"}, {"4"}}));
}

TEST_F(CombinerTest, OneThatGivesUpBeforeItWasSentIsNeverWritten) {
  close_gate();
  auto flying = join_in_flight(named("first"));
  Cancel cancel;
  auto cancelled = join(named("cancelled"), {Deadline::never(), &cancel, nullptr});
  expect_waiting(1);
  auto late = join(named("late"), {Deadline::in(milliseconds(1)), nullptr, nullptr});
  auto patient = join(named("patient"));
  cancel.trigger();
  const auto by_cancel = cancelled.get(), by_deadline = late.get();
  ASSERT_TRUE(by_cancel && by_deadline);
  EXPECT_EQ(by_cancel->kind, "cancelled");
  EXPECT_EQ(by_deadline->kind, "timeout");
  EXPECT_FALSE(by_cancel->may_be_applied);
  EXPECT_FALSE(by_deadline->may_be_applied);
  expect_waiting(1);
  open_gate();
  EXPECT_FALSE(flying.get());
  EXPECT_FALSE(patient.get());
  EXPECT_EQ(groups(), (std::vector<Names>{{"first"}, {"patient"}}));
}

TEST_F(CombinerTest, OneThatGivesUpAfterItWasSentMayBeAppliedAndItsNeighboursGoOn) {
  close_gate();
  auto flying = join_in_flight(named("first"));
  Cancel cancel;
  auto cancelled = join(named("cancelled"), {Deadline::never(), &cancel, nullptr});
  expect_waiting(1);
  auto patient = join(named("patient"));
  expect_waiting(2);
  open_gate_for(1);
  EXPECT_FALSE(flying.get());
  EXPECT_TRUE(eventually([&] { return groups().size() == 2; }));
  cancel.trigger();
  const auto failure = cancelled.get();
  ASSERT_TRUE(failure);
  EXPECT_TRUE(failure->may_be_applied);
  open_gate();
  EXPECT_FALSE(patient.get());
}

TEST_F(CombinerTest, AFlightThatNobodyWaitsForIsEnded) {
  close_gate();
  Cancel cancel;
  auto flying = join_in_flight(named("first"), {Deadline::never(), &cancel, nullptr});
  auto next = join(named("next"));
  expect_waiting(1);
  cancel.trigger();
  EXPECT_TRUE(flying.get());
  EXPECT_TRUE(eventually([&] { return groups().size() == 2; }));
  open_gate();
  EXPECT_FALSE(next.get());
}

TEST_F(CombinerTest, MembersOfAFailedGroupAreToldToTryAlone) {
  close_gate();
  auto flying = join_in_flight(named("first"));
  poison_ = "bad";
  const auto before = named("before"), bad = named("bad"), after = named("after");
  auto settled = join(before);
  expect_waiting(1);
  auto poisoned = join(bad);
  expect_waiting(2);
  auto neighbour = join(after);
  expect_waiting(3);
  open_gate();
  EXPECT_FALSE(flying.get());
  EXPECT_FALSE(settled.get()) << "what was settled before the failure stays so";
  for (auto* one : {&poisoned, &neighbour}) {
    const auto failure = one->get();
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->retry, Retry::kAtOnce);
    EXPECT_FALSE(failure->may_be_applied);
  }
  const auto counts = combiner().counts();
  EXPECT_EQ(counts.groups, 2);
  EXPECT_EQ(counts.writes, 4);
  EXPECT_EQ(counts.failed, 1);
  EXPECT_EQ(counts.queued + counts.in_flight, 0);
}

TEST_F(CombinerTest, WhereNoConnectionIsToBeHadNothingWasSent) {
  server_is_away_ = true;
  const auto failure = join(named("a")).get();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, "connection_failed");
  EXPECT_EQ(failure->retry, Retry::kReconnect);
  EXPECT_FALSE(failure->may_be_applied);
  EXPECT_TRUE(groups().empty());
  server_is_away_ = false;
  EXPECT_FALSE(join(named("b")).get());
}

TEST_F(CombinerTest, ADeadFlightHoldsUpTheOthersForALimitedTime) {
  combiner({.most_time = milliseconds(1)});
  close_gate();
  const auto failure = join(named("a")).get();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, "timeout");
  EXPECT_EQ(failure->retry, Retry::kAtOnce);
}

TEST_F(CombinerTest, ItsEndEndsWhatNobodyWaitsFor) {
  close_gate();
  Cancel cancel;
  auto flying = join_in_flight(named("a"), {Deadline::never(), &cancel, nullptr});
  auto second = join(named("b"), {Deadline::never(), &cancel, nullptr});
  cancel.trigger();
  EXPECT_TRUE(flying.get());
  EXPECT_TRUE(second.get());
  combiner_.reset();
}

TEST_F(CombinerTest, ManyThreadsAreEachAnsweredOnce) {
  constexpr int kThreads = 8, kEach = 200;
  std::atomic<int> alone{0};
  std::vector<std::future<void>> threads;
  combiner({.most_alone = 1});
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.push_back(std::async(std::launch::async, [&, thread] {
      for (int i = 0; i < kEach; ++i) {
        if (const auto place = combiner().go_alone()) {
          ++alone;
          continue;
        }
        const auto entry = named(std::to_string(thread * kEach + i));
        combiner().join(entry, {});
        EXPECT_TRUE(entry->written);
      }
    }));
  }
  for (auto& thread : threads) thread.get();
  std::size_t written = 0;
  for (const auto& group : groups()) written += group.size();
  EXPECT_EQ(written + static_cast<std::size_t>(alone), kThreads * kEach);
}

}  // namespace
}  // namespace dbosc::write
