// Operations that read workflows.

#include <cinttypes>
#include <cstdio>
#include <map>

#include "harness.h"
#include "library.h"
#include "operations.h"

namespace contender {
namespace {

std::string list_request(const std::string& variant) {
  constexpr const char* bare = R"(, "load_input": false, "load_output": false)";
  const std::map<std::string, std::string> filters = {
      {"full", R"("limit": 10000)"},
      {"bare", R"("limit": 10000)"},
      {"queue", R"("limit": 100, "status": "ENQUEUED", "queue_name": "q5")"},
      {"name", R"("limit": 100, "name": "wf_3", "sort_desc": true, "start_time": )" +
                   text("t0", "0") + R"(, "end_time": )" + text("t1", "0")},
      {"desc", R"("limit": 100, "sort_desc": true)"},
      {"prefix", R"("limit": 100, "workflow_id_prefix": "w-00012")"},
      {"user", R"("limit": 100, "user": "u42")"},
      {"error", R"("limit": 100, "status": "ERROR", "sort_desc": true)"}};
  return "{" + filters.at(variant) + (variant == "full" ? "" : bare) + "}";
}

int count(std::string_view reply, std::string_view part) {
  int times = 0;
  for (auto at = reply.find(part); at != std::string_view::npos;
       at = reply.find(part, at + part.size()))
    ++times;
  return times;
}

}  // namespace

void status() {
  const int rows = number("rows", 1);
  timed([rows](int i) {
    char request[64];
    std::snprintf(request, sizeof request, R"({"workflow_id": "w-%07)" PRId64 "\"}",
                  INT64_C(7919) * i % rows);
    call(dbosc_client_get_workflow, request,
         [](std::string_view reply) { expect(reply, "\"status\""); });
  });
}

void list() {
  const int n = number("n", 1);
  const std::string request = list_request(text("variant"));
  std::vector<std::int64_t> latencies;
  double seconds = 0, cpu = 0;
  int rows = 0, loaded = 0;
  std::size_t bytes = 0;
  for (int i = -1; i < n; ++i) {
    const std::int64_t start = now();
    const Span span;
    call(dbosc_client_list_workflows, request, [&](std::string_view reply) {
      if (i < 0) return;
      latencies.push_back(now() - start);
      seconds += span.seconds();
      cpu += span.cpu();
      rows = count(reply, "\"workflow_id\":");
      loaded = count(reply, "\"input\":{");
      bytes = reply.size();
    });
  }
  Result()
      .add("n", n)
      .add("rows", rows)
      .add("loaded", loaded)
      .add("reply_bytes", static_cast<double>(bytes))
      .add("secs", seconds)
      .add("cpu_s", cpu)
      .add_latencies(latencies)
      .say();
}

}  // namespace contender
