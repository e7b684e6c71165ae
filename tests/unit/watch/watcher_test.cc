#include <atomic>
#include <future>

#include "expect_error.h"
#include "sql/fake_session.h"
#include "support/eventually.h"
#include "watch/subscription.h"

namespace dbosc::watch {
namespace {

using test::eventually;

/// A database of finished workflows, and how it was asked.
class FakeDatabase {
 public:
  sql::Connector connector() {
    return [this](const Limits&) -> std::unique_ptr<sql::Session> {
      ++connections;
      if (unreachable) {
        Error error(Code::kUnavailable, "connection_failed", "away");
        error.retry = Retry::kReconnect;
        throw error;
      }
      return std::make_unique<sql::FakeSession>(
          [this](std::string_view, sql::Session::Params params, sql::OnRow on_row) {
            answer(params, on_row);
          });
    };
  }
  void finish(const std::string& id, const std::string& output) {
    std::lock_guard lock(mutex_);
    finished_[id] = output;
  }
  void fail_with(std::optional<Error> error) {
    std::lock_guard lock(mutex_);
    failure_ = std::move(error);
  }

  std::atomic<int> connections{0}, queries{0};
  std::atomic<std::size_t> most_ids{0};
  std::atomic<bool> unreachable{false};

 private:
  void answer(sql::Session::Params params, sql::OnRow on_row) {
    std::lock_guard lock(mutex_);
    ++queries;
    if (failure_) throw *failure_;
    const auto& ids = *std::get<const sql::Param::TextList*>(params[0].value());
    most_ids = std::max(most_ids.load(), ids.size());
    for (const auto& id : ids) {
      const auto found = finished_.find(id);
      if (found == finished_.end()) continue;
      on_row(sql::TextRow({id, "SUCCESS", "portable_json", found->second, std::nullopt}));
    }
  }

  std::mutex mutex_;
  std::map<std::string, std::string> finished_;
  std::optional<Error> failure_;
};

class WatcherTest : public ::testing::Test {
 protected:
  FakeDatabase database_;
  Settings settings_{.poll_interval = milliseconds(5)};
  std::optional<Watcher> watcher_;

  void start() {
    watcher_.emplace(
        database_.connector(),
        [](sql::Session&) { return std::make_shared<const store::Layout>(); }, settings_);
  }
  std::future<std::string> wait_for(const std::string& id, Limits limits = {}) {
    return std::async(std::launch::async, [this, id, limits] {
      Subscription subscription(*watcher_, {Topic::Kind::kResult, id, {}});
      return *std::get<store::Outcome>(subscription.wait(limits)).output;
    });
  }
};

TEST_F(WatcherTest, AsksNothingWithoutWaits) {
  start();
  EXPECT_EQ(database_.connections, 0);
  {
    database_.finish("a", "1");
    EXPECT_EQ(wait_for("a").get(), "1");
  }
  // Once the wait is over its count stands still, while another watcher's goes on.
  const int before = database_.queries;
  FakeDatabase other;
  Watcher measure(
      other.connector(), [](sql::Session&) { return std::make_shared<const store::Layout>(); },
      settings_);
  const Subscription busy(measure, {Topic::Kind::kResult, "never", {}});
  ASSERT_TRUE(eventually([&] { return other.queries > 10; }));
  EXPECT_EQ(database_.queries, before);
}

TEST_F(WatcherTest, AsksForAllAwaitedIdsInOneStatementOverOneConnection) {
  start();
  std::vector<std::future<std::string>> waits;
  for (int i = 0; i < 100; ++i) waits.push_back(wait_for("id" + std::to_string(i / 2)));
  EXPECT_TRUE(eventually([&] { return database_.most_ids == 50; }))
      << "two waits for one id ask for it once";
  for (int i = 0; i < 50; ++i) database_.finish("id" + std::to_string(i), std::to_string(i));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(waits[static_cast<std::size_t>(i)].get(), std::to_string(i / 2));
  }
  EXPECT_EQ(database_.connections, 1);
}

TEST_F(WatcherTest, EndsAWaitByItsLimits) {
  start();
  auto by_deadline = std::async(std::launch::async, [&] {
    return error_of([&] {
             wait_for("a", {Deadline::in(milliseconds(10)), nullptr, nullptr}).get();
           })
        .code;
  });
  EXPECT_EQ(by_deadline.get(), Code::kTimeout);
  Cancel cancel;
  auto waiting = wait_for("a", {Deadline::never(), &cancel, nullptr});
  cancel.trigger();
  EXPECT_EQ(error_of([&] { waiting.get(); }).code, Code::kCancelled);
}

TEST_F(WatcherTest, GoesOnWhenTheDatabaseComesBack) {
  database_.unreachable = true;
  start();
  auto waiting = wait_for("a");
  EXPECT_TRUE(eventually([&] { return database_.connections >= 2; }));
  database_.finish("a", "1");
  database_.unreachable = false;
  EXPECT_EQ(waiting.get(), "1");
}

TEST_F(WatcherTest, ReconnectsAfterALostConnection) {
  start();
  auto waiting = wait_for("a");
  EXPECT_TRUE(eventually([&] { return database_.queries > 0; }));
  Error lost(Code::kUnavailable, "connection_lost", "gone");
  lost.retry = Retry::kReconnect;
  database_.fail_with(lost);
  EXPECT_TRUE(eventually([&] { return database_.connections >= 2; }));
  database_.fail_with(std::nullopt);
  database_.finish("a", "1");
  EXPECT_EQ(waiting.get(), "1");
}

TEST_F(WatcherTest, TellsALastingFailureAndServesTheNextWait) {
  start();
  database_.fail_with(Error(Code::kDatabase, "missing_grant", "no"));
  EXPECT_EQ(error_of([&] { wait_for("a").get(); }).kind, "missing_grant");
  database_.fail_with(std::nullopt);
  database_.finish("a", "1");
  EXPECT_EQ(wait_for("a").get(), "1");
}

TEST_F(WatcherTest, TellsALostConnectionWhereRetriesAreOff) {
  settings_.retry_lost_connections = false;
  database_.unreachable = true;
  start();
  EXPECT_EQ(error_of([&] { wait_for("a").get(); }).kind, "connection_failed");
}

}  // namespace
}  // namespace dbosc::watch
