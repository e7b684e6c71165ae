// Operations that wait: by a blocked call where there is one, by completions where there are many.

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "harness.h"
#include "library.h"
#include "operations.h"

namespace contender {
namespace {

/// Of the waits that are there only to be young.
constexpr int kNoId = -1;

std::string result_of(const std::string& id) { return R"({"workflow_id": ")" + id + "\"}"; }

std::string event_of(const std::string& id) {
  return R"({"workflow_id": ")" + id + R"(", "key": "k", "timeout_ms": 60000})";
}

void one_by_one(const std::function<void(const std::string& id)>& wait) {
  const int n = number("n", 1);
  for (int i = 0; i < n; ++i) {
    const std::string id = id_of(i);
    say("WAIT " + id);
    wait(id);
    say_done(id);
  }
  Result().add("n", n).say();
}

/// By then what was submitted has been looked at once.
void settle() { usleep(static_cast<useconds_t>(number("settle", 1500)) * 1000); }

/// Begins another wait each `fresh` milliseconds, as a program does that goes on starting
/// workflows: so that the youngest stays young.
class Freshness {
 public:
  explicit Freshness(Submitted& calls) {
    const std::chrono::milliseconds each(number("fresh", 0));
    if (each.count() == 0) return;
    thread_ = std::thread([this, each, &calls] {
      std::unique_lock lock(mutex_);
      for (int i = 0; !end_.wait_for(lock, each, [this] { return ended_; }); ++i) {
        calls.submit("get_result", result_of("fresh-" + std::to_string(i)), kNoId);
      }
    });
  }
  ~Freshness() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    end_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable end_;
  bool ended_ = false;
  std::thread thread_;
};

void at_once() {
  const int n = number("n", 1);
  Submitted calls;
  for (int i = 0; i < n; ++i) calls.submit("get_result", result_of(id_of(i)), i);
  const Freshness freshness(calls);
  std::thread ready([] {
    settle();
    say("READY");
  });
  for (int open = n; open > 0;) {
    calls.take([&](int tag, std::string_view reply) {
      expect(reply, R"("ok")");
      say_done(id_of(tag));
      --open;
    });
  }
  ready.join();
  Result().add("n", n).say();
}

/// Reads a stream to its end and returns how many values it had.
int read_to_end(const Look& look) {
  int offset = 0;
  for (bool closed = false; !closed;) {
    const auto request = R"({"workflow_id": ")" + text("id") + R"(", "key": "s", "offset": )" +
                         std::to_string(offset) + "}";
    call(dbosc_client_read_stream, request, [&](std::string_view reply) {
      offset = number_in(reply, "next_offset");
      closed = reply.find("\"closed\":true") != std::string_view::npos;
      if (look) look(reply);
    });
  }
  return offset;
}

/// The harness writes texts without escapes: each stands between two quotes.
void say_values(std::string_view reply) {
  const auto at = std::to_string(now());
  constexpr std::string_view kValues = "\"values\":[";
  auto values = reply.substr(reply.find(kValues) + kValues.size());
  values = values.substr(0, values.find(']'));
  while (!values.empty()) {
    const auto begin = values.find('"') + 1, end = values.find('"', begin);
    say("VAL " + std::string(values.substr(begin, end - begin)) + " " + at);
    values.remove_prefix(std::min(values.size(), end + 2));
  }
}

}  // namespace

void wait() {
  if (number("c", 1) > 1 || !text("settle").empty()) return at_once();
  if (number("submit", 0) == 0) {
    return one_by_one([](const std::string& id) {
      call(dbosc_client_get_result, result_of(id),
           [](std::string_view reply) { expect(reply, R"("ok")"); });
    });
  }
  Submitted calls;
  one_by_one([&](const std::string& id) {
    calls.submit("get_result", result_of(id), 0);
    calls.take([](int, std::string_view reply) { expect(reply, R"("ok")"); });
  });
}

void wait_for_first() {
  std::string request = R"({"workflow_ids": [)";
  for (int i = 0; i < number("n", 1); ++i) request += (i ? ",\"" : "\"") + id_of(i) + "\"";
  Submitted calls;
  calls.submit("wait_first", request + "]}", 0);
  settle();
  say("READY");
  calls.take([](int, std::string_view reply) {
    constexpr std::string_view kId = "\"workflow_id\":\"";
    const auto id = reply.substr(reply.find(kId) + kId.size());
    say_done(std::string(id.substr(0, id.find('"'))));
  });
  Result().add("n", number("n", 1)).say();
}

void wait_for_event() {
  one_by_one([](const std::string& id) {
    call(dbosc_client_get_event, event_of(id),
         [](std::string_view reply) { expect(reply, R"("ok")"); });
  });
}

void stream() {
  say("WAIT " + text("id"));
  const int values = read_to_end(say_values);
  Result().add("n", values).say();
}

void drain() {
  const Span span;
  const int values = read_to_end(nullptr);
  const double seconds = span.seconds(), cpu = span.cpu();
  Result().add("n", values).add("secs", seconds).add("cpu_s", cpu).say();
}

}  // namespace contender
