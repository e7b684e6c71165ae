// Many callers at once, and how long each of their calls took.

#include <pthread.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "harness.h"

namespace contender {

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
    if (pthread_create(&threads[i], &small, run, &starts[i]) != 0) {
      std::fprintf(stderr, "no more threads\n");
      std::exit(1);
    }
  }
  pthread_attr_destroy(&small);
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
}

void timed(const std::function<void(int)>& work) {
  const int n = number("n", 1), c = number("c", 1), warm = number("warm", 0);
  const auto share = [&](int caller, int count, std::vector<std::int64_t>* latencies) {
    for (int i = caller; i < count; i += c) {
      const std::int64_t start = now();
      work(i);
      if (latencies) latencies->push_back(now() - start);
    }
  };
  const auto by_all = [&](const std::function<void(int)>& run) {
    if (c == 1)
      run(0);
    else
      in_threads(c, run);
  };
  // Of several callers every one has one, so that the pool is filled.
  by_all([&](int caller) { share(caller, c == 1 ? warm : std::max(warm, c), nullptr); });

  std::vector<std::vector<std::int64_t>> latencies(static_cast<std::size_t>(c));
  for (auto& own : latencies) own.reserve(static_cast<std::size_t>(n / c + 1));
  const Span span;
  by_all([&](int caller) { share(caller, n, &latencies[static_cast<std::size_t>(caller)]); });
  const double seconds = span.seconds(), cpu = span.cpu();
  std::vector<std::int64_t> all;
  for (const auto& own : latencies) all.insert(all.end(), own.begin(), own.end());
  Result().add("n", n).add("secs", seconds).add("cpu_s", cpu).add_latencies(std::move(all)).say();
}

void measured(const std::function<void()>& work) {
  const Span span;
  work();
  const double seconds = span.seconds(), cpu = span.cpu();
  Result().add("n", number("n", 1)).add("secs", seconds).add("cpu_s", cpu).say();
}

}  // namespace contender
