#include "client/schedules/schedule_owner.h"

#include <algorithm>

#include "base/clock.h"
#include "store/levels.h"
#include "store/schedules.h"
#include "wire/payload.h"
#include "wire/recognize.h"

namespace dbosc::client {
namespace {

/// Nothing for a JSON scalar, which Go and Java write alike.
std::optional<Language> language_of_context(std::string_view text) {
  if (const auto format = wire::recognize(text)) return language_of_format(*format);
  JsonDocument document;
  if (!JsonDocument::try_parse_lax(text, document)) return std::nullopt;
  const auto root = document.root();
  if (root.is(Json::Type::kArray) || root.is(Json::Type::kObject)) return Language::kGo;
  return std::nullopt;
}

std::optional<Language> language_of_rows(sql::Session& session, const store::Layout& layout,
                                         const std::optional<std::string>& application_name) {
  store::ScheduleFilter own;
  if (application_name) own.application_names = {*application_name};
  const bool owned = layout.has(store::kScheduleOwnership);
  for (const auto& schedule : store::list_schedules(session, layout, own)) {
    if (owned && application_name && schedule.application_name != application_name) continue;
    if (const auto language = language_of_context(schedule.stored_context)) return language;
  }
  const auto format = store::native_format(session, layout, application_name);
  return format ? language_of_format(*format) : std::nullopt;
}

cron::Dialect dialect_of(Language language) {
  switch (language) {
    case Language::kTypescript:
      return cron::Dialect::kTypescript;
    case Language::kGo:
      return cron::Dialect::kGo;
    case Language::kJava:
      return cron::Dialect::kJava;
    case Language::kPython:
    case Language::kRust:
      break;
  }
  return cron::Dialect::kPython;
}

std::string_view format_of(Language language) {
  switch (language) {
    case Language::kTypescript:
      return "js_superjson";
    case Language::kGo:
      return "portable_json";
    case Language::kJava:
      return "java_jackson";
    case Language::kPython:
    case Language::kRust:
      break;
  }
  return "py_pickle";
}

/// java.time knows these three names only by an offset, and its scheduler fails on them.
bool is_unknown_to_java(const std::string& zone) {
  return zone == "EST" || zone == "MST" || zone == "HST";
}

}  // namespace

Language schedule_language(sql::Session& session, const store::Layout& layout,
                           const std::optional<Language>& given,
                           const std::optional<std::string>& application_name,
                           const std::optional<model::Schedule>& current) {
  if (given == Language::kRust) {
    throw Error(Code::kUnsupported, "unsupported_language",
                "'language' rust: its SDK has no scheduler that would run this")
        .with("path", "language");
  }
  if (given) return *given;
  auto language = current ? language_of_context(current->stored_context) : std::nullopt;
  if (!language) language = language_of_rows(session, layout, application_name);
  if (language) return *language;
  throw invalid_argument("missing_key", "language",
                         "'language' must be given: no row of " +
                             (application_name ? "application '" + *application_name + "'"
                                               : std::string("this database")) +
                             " tells whose scheduler is to read the schedule");
}

std::string stored_context(const Call& call, Language language, const Json& context,
                           std::string_view path) {
  if (context && call.payloads.mode == wire::Mode::kRaw) {
    return wire::encode_value({call.payloads, ""}, context, path).text;
  }
  auto payloads = call.payloads;
  if (!context) payloads.mode = wire::Mode::kPlain;
  return wire::encode_value({payloads, std::string(format_of(language))}, context, path).text;
}

void show_context(const Call& call, model::Schedule& schedule) {
  JsonWriter out;
  const auto language = language_of_context(schedule.stored_context).value_or(Language::kGo);
  wire::write_value(out, call.payloads, format_of(language), schedule.stored_context);
  schedule.context.text = std::string(out.view());
}

Timetable timetable(Language language, const std::string& schedule,
                    const std::optional<std::string>& cron_timezone, const std::string& path) {
  const auto name = cron_timezone.value_or(std::string(model::kDefaultTimezone));
  auto rules = cron::parse(schedule, dialect_of(language), path + "schedule");
  const auto zone = TimeZone::find(name);
  if (!zone || (language == Language::kJava && is_unknown_to_java(name))) {
    throw invalid_argument(
        "invalid_timezone", path + "cron_timezone",
        "'" + path + "cron_timezone' '" + name + "' is not in the time zone database");
  }
  return {std::move(rules), *zone, name};
}

void require_future(const Timetable& timetable, const std::string& path) {
  cron::require_firing(timetable.schedule, now_ms(), timetable.zone, path + "schedule");
}

}  // namespace dbosc::client
