#include "base/timezone.h"

#include <cctz/time_zone.h>

#include <algorithm>
#include <chrono>
#include <string_view>

namespace dbosc {

struct TimeZone::Rules {
  cctz::time_zone zone;
};

namespace {

// cctz opens a file of that name, so that names which leave the database, or which only look like
// zones in it (leap seconds counted, this machine's own setting), have to be kept from it.
bool may_be_zone(std::string_view name) {
  constexpr std::string_view kOthers[] = {"localtime", "posixrules", "Factory", "leapseconds"};
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("/_+-").find(c) != std::string_view::npos;
  };
  return !name.empty() && name.front() >= 'A' && name.front() <= 'Z' && name.back() != '/' &&
         std::all_of(name.begin(), name.end(), allowed) && !name.starts_with("Fixed/UTC") &&
         name.find("//") == std::string_view::npos &&
         std::find(std::begin(kOthers), std::end(kOthers), name) == std::end(kOthers);
}

}  // namespace

std::optional<TimeZone> TimeZone::find(const std::string& name) {
  auto rules = std::make_shared<Rules>();
  if (!may_be_zone(name) || !cctz::load_time_zone(name, &rules->zone)) return std::nullopt;
  return TimeZone(std::move(rules));
}

int TimeZone::offset_at(std::int64_t instant) const {
  return rules_->zone.lookup(cctz::time_point<cctz::seconds>(cctz::seconds(instant))).offset;
}

}  // namespace dbosc
