#include <algorithm>
#include <map>

#include "client/observe/checks.h"
#include "store/diagnosis.h"
#include "store/queue_stats.h"

namespace dbosc::client {
namespace {

/// Work that has waited for so long, with nothing of its queue running, is left alone by all.
constexpr std::int64_t kForgottenMs = 60'000;

void look_at_workers(const Patient& patient, DoctorCheck& check) {
  std::int64_t seen = 0;
  JsonWriter out;
  out.begin_object().key("workers").begin_array();
  store::workers_of_newest_workflows(patient.session, [&](const store::SeenWorker& worker) {
    ++seen;
    out.begin_object().key("executor_id").string(worker.executor_id).key("app_version");
    worker.app_version ? out.string(*worker.app_version) : out.null();
    out.key("workflows").integer(worker.workflows);
    out.key("last_seen_at_ms").integer(worker.last_seen_at_ms).end_object();
  });
  check.details.text = std::string(out.end_array().end_object().view());
  const auto newest = "the newest " + std::to_string(store::kNewestWorkflows) + " workflows";
  if (seen > 0) {
    check.message = "workers of " + std::to_string(seen) +
                    " kinds (executor and version) have taken some of " + newest;
  } else {
    check.status = CheckStatus::kWarn;
    check.message = "no worker has taken any of " + newest;
  }
}

struct Queue {
  std::int64_t waiting = 0, running = 0, oldest_age_ms = 0;
  bool paused = false;

  bool forgotten() const {
    return waiting > 0 && running == 0 && !paused && oldest_age_ms > kForgottenMs;
  }
};

std::map<std::string, Queue> read_queues(const Patient& patient) {
  std::map<std::string, Queue> queues;
  const auto layout = patient.call.services.layout(patient.session);
  store::count_queues(patient.session, *layout, {}, [&](const store::QueueGroup& group) {
    auto& queue = queues[group.queue_name];
    queue.paused |= group.paused;
    if (group.status == "PENDING") queue.running += group.count;
    if (group.status != "ENQUEUED") return;
    queue.waiting += group.count;
    queue.oldest_age_ms = group.now_ms - group.oldest_created_at_ms.value_or(group.now_ms);
  });
  return queues;
}

void look_at_queues(const Patient& patient, DoctorCheck& check) {
  std::string names;
  JsonWriter out;
  out.begin_object().key("forgotten").begin_array();
  for (const auto& [name, queue] : read_queues(patient)) {
    if (!queue.forgotten()) continue;
    names += (names.empty() ? "'" : ", '") + name + "'";
    out.begin_object().key("queue_name").string(name).key("waiting").integer(queue.waiting);
    out.key("oldest_age_ms").integer(queue.oldest_age_ms).end_object();
  }
  check.details.text = std::string(out.end_array().end_object().view());
  if (names.empty()) {
    check.message = "no queue has work that nobody takes";
  } else {
    check.status = CheckStatus::kWarn;
    check.message = "work has waited for more than a minute and nothing runs on " + names +
                    ": does a worker listen to it?";
  }
}

constexpr CheckKind kChecks[] = {
    {"workers", CheckedOn::kAll, true, look_at_workers},
    {"queues", CheckedOn::kAll, true, look_at_queues},
};

}  // namespace

std::span<const CheckKind> work_checks() { return kChecks; }

}  // namespace dbosc::client
