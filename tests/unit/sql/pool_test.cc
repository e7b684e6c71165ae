#include "sql/pool.h"

#include <atomic>
#include <future>
#include <thread>

#include "expect_error.h"
#include "sql/fake_session.h"
#include "support/eventually.h"

namespace dbosc::sql {
namespace {

using test::eventually;

/// Counts what a pool opens and what is still open.
struct Counter {
  std::atomic<int> made{0}, open{0};
  class Session final : public FakeSession {
   public:
    explicit Session(Counter& counter) : counter_(counter) {
      ++counter_.made;
      ++counter_.open;
    }
    ~Session() override { --counter_.open; }

   private:
    Counter& counter_;
  };
  Connector connector() {
    return [this](const Limits&) { return std::make_unique<Session>(*this); };
  }
};

const Limits kNoLimits;
Limits soon() { return {Deadline::in(milliseconds(10)), nullptr, nullptr}; }

TEST(Pool, MakesConnectionsWhenNeededAndKeepsThem) {
  Counter counter;
  Pool pool(counter.connector(), 3);
  EXPECT_EQ(counter.made, 0);
  for (int i = 0; i < 5; ++i) pool.acquire(kNoLimits);
  EXPECT_EQ(counter.made, 1);
  {
    const auto first = pool.acquire(kNoLimits), second = pool.acquire(kNoLimits);
    EXPECT_EQ(counter.made, 2);
  }
  EXPECT_EQ(counter.open, 2);
}

TEST(Pool, HandsOutTheLastUsedFirst) {
  Counter counter;
  Pool pool(counter.connector(), 2);
  auto first = std::make_unique<Lease>(pool.acquire(kNoLimits));
  auto second = std::make_unique<Lease>(pool.acquire(kNoLimits));
  const Session* last = &**second;
  first.reset();
  second.reset();
  EXPECT_EQ(&*pool.acquire(kNoLimits), last);
}

TEST(Pool, GivesEachCallItsOwnLimits) {
  Counter counter;
  Pool pool(counter.connector(), 1);
  Cancel cancel;
  EXPECT_EQ(pool.acquire({Deadline::never(), &cancel, nullptr})->limits().cancel, &cancel);
  EXPECT_EQ(pool.acquire(kNoLimits)->limits().cancel, nullptr);
}

TEST(Pool, NeverHasMoreThanItsSize) {
  Counter counter;
  Pool pool(counter.connector(), 3);
  std::atomic<int> in_use{0}, most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        const auto lease = pool.acquire(kNoLimits);
        const int now = ++in_use;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        --in_use;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(most, 3);
  EXPECT_LE(counter.made, 3);
}

TEST(Pool, EndsAWaitByItsDeadline) {
  Counter counter;
  Pool pool(counter.connector(), 1);
  const auto held = pool.acquire(kNoLimits);
  EXPECT_EQ(error_of([&] { pool.acquire(soon()); }).code, Code::kTimeout);
}

TEST(Pool, EndsAWaitByItsCancelOrItsClientsEnd) {
  Counter counter;
  Pool pool(counter.connector(), 1);
  const auto held = pool.acquire(kNoLimits);
  Cancel cancel, closing;
  auto by_caller = std::async(std::launch::async, [&] {
    return error_of([&] { pool.acquire({Deadline::never(), &cancel, nullptr}); }).code;
  });
  auto by_client = std::async(std::launch::async, [&] {
    return error_of([&] { pool.acquire({Deadline::never(), nullptr, &closing}); }).kind;
  });
  cancel.trigger();
  EXPECT_EQ(by_caller.get(), Code::kCancelled);
  closing.trigger();
  EXPECT_EQ(by_client.get(), "closed");
  EXPECT_EQ(error_of([&] {
              pool.acquire({Deadline::never(), &cancel, nullptr});
            }).code,
            Code::kCancelled)
      << "before it looks for a place";
}

TEST(Pool, DropsASessionThatBroke) {
  Counter counter;
  Pool pool(counter.connector(), 1);
  {
    const auto lease = pool.acquire(kNoLimits);
    static_cast<FakeSession&>(*lease).usable_ = false;
  }
  EXPECT_EQ(counter.open, 0);
  pool.acquire(kNoLimits);
  EXPECT_EQ(counter.made, 2);
}

TEST(Pool, DropsASessionThatBrokeWhileItWasIdle) {
  Counter counter;
  Pool pool(counter.connector(), 1);
  FakeSession* session = nullptr;
  {
    const auto lease = pool.acquire(kNoLimits);
    session = static_cast<FakeSession*>(&*lease);
  }
  session->usable_ = false;
  pool.acquire(kNoLimits);
  EXPECT_EQ(counter.made, 2);
  EXPECT_EQ(counter.open, 1);
}

TEST(Pool, FreesThePlaceOfAConnectionThatFailed) {
  int tries = 0;
  Pool pool(
      [&](const Limits&) -> std::unique_ptr<Session> {
        if (++tries < 3) throw Error(Code::kUnavailable, "connection_failed", "no");
        return std::make_unique<FakeSession>();
      },
      1);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(error_of([&] { pool.acquire(soon()); }).kind, "connection_failed");
  }
  EXPECT_NO_THROW(pool.acquire(soon()));
}

TEST(Pool, WakesAWaiterWhenAPlaceIsFreed) {
  Counter counter;
  Pool pool(counter.connector(), 1);
  auto held = std::make_unique<Lease>(pool.acquire(kNoLimits));
  std::atomic<bool> got{false};
  std::thread waiter([&] {
    pool.acquire(kNoLimits);
    got = true;
  });
  held.reset();
  EXPECT_TRUE(eventually([&] { return got.load(); }));
  waiter.join();
}

}  // namespace
}  // namespace dbosc::sql
