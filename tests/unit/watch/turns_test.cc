// Many waits: who is looked at when, and what is asked.
#include <atomic>
#include <map>
#include <set>

#include "expect_error.h"
#include "sql/fake_session.h"
#include "support/eventually.h"
#include "watch/subscription.h"

namespace dbosc::watch {
namespace {

using test::eventually;

/// Counts the answers of its topics.
class Counting final : public Waiter {
 public:
  void answered(std::size_t, Answer) override { ++answers; }
  void failed(const Error&) override { ++failures; }
  void found_nothing() override { ++nothings; }
  std::atomic<int> answers{0}, failures{0}, nothings{0};
};

TEST(Lane, TakesTheUrgentFirstAndThenThoseThatWaitedLongest) {
  Lane lane;
  Counting waiter;
  std::vector<Lane::Handle> entries;
  for (int i = 0; i < 4; ++i) {
    entries.push_back(lane.add(Topic::result(std::to_string(i)), waiter, 0, false));
  }
  lane.hurry(*entries[2]);
  std::string order;
  for (int i = 0; i < 6; ++i) order += lane.take(1).at(0).topic.workflow_id;
  EXPECT_EQ(order, "201320");
  EXPECT_EQ(lane.urgent(), 0u);
  lane.hurry(*entries[1]);
  lane.remove(entries[1]);
  EXPECT_EQ(lane.urgent(), 0u);
  for (const int i : {0, 2, 3}) lane.remove(entries[static_cast<std::size_t>(i)]);
  EXPECT_TRUE(lane.empty());
}

TEST(Lane, AnswersAllThatWaitUnderAName) {
  Lane lane;
  Counting waiter;
  std::vector<Lane::Handle> entries;
  for (int i = 0; i < 6; ++i) {
    entries.push_back(lane.add(Topic::event(i % 2 ? "odd" : "even", "k"), waiter, 0, i % 3 == 0));
  }
  EXPECT_TRUE(lane.awaits(Lane::name_of("odd::k")));
  lane.each_named(Lane::name_of("odd::k"), [&](Lane::Entry& entry) { lane.finish(entry, {}); });
  EXPECT_EQ(waiter.answers, 3);
  EXPECT_EQ(lane.size(), 3u);
  EXPECT_FALSE(lane.awaits(Lane::name_of("odd::k")));
  EXPECT_EQ(lane.take(10).size(), 3u);
  for (const auto& entry : entries) lane.remove(entry);
  EXPECT_TRUE(lane.empty());
}

/// A database with notifications, and a record of what was asked.
class Announcing : public ::testing::Test {
 protected:
  class Session final : public sql::FakeSession {
   public:
    explicit Session(Announcing& test)
        : FakeSession([&test](std::string_view sql, Params params, sql::OnRow on_row) {
            test.answer(sql, params, on_row);
          }),
          test_(test) {
      ++test_.open;
    }
    ~Session() override { --test_.open; }
    bool listen(std::span<const std::string_view>) override {
      ++test_.listens;
      return test_.can_listen;
    }
    std::vector<sql::Notification> notifications() override {
      std::lock_guard lock(test_.mutex_);
      if (std::exchange(test_.lost_, false)) {
        Error lost(Code::kUnavailable, "connection_lost", "gone");
        lost.retry = Retry::kReconnect;
        throw lost;
      }
      test_.readable_ = std::make_unique<Cancel>();
      return std::exchange(test_.arrived_, {});
    }
    int notification_fd() const override {
      std::lock_guard lock(test_.mutex_);
      return test_.readable_->fd();
    }
    void forget_plans() override { ++test_.forgotten_plans; }

   private:
    Announcing& test_;
  };

  void start() {
    watcher_.emplace(
        [this](const Limits&) {
          ++connections;
          return std::make_unique<Session>(*this);
        },
        [](sql::Session&) { return std::make_shared<const store::Layout>(); }, settings_);
  }
  void announce(std::string channel, std::string payload) {
    std::lock_guard lock(mutex_);
    arrived_.push_back({std::move(channel), std::move(payload)});
    readable_->trigger();
  }
  void lose_connection() {
    std::lock_guard lock(mutex_);
    lost_ = true;
    readable_->trigger();
  }
  void set_event(const std::string& id) {
    std::lock_guard lock(mutex_);
    events_.insert(id);
  }

  std::atomic<int> connections{0}, open{0}, listens{0}, queries{0}, recent_queries{0},
      event_queries{0}, forgotten_plans{0};
  std::atomic<std::size_t> most_ids{0};
  std::atomic<bool> can_listen{true};
  Settings settings_{.poll_interval = milliseconds(3600000)};

 private:
  void answer(std::string_view sql, sql::Session::Params params, sql::OnRow on_row) {
    std::lock_guard lock(mutex_);
    ++queries;
    if (sql.find("completed_at") != sql.npos) {
      ++recent_queries;
      ++windows_[std::stoi(std::string(sql.substr(sql.rfind(" - ") + 3))) / 100];
      for (const auto& id : recent_) on_row(sql::TextRow({id}));
      return;
    }
    const auto& ids = *std::get<const sql::Param::TextList*>(params[0].value());
    most_ids = std::max(most_ids.load(), ids.size());
    const bool events = sql.find("workflow_events") != sql.npos;
    event_queries += events;
    for (const auto& id : ids) {
      if (events && events_.contains(id)) {
        on_row(sql::TextRow({id, "k", "1", "portable_json"}));
      } else if (!events && finished_.contains(id)) {
        on_row(sql::TextRow({id, "SUCCESS", "portable_json", "1", std::nullopt}));
      }
    }
  }

 protected:
  mutable std::mutex mutex_;
  std::set<std::string> events_, finished_, recent_;
  std::map<std::int64_t, int> windows_;  ///< Of looks at recent ends, in tenths of a second.

 private:
  std::vector<sql::Notification> arrived_;
  std::unique_ptr<Cancel> readable_ = std::make_unique<Cancel>();
  bool lost_ = false;

 protected:
  // The last, so that its thread ends before what it asks.
  std::optional<Watcher> watcher_;
};

constexpr auto kEvents = "dbos_workflow_events_channel";
constexpr auto kStreams = "dbos_streams_channel";

TEST_F(Announcing, AnEventIsReadWhenItIsAnnouncedAndNotBefore) {
  start();
  Counting waiter;
  const auto tickets =
      watcher_->subscribe({Topic::event("a", "k")}, waiter, Watcher::FirstLook::kAtOnce);
  ASSERT_TRUE(eventually([&] { return event_queries == 1; }));
  set_event("a");
  announce(kEvents, "a::k");
  EXPECT_TRUE(eventually([&] { return waiter.answers == 1; }));
  EXPECT_EQ(event_queries, 2);
  watcher_->unsubscribe(tickets);
}

TEST_F(Announcing, AStreamsReaderIsWokenWithoutALookBeforeItsOwn) {
  start();
  Counting waiter;
  const auto tickets = watcher_->subscribe({Topic::stream("a", "k", 3), Topic::stream("a", "l", 3)},
                                           waiter, Watcher::FirstLook::kAtOnce);
  ASSERT_TRUE(eventually([&] { return queries == 1; }));
  announce(kStreams, "a::k");
  EXPECT_TRUE(eventually([&] { return waiter.answers == 1; }));
  EXPECT_EQ(queries, 1);
  watcher_->unsubscribe(tickets);
}

TEST_F(Announcing, ForeignMergedAndOversizedOnesAreHandled) {
  start();
  Counting one, two;
  const auto first =
      watcher_->subscribe({Topic::event("a", "k")}, one, Watcher::FirstLook::kAtOnce);
  const auto second =
      watcher_->subscribe({Topic::event("a", "k")}, two, Watcher::FirstLook::kAtOnce);
  ASSERT_TRUE(eventually([&] { return event_queries > 0 && queries == event_queries; }));
  announce(kEvents, "somebody::else");
  announce("some_channel", "a::k");
  announce(kEvents, std::string(1 << 20, 'x'));
  announce(kEvents, "");
  set_event("a");
  // One notification stands for any number of changes.
  announce(kEvents, "a::k");
  EXPECT_TRUE(eventually([&] { return one.answers == 1 && two.answers == 1; }));
  watcher_->unsubscribe(first);
  watcher_->unsubscribe(second);
}

TEST_F(Announcing, ALostConnectionMakesEverybodyLook) {
  start();
  Counting waiter;
  std::vector<Topic> topics;
  for (int i = 0; i < 50; ++i) topics.push_back(Topic::event(std::to_string(i), "k"));
  const auto tickets = watcher_->subscribe(topics, waiter, Watcher::FirstLook::kAtOnce);
  ASSERT_TRUE(eventually([&] { return event_queries > 0 && listens == 1; }));
  // Set while nobody listened: the announcement is lost.
  for (int i = 0; i < 50; ++i) set_event(std::to_string(i));
  lose_connection();
  EXPECT_TRUE(eventually([&] { return waiter.answers == 50; }));
  EXPECT_EQ(connections, 2);
  EXPECT_EQ(listens, 2);
  watcher_->unsubscribe(tickets);
}

TEST_F(Announcing, AMissedOneIsFoundByTheNet) {
  settings_.poll_interval = milliseconds(20);
  start();
  Counting waiter;
  const auto tickets =
      watcher_->subscribe({Topic::event("a", "k")}, waiter, Watcher::FirstLook::kAtOnce);
  ASSERT_TRUE(eventually([&] { return event_queries >= 1; }));
  set_event("a");
  EXPECT_TRUE(eventually([&] { return waiter.answers == 1; }));
  watcher_->unsubscribe(tickets);
}

TEST_F(Announcing, ResultsNeedNoListener) {
  start();
  Counting waiter;
  finished_.insert("a");
  const auto tickets =
      watcher_->subscribe({Topic::result("a")}, waiter, Watcher::FirstLook::kAtOnce);
  EXPECT_TRUE(eventually([&] { return waiter.answers == 1; }));
  EXPECT_EQ(listens, 0);
  watcher_->unsubscribe(tickets);
}

TEST_F(Announcing, LooksAreNotPlannedEachTimeNorForEver) {
  start();
  Counting waiter;
  const auto tickets =
      watcher_->subscribe({Topic::result("a")}, waiter, Watcher::FirstLook::kAtOnce);
  EXPECT_TRUE(eventually([&] { return forgotten_plans == 1; }));
  EXPECT_GE(queries, 200);
  // Of ten, Postgres has one plan for all; of one, it would make a plan for each look.
  EXPECT_EQ(most_ids, 10u);
  watcher_->unsubscribe(tickets);
}

TEST_F(Announcing, ALastLookIsTakenOnceForAllThatAskForIt) {
  start();
  Counting waiter;
  std::vector<Topic> topics;
  for (int i = 0; i < 50; ++i) topics.push_back(Topic::event(std::to_string(i), "k"));
  const auto tickets = watcher_->subscribe(topics, waiter, Watcher::FirstLook::kAtOnce);
  ASSERT_TRUE(eventually([&] { return event_queries > 0 && listens == 1; }));
  set_event("7");
  watcher_->look_once_more(tickets);
  EXPECT_TRUE(eventually([&] { return waiter.nothings == 49 && waiter.answers == 1; }));
  watcher_->unsubscribe(tickets);
}

TEST_F(Announcing, AnIdleConnectionIsGivenUp) {
  settings_.keep_idle = milliseconds(1);
  start();
  for (int i = 1; i <= 2; ++i) {
    Counting waiter;
    finished_.insert("a");
    const auto tickets =
        watcher_->subscribe({Topic::result("a")}, waiter, Watcher::FirstLook::kAtOnce);
    EXPECT_TRUE(eventually([&] { return waiter.answers == 1; }));
    watcher_->unsubscribe(tickets);
    EXPECT_TRUE(eventually([&] { return open == 0; }));
    EXPECT_EQ(connections, i);
  }
}

/// More than a few results.
class ManyResults : public Announcing {
 protected:
  void subscribe(int count) {
    settings_.few_results = 100;
    settings_.poll_interval = milliseconds(1000);
    start();
    std::vector<Topic> topics;
    for (int i = 0; i < count; ++i) topics.push_back(Topic::result(std::to_string(i)));
    tickets_ = watcher_->subscribe(topics, waiter_, Watcher::FirstLook::kAtOnce);
    ASSERT_TRUE(eventually([&] { return recent_queries > 2; }));
  }
  void TearDown() override { watcher_->unsubscribe(tickets_); }
  Counting waiter_;
  Watcher::Tickets tickets_;
};

TEST_F(ManyResults, AreFoundByTheirStamp) {
  subscribe(3000);
  {
    std::lock_guard lock(mutex_);
    finished_ = recent_ = {"5", "2999"};
    recent_.insert("somebody else's");
    most_ids = 0;
  }
  EXPECT_TRUE(eventually([&] { return waiter_.answers == 2; }));
  // Neither of them by a look at all three thousand.
  EXPECT_LT(most_ids, 3000u);
}

TEST_F(ManyResults, AreLookedForFurtherBackTheMoreRarely) {
  subscribe(300);
  const auto looks = [&](std::int64_t at_least, std::int64_t less_than) {
    std::lock_guard lock(mutex_);
    int count = 0;
    for (const auto& [tenths, times] : windows_) {
      if (tenths >= at_least && tenths < less_than) count += times;
    }
    return count;
  };
  // Those far back hold what passed since the last look beside 1.6 s, others beside 0.4 s; each is
  // made a power of two.
  EXPECT_TRUE(eventually([&] { return looks(20, 41) >= 3; }));
  EXPECT_GT(looks(5, 20), looks(20, 41));
  EXPECT_GT(looks(0, 5), looks(5, 20));
}

TEST_F(ManyResults, AreNotLookedForFurtherBackWhereVeryManyEnd) {
  {
    std::lock_guard lock(mutex_);
    for (int i = 0; i < 200; ++i) recent_.insert("other " + std::to_string(i));
  }
  subscribe(300);
  // The first look of all goes far back.
  EXPECT_TRUE(eventually([&] { return recent_queries > 40; }));
  std::lock_guard lock(mutex_);
  int far = 0;
  for (const auto& [tenths, times] : windows_) far += tenths >= 16 ? times : 0;
  EXPECT_EQ(far, 1);
}

TEST_F(ManyResults, AreFoundWithoutAStampToo) {
  subscribe(3000);
  {
    std::lock_guard lock(mutex_);
    for (int i = 0; i < 3000; ++i) finished_.insert(std::to_string(i));
  }
  EXPECT_TRUE(eventually([&] { return waiter_.answers == 3000; }));
}

}  // namespace
}  // namespace dbosc::watch
