#include "base/limits.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <set>
#include <thread>
#include <vector>

#include "base/uuid.h"
#include "expect_error.h"
#include "support/eventually.h"

namespace dbosc {
namespace {

TEST(Uuid, IsAVersionFourThatNeverRepeats) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto id = new_uuid();
    EXPECT_THAT(id, ::testing::MatchesRegex(
                        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(Deadline, NeverIsNever) {
  EXPECT_TRUE(Deadline::never().is_never());
  EXPECT_FALSE(Deadline::never().expired());
  EXPECT_EQ(Deadline::never().poll_timeout(), -1);
  EXPECT_TRUE(Deadline::in(milliseconds::max()).is_never()) << "a span beyond the clock";
  EXPECT_FALSE(Deadline::in(milliseconds(1LL << 40)).expired());
}

TEST(Deadline, ExpiresAndTakesTheEarlier) {
  const auto past = Deadline::in(milliseconds(-5)), later = Deadline::in(milliseconds(1 << 30));
  EXPECT_TRUE(past.expired());
  EXPECT_EQ(past.poll_timeout(), 0);
  EXPECT_TRUE(Deadline::in(milliseconds(0)).expired());
  EXPECT_FALSE(later.expired());
  EXPECT_GT(later.poll_timeout(), 0);
  EXPECT_TRUE(later.or_earlier(past).expired());
  EXPECT_TRUE(past.or_earlier(Deadline::never()).expired());
  EXPECT_EQ(Deadline::in(milliseconds(1LL << 40)).poll_timeout(), INT_MAX);
}

TEST(Cancel, IsStickyAndReadable) {
  Cancel cancel;
  pollfd fd{cancel.fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&fd, 1, 0), 0);
  EXPECT_FALSE(cancel.triggered());
  cancel.trigger();
  cancel.trigger();
  EXPECT_TRUE(cancel.triggered());
  for (int i = 0; i < 2; ++i) EXPECT_EQ(::poll(&fd, 1, 0), 1);
}

TEST(Cancel, CallsThoseThatAreRegistered) {
  Cancel cancel;
  int first = 0, second = 0;
  {
    const Cancel::Registration gone(&cancel, [&] { ++second; });
  }
  const Cancel::Registration registration(&cancel, [&] { ++first; });
  const Cancel::Registration nobody(nullptr, [] { FAIL(); });
  cancel.trigger();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 0);
  int late = 0;
  const Cancel::Registration after(&cancel, [&] { ++late; });
  EXPECT_EQ(late, 1) << "at once where it has been triggered";
}

TEST(Cancel, TakesRegistrationsFromManyThreadsWhileItIsTriggered) {
  Cancel cancel;
  std::atomic<int> registered{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      // Ends with the first registration that is called, which must not be missed.
      for (std::atomic<bool> woken{false}; !woken;) {
        const Cancel::Registration registration(&cancel, [&] { woken = true; });
        ++registered;
        if (cancel.triggered()) {
          EXPECT_TRUE(test::eventually([&] { return woken.load(); }));
        }
      }
    });
  }
  while (registered < 100) std::this_thread::yield();
  cancel.trigger();
  for (auto& thread : threads) thread.join();
}

TEST(Limits, TellWhatEndedTheCall) {
  Cancel cancel, closing;
  EXPECT_NO_THROW(Limits{}.check());
  const Limits limits{Deadline::in(milliseconds(-1)), &cancel, &closing};
  EXPECT_TRUE(limits.stopped());
  EXPECT_EQ(error_of([&] { limits.check(); }).code, Code::kTimeout);
  closing.trigger();
  EXPECT_EQ(error_of([&] { limits.check(); }).kind, "closed");
  cancel.trigger();
  EXPECT_EQ(error_of([&] { limits.check(); }).code, Code::kCancelled) << "the caller goes first";
}

TEST(Limits, WaitForADescriptorOrForTheEnd) {
  const FileDescriptor fd(::eventfd(0, EFD_NONBLOCK));
  EXPECT_EQ(error_of([&] {
              Limits{Deadline::in(milliseconds(5)), nullptr, nullptr}.wait_for(fd.get(), POLLIN);
            }).code,
            Code::kTimeout);
  Cancel cancel;
  std::thread trigger([&] { cancel.trigger(); });
  const Limits limits{Deadline::never(), &cancel, nullptr};
  EXPECT_EQ(error_of([&] { limits.wait_for(fd.get(), POLLIN); }).code, Code::kCancelled);
  trigger.join();
  const std::uint64_t one = 1;
  ASSERT_EQ(::write(fd.get(), &one, sizeof one), 8);
  EXPECT_EQ(limits.wait_for(fd.get(), POLLIN), POLLIN) << "an answer is better than a cancel";
}

TEST(Limits, SleepUntilTheEarlierOfTheTwo) {
  EXPECT_NO_THROW(Limits{}.sleep_until(Deadline::in(milliseconds(1))));
  const Limits limits{Deadline::in(milliseconds(1)), nullptr, nullptr};
  EXPECT_EQ(error_of([&] { limits.sleep_until(Deadline::in(milliseconds(60000))); }).code,
            Code::kTimeout);
  const auto sooner = Limits{}.until(Deadline::in(milliseconds(-1)));
  EXPECT_TRUE(sooner.stopped());
}

}  // namespace
}  // namespace dbosc
