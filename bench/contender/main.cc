// Contender: this library, through its C API. Interface: see ../README.md.
//
// mode=status|split|both chooses where the input is written (payload_columns of the config),
// mode=single switches group commit off.

#include <dbosc/dbosc.h>
#include <pthread.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace {

// ---- Clocks and counters

std::int64_t now() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long peak_memory_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  return 0;
}

// ---- What the harness says and reads

std::map<std::string, std::string, std::less<>> arguments;

std::string text(std::string_view key, std::string_view otherwise = "") {
  const auto found = arguments.find(key);
  return found == arguments.end() ? std::string(otherwise) : found->second;
}

int number(std::string_view key, int otherwise) {
  const auto found = arguments.find(key);
  return found == arguments.end() ? otherwise : std::atoi(found->second.c_str());
}

/// One line, whole whatever the other threads say.
void say(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::fwrite((line + "\n").data(), 1, line.size() + 1, stdout);
  std::fflush(stdout);
}

void say_done(const std::string& id) { say("DONE " + id + " " + std::to_string(now())); }

/// The members of a RESULT.
class Result {
 public:
  Result& add(std::string_view key, double value) {
    char number[64];
    std::snprintf(number, sizeof number, "%.*g", 17, value);
    members_ += "\"" + std::string(key) + "\":" + number + ",";
    return *this;
  }
  Result& add_latencies(std::vector<std::int64_t> nanoseconds) {
    if (nanoseconds.empty()) return *this;
    std::sort(nanoseconds.begin(), nanoseconds.end());
    const auto at = [&](std::size_t index) {
      return static_cast<double>(nanoseconds[std::min(index, nanoseconds.size() - 1)]) / 1e3;
    };
    return add("p50_us", at(nanoseconds.size() / 2))
        .add("p99_us", at(nanoseconds.size() * 99 / 100));
  }
  void say() {
    add("rss_kb", static_cast<double>(peak_memory_kb()));
    members_.back() = '}';
    ::say("RESULT {" + members_);
  }

 private:
  std::string members_;
};

// ---- The library

dbosc_client* client = nullptr;

[[noreturn]] void die(const char* what, const dbosc_error* error) {
  std::fprintf(stderr, "%s: %s\n", what, dbosc_error_json(error));
  std::exit(1);
}

using Operation = int (*)(dbosc_client*, const char*, dbosc_cancel*, char**, dbosc_error**);

/// Runs an operation; `look`, where there is one, sees the reply.
void call(Operation operation, const std::string& request,
          const std::function<void(std::string_view)>& look = nullptr) {
  char* reply = nullptr;
  dbosc_error* error = nullptr;
  if (operation(client, request.c_str(), nullptr, &reply, &error) != DBOSC_OK)
    die(request.c_str(), error);
  if (look) look(reply);
  dbosc_string_free(reply);
}

void expect(std::string_view reply, std::string_view part) {
  if (reply.find(part) != std::string_view::npos) return;
  std::fprintf(stderr, "no %s in %s\n", std::string(part).c_str(), std::string(reply).c_str());
  std::exit(1);
}

void open_client() {
  std::string config = R"({"system_database_url": ")" + text("url") + "\"";
  if (const int pool = number("pool", 0); pool > 0)
    config += ", \"pool_size\": " + std::to_string(pool);
  if (const auto mode = text("mode"); mode == "single")
    config += ", \"group_commit\": false";
  else if (!mode.empty())
    config += ", \"payload_columns\": \"" + mode + "\"";
  dbosc_error* error = nullptr;
  if (dbosc_client_open((config + "}").c_str(), nullptr, &client, &error) != DBOSC_OK)
    die("open", error);
}

std::string payload() {
  constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  auto state = static_cast<std::uint64_t>(now()) | 1;
  std::string random(static_cast<std::size_t>(number("size", 100)), ' ');
  for (char& c : random) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    c = letters[state % letters.size()];
  }
  return random;
}

// ---- Threads

/// Runs work(0) … work(count - 1) at once, each in a thread whose stack is small.
void in_threads(int count, const std::function<void(int)>& work) {
  struct Start {
    const std::function<void(int)>* work;
    int index;
  };
  constexpr std::size_t kStack = 128 * 1024;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, kStack);
  std::vector<Start> starts;
  for (int i = 0; i < count; ++i) starts.push_back({&work, i});
  std::vector<pthread_t> threads(starts.size());
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto run = [](void* start) -> void* {
      const auto* mine = static_cast<const Start*>(start);
      (*mine->work)(mine->index);
      return nullptr;
    };
    if (pthread_create(&threads[i], &small, run, &starts[i]) != 0) die("pthread_create", nullptr);
  }
  pthread_attr_destroy(&small);
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
}

// ---- Operations of the harness

/// work(i) for `warm` and then, measured, for `n` indices over `c` callers.
void timed(int default_callers, const std::function<void(int)>& work) {
  const int n = number("n", 1), c = number("c", default_callers), warm = number("warm", 0);
  const auto share = [&](int caller, int count, std::vector<std::int64_t>* latencies) {
    for (int i = caller; i < count; i += c) {
      const std::int64_t start = now();
      work(i);
      if (latencies) latencies->push_back(now() - start);
    }
  };
  if (c == 1)
    share(0, warm, nullptr);
  else  // every caller once, so that the pool is filled
    in_threads(c, [&](int caller) { share(caller, std::max(warm, c), nullptr); });

  std::vector<std::vector<std::int64_t>> latencies(static_cast<std::size_t>(c));
  for (auto& own : latencies) own.reserve(static_cast<std::size_t>(n / c + 1));
  const double cpu = cpu_seconds();
  const std::int64_t start = now();
  const auto run = [&](int caller) {
    share(caller, n, &latencies[static_cast<std::size_t>(caller)]);
  };
  if (c == 1)
    run(0);
  else
    in_threads(c, run);
  const double seconds = static_cast<double>(now() - start) / 1e9;
  std::vector<std::int64_t> all;
  for (const auto& own : latencies) all.insert(all.end(), own.begin(), own.end());
  Result()
      .add("n", n)
      .add("secs", seconds)
      .add("cpu_s", cpu_seconds() - cpu)
      .add_latencies(std::move(all))
      .say();
}

std::string enqueue_request() {
  return R"({"workflow_name": "perf_wf", "queue_name": "perf_q", "args": [")" + payload() + "\"]}";
}

std::string id_of(int index) { return text("prefix") + std::to_string(index); }

void get_result(const std::string& id) {
  call(dbosc_client_get_result, R"({"workflow_id": ")" + id + "\"}",
       [](std::string_view reply) { expect(reply, R"("ok")"); });
}

void get_event(const std::string& id) {
  call(dbosc_client_get_event,
       R"({"workflow_id": ")" + id + R"(", "key": "k", "timeout_ms": 60000})",
       [](std::string_view reply) { expect(reply, R"("ok")"); });
}

void wait_one_by_one(void (*wait)(const std::string& id)) {
  const int n = number("n", 1);
  for (int i = 0; i < n; ++i) {
    const std::string id = id_of(i);
    say("WAIT " + id);
    wait(id);
    say_done(id);
  }
  Result().add("n", n).say();
}

void wait_at_once() {
  const int n = number("n", 1);
  in_threads(n + 1, [n](int index) {
    if (index == n) {
      usleep(1500 * 1000);  // as the other contenders: by then all have asked once
      say("READY");
    } else {
      get_result(id_of(index));
      say_done(id_of(index));
    }
  });
  Result().add("n", n).say();
}

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

void list() {
  const int n = number("n", 1);
  const std::string request = list_request(text("variant"));
  std::vector<std::int64_t> latencies;
  double seconds = 0, cpu = 0;
  int rows = 0, loaded = 0;
  for (int i = -1; i < n; ++i) {
    const double cpu_before = cpu_seconds();
    const std::int64_t start = now();
    call(dbosc_client_list_workflows, request, [&](std::string_view reply) {
      if (i < 0) return;
      latencies.push_back(now() - start);
      seconds += static_cast<double>(latencies.back()) / 1e9;
      cpu += cpu_seconds() - cpu_before;
      rows = count(reply, "\"workflow_id\":");
      loaded = count(reply, "\"input\":{");
    });
  }
  Result()
      .add("n", n)
      .add("rows", rows)
      .add("loaded", loaded)
      .add("secs", seconds)
      .add("cpu_s", cpu)
      .add_latencies(latencies)
      .say();
}

std::string message() {
  return R"({"destination_id": ")" + text("id") + R"(", "topic": "t", "message": ")" + payload() +
         "\"}";
}

void send_bulk() {
  const int n = number("n", 1);
  const std::string one = message();
  const double cpu = cpu_seconds();
  const std::int64_t start = now();
  std::string request = R"({"messages": [)";
  for (int i = 0; i < n; ++i) request.append(i ? "," : "").append(one);
  call(dbosc_client_send_many, request + "]}");
  Result()
      .add("n", n)
      .add("secs", static_cast<double>(now() - start) / 1e9)
      .add("cpu_s", cpu_seconds() - cpu)
      .say();
}

void bulk() {
  const int n = number("n", 1);
  const std::string one = enqueue_request();
  const double cpu = cpu_seconds();
  const std::int64_t start = now();
  std::string request = R"({"workflows": [)";
  for (int i = 0; i < n; ++i) request.append(i ? "," : "").append(one);
  call(dbosc_client_enqueue_many, request + "]}");
  Result()
      .add("n", n)
      .add("secs", static_cast<double>(now() - start) / 1e9)
      .add("cpu_s", cpu_seconds() - cpu)
      .say();
}

void cold(std::int64_t ready) {
  call(dbosc_client_enqueue, enqueue_request());
  say("FIRST " + std::to_string(now()));
  Result().add("ready_ns", static_cast<double>(ready)).say();
}

void idle() {
  call(dbosc_client_enqueue, enqueue_request());
  say("READY");
  sleep(static_cast<unsigned>(number("secs", 1)));
  Result().say();
}

void enqueue() {
  timed(1, [request = enqueue_request()](int) { call(dbosc_client_enqueue, request); });
}

void send() {
  timed(1, [request = message()](int) { call(dbosc_client_send, request); });
}

void status() {
  const int rows = number("rows", 1);
  timed(1, [rows](int i) {
    char request[64];
    std::snprintf(request, sizeof request, R"({"workflow_id": "w-%07)" PRId64 "\"}",
                  INT64_C(7919) * i % rows);
    call(dbosc_client_get_workflow, request,
         [](std::string_view reply) { expect(reply, "\"status\""); });
  });
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const auto equals = argument.find('=');
    if (equals == std::string_view::npos) continue;
    arguments.emplace(argument.substr(0, equals), argument.substr(equals + 1));
  }
  const std::string op = text("op");
  open_client();
  const std::int64_t ready = now();
  const std::map<std::string, std::function<void()>> operations = {
      {"enqueue", enqueue},
      {"bulk", bulk},
      {"send", send},
      {"sendbulk", send_bulk},
      {"status", status},
      {"list", list},
      {"wait", [] { number("c", 1) > 1 ? wait_at_once() : wait_one_by_one(get_result); }},
      {"event", [] { wait_one_by_one(get_event); }},
      {"cold", [ready] { cold(ready); }},
      {"idle", idle}};
  if (const auto found = operations.find(op); found != operations.end())
    found->second();
  else
    Result().add("unsupported", 1).say();
  dbosc_client_free(client);
  return 0;
}
