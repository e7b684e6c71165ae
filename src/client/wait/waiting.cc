#include "client/wait/waiting.h"

#include "watch/subscription.h"

namespace dbosc::client {
namespace {

using watch::Subscription;
using watch::Watcher;

/// Waits for the next answer; nothing when the time ran out.
std::optional<Subscription::Arrived> next_answer(Subscription& subscription, const Limits& limits) {
  try {
    return subscription.wait_next(limits);
  } catch (const Error& error) {
    if (error.kind != "timeout" || !limits.deadline.expired()) throw;
    return std::nullopt;
  }
}

}  // namespace

void Wait::run_out(JsonWriter&) {
  throw Error(Code::kTimeout, "timeout", "the deadline of the call passed");
}

Limits look_limits(const Limits& wait) {
  Limits limits = wait;
  const auto second = Deadline::in(milliseconds(1000));
  if (limits.deadline.at() < second.at()) limits.deadline = second;
  return limits;
}

void wait_here(Call& call, Wait& wait, JsonWriter& reply) {
  if (wait.look(call, reply)) return;
  if (call.limits.deadline.expired()) return wait.run_out(reply);
  for (;;) {
    auto topics = wait.topics();
    // A result has just been looked at and is looked at again by the next tick. Between the look at
    // an event and the subscription an announcement may have gone by.
    const bool announced = topics.front().kind != watch::Topic::Kind::kResult;
    const auto first = announced ? Watcher::FirstLook::kAtOnce : Watcher::FirstLook::kNextTick;
    Subscription subscription(call.services.watcher(), std::move(topics), first);
    auto next = Wait::Next::kMore;
    while (next == Wait::Next::kMore) {
      auto answer = next_answer(subscription, call.limits);
      if (!answer) {
        // What is announced may have come since the last tick of the net.
        if (announced && wait.look(call, reply)) return;
        return wait.run_out(reply);
      }
      next = wait.wake(call, answer->first, std::move(answer->second), reply);
    }
    if (next == Wait::Next::kDone) return;
  }
}

}  // namespace dbosc::client
