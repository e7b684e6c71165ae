#include "c_api/boundary.h"
#include "c_api/completion_queue.h"

struct dbosc_completions {
  std::shared_ptr<dbosc::c_api::CompletionQueue> queue;
};

namespace dbosc::c_api {
namespace {

Deadline deadline_of(std::int64_t timeout_ms) {
  return timeout_ms < 0 ? Deadline::never() : Deadline::in(milliseconds(timeout_ms));
}

CompletionQueue& queue_of(dbosc_completions* completions) {
  if (!completions) throw null_argument("completions");
  if (!completions->queue->is_own_process()) {
    throw Error(Code::kInvalidState, "forked",
                "these completions were made before fork(); make new ones in the child process");
  }
  return *completions->queue;
}

/// Takes a place in a client's calls, and gives it back unless `keep` is called.
class CountedIn {
 public:
  explicit CountedIn(client::Services& services) : services_(&services) { services.enter(); }
  ~CountedIn() {
    if (services_) services_->leave();
  }
  CountedIn(const CountedIn&) = delete;
  CountedIn& operator=(const CountedIn&) = delete;
  void keep() { services_ = nullptr; }

 private:
  client::Services* services_;
};

void submit(dbosc_client* client, const char* operation, const char* request, dbosc_cancel* cancel,
            dbosc_completions* completions, std::int64_t tag) {
  if (!client) throw null_argument("client");
  const auto& named = operation_named(operation);
  auto& queue = queue_of(completions);
  auto& services = *client->services;
  CountedIn counted(services);
  auto call = named.prepare(services, request ? request : "{}");
  call->operation = &named;
  auto completion = queue.reserve(tag, services.submissions());
  services.submissions()->submit(std::move(call), cancel ? cancel->cancel : nullptr,
                                 std::move(completion));
  counted.keep();
}

/// Takes completions; unlinks nothing.
dbosc_completion* take(dbosc_completions* completions, std::int64_t timeout_ms, std::int64_t most) {
  auto& queue = queue_of(completions);
  auto* first = queue.take(deadline_of(timeout_ms), most);
  if (!first) throw Error(Code::kTimeout, "timeout", "no call has ended in this time");
  return first;
}

void write(const dbosc_completion& completion, JsonWriter& out) {
  out.begin_object().key("tag").integer(completion.tag).key("status").integer(completion.status);
  if (completion.error) out.key("error").raw(completion.error->json);
  if (completion.reply) out.key("reply").raw(completion.reply);
  out.end_object();
}

char* as_json(const dbosc_completion* first) {
  JsonWriter out;
  out.begin_object().key("completions").begin_array();
  for (; first; first = first->next) write(*first, out);
  out.end_array().end_object();
  return out.release();
}

/// Nothing of the queue is the taken one's any more: it may be freed later than that.
void detach(dbosc_completion& completion) noexcept {
  completion.queue.reset();
  completion.next = nullptr;
}

}  // namespace
}  // namespace dbosc::c_api

using namespace dbosc;

int dbosc_completions_new(int64_t capacity, dbosc_completions** completions,
                          dbosc_error** error) noexcept {
  if (completions) *completions = nullptr;
  return c_api::guarded(error, [&] {
    if (!completions) throw c_api::null_argument("completions");
    if (capacity < 0) {
      throw invalid_argument("out_of_range", "capacity", "'capacity' must not be negative");
    }
    *completions = new dbosc_completions{std::make_shared<c_api::CompletionQueue>(capacity)};
  });
}

int dbosc_completions_fd(const dbosc_completions* completions) noexcept {
  if (!completions || !completions->queue->is_own_process()) return -1;
  return completions->queue->fd();
}

int dbosc_completions_next(dbosc_completions* completions, int64_t timeout_ms,
                           dbosc_completion** completion) noexcept {
  return dbosc_completions_next_many(completions, timeout_ms, 1, completion, nullptr);
}

int dbosc_completions_next_many(dbosc_completions* completions, int64_t timeout_ms, int64_t most,
                                dbosc_completion** array, int64_t* count) noexcept {
  if (count) *count = 0;
  if (array && most > 0) *array = nullptr;
  return c_api::guarded(nullptr, [&] {
    if (!array) throw c_api::null_argument("array");
    if (most < 1) throw invalid_argument("out_of_range", "most", "'most' must be positive");
    auto* at = c_api::take(completions, timeout_ms, most);
    std::int64_t taken = 0;
    while (at) {
      auto* next = at->next;
      c_api::detach(*at);
      array[taken++] = std::exchange(at, next);
    }
    if (count) *count = taken;
  });
}

int dbosc_completions_read(dbosc_completions* completions, int64_t timeout_ms, int64_t most,
                           char** reply, dbosc_error** error) noexcept {
  if (reply) *reply = nullptr;
  return c_api::guarded(error, [&] {
    if (!reply) throw c_api::null_argument("reply");
    if (most < 1) throw invalid_argument("out_of_range", "most", "'most' must be positive");
    auto* at = c_api::take(completions, timeout_ms, most);
    try {
      *reply = c_api::as_json(at);
    } catch (...) {
      completions->queue->put_back(at);
      throw;
    }
    while (at) {
      auto* next = at->next;
      c_api::detach(*at);
      delete std::exchange(at, next);
    }
  });
}

void dbosc_completions_free(dbosc_completions* completions) noexcept {
  if (!completions || !completions->queue->is_own_process()) return;
  completions->queue->close();
  delete completions;
}

int64_t dbosc_completion_tag(const dbosc_completion* completion) noexcept {
  return completion ? completion->tag : 0;
}

int dbosc_completion_status(const dbosc_completion* completion) noexcept {
  return completion ? completion->status : DBOSC_OK;
}

const char* dbosc_completion_reply(const dbosc_completion* completion) noexcept {
  return completion ? completion->reply : nullptr;
}

const dbosc_error* dbosc_completion_error(const dbosc_completion* completion) noexcept {
  return completion ? completion->error : nullptr;
}

void dbosc_completion_free(dbosc_completion* completion) noexcept { delete completion; }

int dbosc_client_submit(dbosc_client* client, const char* operation, const char* request,
                        dbosc_cancel* cancel, dbosc_completions* completions, int64_t tag,
                        dbosc_error** error) noexcept {
  return c_api::guarded(
      error, [&] { c_api::submit(client, operation, request, cancel, completions, tag); });
}
