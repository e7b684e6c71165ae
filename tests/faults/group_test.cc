// Groups that lose their answer: each of the calls in them says truthfully what became of it.
#include <memory>
#include <vector>

#include "faults/faults.h"

namespace dbosc::test {
namespace {

constexpr int kCalls = 12;

class LostGroups : public ProxyTest {
 protected:
  using Answers = std::vector<Answer>;
  static std::string id_of(int round, int call) {
    return "r" + std::to_string(round) + "." + std::to_string(call);
  }
  /// Calls that come while both connections of the client are lent: most of them go in one group.
  /// `fault` is what shall happen to them.
  template <class Fault>
  Answers at_once(const Client& client, int round, Fault&& fault) {
    auto first = client.begin(), second = client.begin();
    fault();
    std::vector<std::unique_ptr<Running>> calls;
    for (int i = 0; i < kCalls; ++i) {
      const auto request = new_workflow(id_of(round, i));
      calls.push_back(std::make_unique<Running>(client, "enqueue", request));
    }
    first.free();
    second.free();
    Answers answers;
    for (auto& call : calls) answers.push_back(call->end(kBound + kHang));
    return answers;
  }
  long rows(const std::string& id) {
    return number("SELECT count(*) FROM dbos.workflow_status WHERE workflow_uuid = '" + id + "'");
  }
  /// A cut at each message in turn, until there are no more.
  template <class Verify>
  void sweep(const Json& config, Verify&& verify) {
    for (const auto when : {Proxy::When::kBefore, Proxy::When::kAfter}) {
      int k = 1;
      for (; k < kTooMany; ++k) {
        const auto client = open(config);
        client.call("enqueue", new_workflow("warm" + std::to_string(++round_)));
        const auto answers = at_once(client, ++round_, [&] { proxy_.cut(k, when); });
        if (!proxy_.fired()) break;
        ASSERT_TRUE(eventually([&] { return proxy_.drained(); }));
        for (int i = 0; i < kCalls; ++i) {
          verify(answers[static_cast<std::size_t>(i)], rows(id_of(round_, i)));
        }
      }
      EXPECT_GT(k, 3);
      EXPECT_LT(k, kTooMany);
      proxy_.heal();
    }
  }
  int round_ = 0;
};

TEST_F(LostGroups, EachMemberIsThereOnceWhateverAnswerIsLost) {
  const Json config{{"lazy", true}, {"pool_size", 2}};
  sweep(config, [](const Answer& answer, long rows) {
    ASSERT_TRUE(answer.ok()) << answer.failure.details;
    EXPECT_EQ(answer.reply.at("outcome"), "created");
    EXPECT_EQ(rows, 1);
  });
}

TEST_F(LostGroups, WithoutRetriesEachMemberSaysTruthfullyHowItEnded) {
  int unknown = 0;
  const Json config{{"lazy", true}, {"pool_size", 2}, {"retry_connection_errors", false}};
  sweep(config, [&](const Answer& answer, long rows) {
    if (answer.ok()) {
      EXPECT_EQ(rows, 1);
    } else if (answer.failure.status == DBOSC_OUTCOME_UNKNOWN) {
      ++unknown;
      EXPECT_TRUE(answer.failure.details.contains("workflow_id")) << answer.failure.details;
    } else {
      EXPECT_EQ(answer.failure.status, DBOSC_UNAVAILABLE) << answer.failure.details;
      EXPECT_EQ(rows, 0);
    }
  });
  EXPECT_GT(unknown, 0);
}

TEST_F(LostGroups, AShutdownDuringAFlightEndsEveryCallTruthfully) {
  const auto client = open({{"pool_size", 2}});
  client.call("enqueue", new_workflow("warm"));
  proxy_.stall(1, Proxy::When::kAfter);
  std::vector<std::unique_ptr<Running>> calls;
  for (int i = 0; i < kCalls; ++i) {
    calls.push_back(std::make_unique<Running>(client, "enqueue", new_workflow(id_of(0, i))));
  }
  ASSERT_TRUE(eventually([&] { return proxy_.fired(); }));
  EXPECT_EQ(dbosc_client_shutdown(client.get(), -1, nullptr), DBOSC_OK);
  for (int i = 0; i < kCalls; ++i) {
    const auto answer = calls[static_cast<std::size_t>(i)]->end();
    if (answer.failure.status == DBOSC_OUTCOME_UNKNOWN) continue;
    EXPECT_TRUE(answer.ok() || answer.failure.kind == "closed") << answer.failure.details;
    EXPECT_EQ(rows(id_of(0, i)), answer.ok() ? 1 : 0) << answer.failure.details;
  }
}

}  // namespace
}  // namespace dbosc::test
