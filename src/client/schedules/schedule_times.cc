#include "client/schedules/schedule_times.h"

#include <chrono>
#include <cstdio>

#include "base/base64.h"
#include "wire/js_text.h"
#include "wire/pickle/opcodes.h"
#include "wire/pickle/write_times.h"
#include "wire/superjson.h"

namespace dbosc::client {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;
constexpr std::int64_t kUsPerMs = 1000;
constexpr std::int64_t kUsPerSecond = 1'000'000;

std::string two_digits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

/// `2026-11-21T08:30`, and the seconds apart, of seconds on a wall clock.
struct Written {
  explicit Written(std::int64_t local) {
    using namespace std::chrono;
    const sys_seconds moment{std::chrono::seconds(local)};
    const auto day = floor<days>(moment);
    const year_month_day date{day};
    const hh_mm_ss clock{moment - day};
    auto year = std::to_string(int(date.year()));
    year.insert(0, year.size() < 4 ? 4 - year.size() : 0, '0');
    minutes = year + '-' + two_digits(unsigned(date.month())) + '-' +
              two_digits(unsigned(date.day())) + 'T' + two_digits(clock.hours().count()) + ':' +
              two_digits(clock.minutes().count());
    second = clock.seconds().count();
  }
  std::string seconds() const { return minutes + ':' + two_digits(second); }

  std::string minutes;
  std::int64_t second;
};

/// `+01:00`, with seconds where there are any.
std::string offset_text(int offset) {
  const int size = offset < 0 ? -offset : offset;
  auto text = (offset < 0 ? "-" : "+") + two_digits(size / 3600) + ':' + two_digits(size / 60 % 60);
  if (size % 60 != 0) text += ':' + two_digits(size % 60);
  return text;
}

/// Digits of a fraction of a second: all of them, none for 0, or as many as needed.
enum class Fraction { kAllOrNone, kNeeded, kByThree };

std::string moment_text(std::int64_t at_us, Fraction style) {
  const auto in_second = ((at_us % kUsPerSecond) + kUsPerSecond) % kUsPerSecond;
  auto text = Written((at_us - in_second) / kUsPerSecond).seconds();
  if (in_second == 0) return text;
  auto digits = std::to_string(in_second);
  digits.insert(0, 6 - digits.size(), '0');
  if (style == Fraction::kByThree && in_second % kUsPerMs == 0) digits.resize(3);
  while (style == Fraction::kNeeded && digits.ends_with('0')) digits.pop_back();
  return text + '.' + digits;
}

Error foreign_context(const model::Schedule& schedule) {
  return Error(Code::kUnsupported, "unsupported_serialization",
               "the context of schedule '" + schedule.schedule_name +
                   "' is in a format of the application's own: only its SDK can start a run")
      .with("schedule_name", schedule.schedule_name);
}

/// A pickle of the call's arguments around the context's own opcodes, which are left as they are.
/// They come after opcodes that remember nothing, so that what they refer to keeps its number.
RunInputs pickled(const model::Schedule& schedule, const std::string& time) {
  const auto context = bytes_of_base64(schedule.stored_context);
  if (!context || context->size() < 4 || !context->starts_with('\x80') ||
      !context->ends_with('.')) {
    throw foreign_context(schedule);
  }
  std::string opcodes = "}(";
  wire::pickle::write_text(opcodes, "args");
  opcodes += time;
  opcodes += std::string_view(*context).substr(2, context->size() - 3);
  opcodes += '\x86';
  wire::pickle::write_text(opcodes, "kwargs");
  opcodes += "}u";
  return {wire::pickle::stored(opcodes), std::nullopt};
}

std::string checked_json(const model::Schedule& schedule) {
  JsonDocument document;
  JsonFault fault;
  if (!JsonDocument::try_parse(schedule.stored_context, document, fault)) {
    throw foreign_context(schedule);
  }
  return schedule.stored_context;
}

RunInputs json_inputs(Language language, const model::Schedule& schedule, const std::string& time) {
  if (language == Language::kTypescript) {
    auto text = wire::superjson::stored_arguments(time, schedule.stored_context);
    if (text.empty()) throw foreign_context(schedule);
    return {std::move(text), "js_superjson"};
  }
  const auto context = checked_json(schedule);
  if (language == Language::kJava) {
    return {R"(["[Ljava.lang.Object;",[["java.time.Instant",")" + time + R"("],)" + context + "]]",
            "java_jackson"};
  }
  return {base64_of(R"({"scheduled_time":")" + time + R"(","context":)" + context + '}'),
          "DBOS_JSON"};
}

}  // namespace

std::string firing_id(Language language, const std::string& schedule_name, std::int64_t at_ms,
                      const TimeZone& zone) {
  const auto at = at_ms / kMsPerSecond;
  const int offset = zone.offset_at(at);
  const auto id = "sched-" + schedule_name + '-';
  if (language == Language::kTypescript) return id + wire::js::iso(at_ms);
  if (language == Language::kGo) return id + Written(at).seconds() + 'Z';
  const Written local(at + offset);
  if (language == Language::kPython) return id + local.seconds() + offset_text(offset);
  return id + (local.second == 0 ? local.minutes : local.seconds()) +
         (offset == 0 ? "Z" : offset_text(offset));
}

std::string trigger_id(Language language, const std::string& schedule_name, std::int64_t at_us) {
  const auto id = "sched-" + schedule_name + "-trigger-";
  switch (language) {
    case Language::kTypescript:
      return id + wire::js::iso(at_us / kUsPerMs);
    case Language::kGo:
      return id + moment_text(at_us, Fraction::kNeeded) + 'Z';
    case Language::kJava:
      return id + moment_text(at_us, Fraction::kByThree) + 'Z';
    case Language::kPython:
    case Language::kRust:
      break;
  }
  return id + moment_text(at_us, Fraction::kAllOrNone) + "+00:00";
}

RunInputs firing_inputs(Language language, const model::Schedule& schedule, std::int64_t at_ms,
                        const TimeZone& zone) {
  const auto at = at_ms / kMsPerSecond;
  if (language != Language::kPython) {
    const auto time =
        language == Language::kTypescript ? wire::js::iso(at_ms) : Written(at).seconds() + 'Z';
    return json_inputs(language, schedule, time);
  }
  if (!schedule.cron_timezone) return trigger_inputs(language, schedule, at_ms * kUsPerMs);
  const int offset = zone.offset_at(at);
  // The second of two equal local times: an hour before, or less, the clock showed it already.
  const int before = zone.offset_at(at - 86400);
  const bool fold = before > offset && zone.offset_at(at + offset - before) == before;
  std::string time;
  wire::pickle::write_zoned_datetime(time, at + offset, *schedule.cron_timezone, fold);
  return pickled(schedule, time);
}

RunInputs trigger_inputs(Language language, const model::Schedule& schedule, std::int64_t at_us) {
  if (language == Language::kTypescript) {
    return json_inputs(language, schedule, wire::js::iso(at_us / kUsPerMs));
  }
  if (language != Language::kPython) {
    return json_inputs(language, schedule, moment_text(at_us, Fraction::kNeeded) + 'Z');
  }
  std::string time;
  wire::pickle::write_utc_datetime(time, at_us);
  return pickled(schedule, time);
}

}  // namespace dbosc::client
