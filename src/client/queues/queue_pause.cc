#include "client/queues/queue_pause.h"

#include "client/queues/queue_change.h"

namespace dbosc::client {
namespace {

QueueChange set_paused(Call& call, const std::string& name, bool paused) {
  return change_queue(
      call, name, [paused](model::Queue& queue, const store::Layout&) { queue.paused = paused; });
}

}  // namespace

PauseQueueReply pause_queue(Call& call, const PauseQueueRequest& request) {
  const auto change = set_paused(call, request.name, true);
  return {change.before.paused ? PauseOutcome::kUnchanged : PauseOutcome::kPaused, change.after};
}

ResumeQueueReply resume_queue(Call& call, const ResumeQueueRequest& request) {
  const auto change = set_paused(call, request.name, false);
  return {change.before.paused ? ResumeOutcome::kResumed : ResumeOutcome::kUnchanged, change.after};
}

}  // namespace dbosc::client
