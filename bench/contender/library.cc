#include "library.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "harness.h"

namespace contender {

dbosc_client* client = nullptr;

namespace {

[[noreturn]] void die(const char* what, const dbosc_error* error) {
  std::fprintf(stderr, "%s: %s\n", what, dbosc_error_json(error));
  std::exit(1);
}

void forget(void*, const char*, const char*) {}

/// Lines are written and handed to somebody who does nothing with them.
void take_log(const std::string& level) {
  dbosc_error* error = nullptr;
  if (dbosc_set_log(level.c_str(), forget, nullptr, &error) != DBOSC_OK) die("log", error);
}

}  // namespace

bool open_client() {
  if (const auto level = text("log"); !level.empty()) take_log(level);
  std::string config = R"({"system_database_url": ")" + text("url") + "\"";
  if (const int pool = number("pool", 0); pool > 0)
    config += ", \"pool_size\": " + std::to_string(pool);
  if (const auto mode = text("mode"); !mode.empty())
    config += ", \"payload_columns\": \"" + mode + "\"";
  if (const int group = number("group_commit", -1); group >= 0)
    config += std::string(", \"group_commit\": ") + (group ? "true" : "false");
  dbosc_error* error = nullptr;
  if (dbosc_client_open((config + "}").c_str(), nullptr, &client, &error) == DBOSC_OK) return true;
  if (std::strcmp(dbosc_error_kind(error), "unknown_key") != 0) die("open", error);
  dbosc_error_free(error);
  return false;
}

void call(Operation operation, const std::string& request, const Look& look) {
  char* reply = nullptr;
  dbosc_error* error = nullptr;
  if (operation(client, request.c_str(), nullptr, &reply, &error) != DBOSC_OK)
    die(request.substr(0, 200).c_str(), error);
  if (look) look(reply);
  dbosc_string_free(reply);
}

void expect(std::string_view reply, std::string_view part) {
  if (reply.find(part) != std::string_view::npos) return;
  std::fprintf(stderr, "no %s in %s\n", std::string(part).c_str(), std::string(reply).c_str());
  std::exit(1);
}

int number_in(std::string_view reply, std::string_view key) {
  const auto member = "\"" + std::string(key) + "\":";
  expect(reply, member);
  return std::atoi(reply.data() + reply.find(member) + member.size());
}

Submitted::Submitted() {
  dbosc_error* error = nullptr;
  if (dbosc_completions_new(0, &completions_, &error) != DBOSC_OK) die("completions", error);
}

void Submitted::submit(const char* operation, const std::string& request, int tag) {
  dbosc_error* error = nullptr;
  if (dbosc_client_submit(client, operation, request.c_str(), nullptr, completions_, tag, &error) !=
      DBOSC_OK)
    die(request.c_str(), error);
}

void Submitted::take(const std::function<void(int tag, std::string_view reply)>& look) {
  std::array<dbosc_completion*, 256> ended{};
  std::int64_t count = 0;
  dbosc_completions_next_many(completions_, -1, ended.size(), ended.data(), &count);
  for (std::int64_t i = 0; i < count; ++i) {
    auto* const completion = ended[static_cast<std::size_t>(i)];
    if (dbosc_completion_status(completion) != DBOSC_OK)
      die("submitted", dbosc_completion_error(completion));
    look(static_cast<int>(dbosc_completion_tag(completion)), dbosc_completion_reply(completion));
    dbosc_completion_free(completion);
  }
}

}  // namespace contender
