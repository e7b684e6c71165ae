#include "base/log.h"

#include "c_api/boundary.h"

namespace dbosc::c_api {
namespace {

constexpr const char* kLevels[] = {"off", "error", "warn", "info", "debug"};

log::Level level_of(const char* name) {
  if (!name) throw null_argument("level");
  if (const auto level = log::level_of(name)) return *level;
  throw invalid_argument(
      "unknown_value", "level",
      std::string("there is no log level '") + name + "'; it is off, error, warn, info or debug");
}

}  // namespace
}  // namespace dbosc::c_api

using namespace dbosc;

int dbosc_set_log(const char* level, dbosc_log callback, void* user, dbosc_error** error) noexcept {
  return c_api::guarded(error, [&] {
    log::Callback target;
    if (callback) {
      target = [=](log::Level told, const char* line) {
        callback(user, c_api::kLevels[static_cast<int>(told)], line);
      };
    }
    if (!log::set(c_api::level_of(level), std::move(target))) {
      throw Error(Code::kInvalidState, "in_callback",
                  "a log callback must not call dbosc_set_log, which would wait for it");
    }
  });
}

int dbosc_log_next(int64_t timeout_ms, char** line, dbosc_error** error) noexcept {
  if (line) *line = nullptr;
  return c_api::guarded(error, [&] {
    if (!line) throw c_api::null_argument("line");
    const auto deadline =
        timeout_ms < 0 ? Deadline::never() : Deadline::in(milliseconds(timeout_ms));
    const auto next = log::next(deadline);
    if (!next.open) {
      throw Error(
          Code::kInvalidState, "no_log_queue",
          "no log lines are queued: call dbosc_set_log with a level and without a callback");
    }
    if (!next.line) throw Error(Code::kTimeout, "timeout", "nothing was told in this time");
    JsonWriter out;
    out.raw(*next.line);
    *line = out.release();
  });
}
