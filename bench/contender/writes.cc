// Operations that write, and those of a process that has just started.

#include <unistd.h>

#include "harness.h"
#include "library.h"
#include "operations.h"

namespace contender {
namespace {

std::string argument() { return random_letters(number("size", 100)); }

std::string workflow() {
  return R"({"workflow_name": "perf_wf", "queue_name": "perf_q", "args": [")" + argument() + "\"]}";
}

std::string message() {
  return R"({"destination_id": ")" + text("id") + R"(", "topic": "t", "message": ")" + argument() +
         "\"}";
}

/// `n` times the same, as one request.
void call_with_many(Operation operation, const char* key, const std::string& one) {
  std::string request = "{\"" + std::string(key) + "\": [";
  for (int i = 0; i < number("n", 1); ++i) request.append(i ? "," : "").append(one);
  call(operation, request + "]}");
}

}  // namespace

void enqueue() {
  timed([request = workflow()](int) { call(dbosc_client_enqueue, request); });
}

void bulk() {
  measured([one = workflow()] { call_with_many(dbosc_client_enqueue_many, "workflows", one); });
}

void send() {
  timed([request = message()](int) { call(dbosc_client_send, request); });
}

void send_bulk() {
  measured([one = message()] { call_with_many(dbosc_client_send_many, "messages", one); });
}

void cold() {
  const std::int64_t ready = now();
  call(dbosc_client_enqueue, workflow());
  say("FIRST " + std::to_string(now()));
  Result().add("ready_ns", static_cast<double>(ready)).say();
}

void idle() {
  call(dbosc_client_enqueue, workflow());
  say("READY");
  sleep(static_cast<unsigned>(number("secs", 1)));
  Result().say();
}

}  // namespace contender
