#include "base/cron.h"

#include "base/cron/dialects.h"
#include "base/error.h"

namespace dbosc::cron {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;

std::int64_t floor_to_seconds(std::int64_t ms) {
  const auto seconds = ms / kMsPerSecond;
  return ms % kMsPerSecond < 0 ? seconds - 1 : seconds;
}

Schedule::Next parse_as(const Source& source, Dialect dialect) {
  switch (dialect) {
    case Dialect::kPython:
      return parse_python(source);
    case Dialect::kTypescript:
      return parse_typescript(source);
    case Dialect::kGo:
      return parse_go(source);
    case Dialect::kJava:
      return parse_java(source);
  }
  throw Error(Code::kInternal, "internal", "no such dialect of cron");
}

std::string_view owner_of(Dialect dialect) {
  switch (dialect) {
    case Dialect::kPython:
      return "Python";
    case Dialect::kTypescript:
      return "TypeScript";
    case Dialect::kGo:
      return "Go";
    case Dialect::kJava:
      return "Java";
  }
  return "";
}

}  // namespace

std::optional<std::int64_t> Schedule::next(std::int64_t after_ms, const TimeZone& zone) const {
  const auto firing = next_(floor_to_seconds(after_ms), zone);
  if (!firing) return std::nullopt;
  return *firing * kMsPerSecond;
}

Schedule parse(std::string_view text, Dialect dialect, std::string_view path) {
  const Source source{text, owner_of(dialect), path};
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) refuse(source, "it has characters beyond ASCII");
  }
  return Schedule(parse_as(source, dialect));
}

void require_firing(const Schedule& schedule, std::int64_t after_ms, const TimeZone& zone,
                    std::string_view path) {
  if (!schedule.next(after_ms, zone)) {
    throw invalid_argument("invalid_cron", path,
                           std::string(path) + ": this schedule would never fire");
  }
}

}  // namespace dbosc::cron
