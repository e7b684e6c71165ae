#include "harness.h"

#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>

namespace contender {
namespace {

std::map<std::string, std::string, std::less<>> given;

long peak_memory_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  return 0;
}

}  // namespace

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

void take_arguments(int count, char** arguments) {
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const auto equals = argument.find('=');
    if (equals == std::string_view::npos) continue;
    given.emplace(argument.substr(0, equals), argument.substr(equals + 1));
  }
}

std::string text(std::string_view key, std::string_view otherwise) {
  const auto found = given.find(key);
  return found == given.end() ? std::string(otherwise) : found->second;
}

int number(std::string_view key, int otherwise) {
  const auto found = given.find(key);
  return found == given.end() ? otherwise : std::atoi(found->second.c_str());
}

std::string random_letters(int size) {
  constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  auto state = static_cast<std::uint64_t>(now()) | 1;
  std::string random(static_cast<std::size_t>(size), ' ');
  for (char& c : random) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    c = letters[state % letters.size()];
  }
  return random;
}

std::string id_of(int index) { return text("prefix") + std::to_string(index); }

void say(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::fwrite((line + "\n").data(), 1, line.size() + 1, stdout);
  std::fflush(stdout);
}

void say_done(const std::string& id) { say("DONE " + id + " " + std::to_string(now())); }

Result& Result::add(std::string_view key, double value) {
  char digits[64];
  std::snprintf(digits, sizeof digits, "%.*g", 17, value);
  members_ += "\"" + std::string(key) + "\":" + digits + ",";
  return *this;
}

Result& Result::add_latencies(std::vector<std::int64_t> nanoseconds) {
  if (nanoseconds.empty()) return *this;
  std::sort(nanoseconds.begin(), nanoseconds.end());
  const auto at = [&](std::size_t index) {
    return static_cast<double>(nanoseconds[std::min(index, nanoseconds.size() - 1)]) / 1e3;
  };
  return add("p50_us", at(nanoseconds.size() / 2)).add("p99_us", at(nanoseconds.size() * 99 / 100));
}

void Result::say() {
  add("rss_kb", static_cast<double>(peak_memory_kb()));
  members_.back() = '}';
  contender::say("RESULT {" + members_);
}

}  // namespace contender
