#include "wire/pickle/times.h"

#include <chrono>
#include <cstdio>

#include "base/timezone.h"
#include "wire/pickle/time_units.h"
#include "wire/pickle/zones.h"
#include "wire/plain_form.h"

namespace dbosc::wire::pickle {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr std::size_t kMaxZoneName = 64;

template <class... Numbers>
std::string printed(const char* format, Numbers... numbers) {
  char text[64];
  std::snprintf(text, sizeof text, format, numbers...);
  return text;
}

unsigned byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

/// Six bytes: hour, minute, second, and microseconds in three.
struct Clock {
  explicit Clock(std::string_view bytes)
      : hour(byte_at(bytes, 0)),
        minute(byte_at(bytes, 1)),
        second(byte_at(bytes, 2)),
        microsecond(byte_at(bytes, 3) << 16 | byte_at(bytes, 4) << 8 | byte_at(bytes, 5)) {}
  bool ok() const { return hour < 24 && minute < 60 && second < 60 && microsecond < kMicroseconds; }
  std::string text() const {
    const auto whole = printed("%02u:%02u:%02u", hour, minute, second);
    return microsecond == 0 ? whole : whole + printed(".%06u", microsecond);
  }
  unsigned hour, minute, second, microsecond;
};

/// Four bytes: year in two, month, day.
std::optional<std::chrono::year_month_day> date_of(std::string_view bytes) {
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<int>(byte_at(bytes, 0) << 8 | byte_at(bytes, 1))),
      std::chrono::month(byte_at(bytes, 2)), std::chrono::day(byte_at(bytes, 3))};
  const bool ok = date.ok() && int(date.year()) >= 1 && int(date.year()) <= 9999;
  return ok ? std::optional(date) : std::nullopt;
}

std::string date_text(const std::chrono::year_month_day& date) {
  return printed("%04d-%02u-%02u", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

struct Duration {
  std::int64_t days = 0, seconds = 0, microseconds = 0;
};

std::optional<Duration> duration_of(Describer& describer, const Call& call) {
  if (describer.pool().parts(call.args).size > 3) return std::nullopt;
  std::int64_t numbers[3] = {};
  std::size_t count = 0;
  for (const auto arg : describer.arguments(call)) {
    const auto number = describer.small_integer(arg);
    if (!number) return std::nullopt;
    numbers[count++] = *number;
  }
  const Duration duration{numbers[0], numbers[1], numbers[2]};
  const bool normal = duration.days >= -kMaxDays && duration.days <= kMaxDays &&
                      duration.seconds >= 0 && duration.seconds < kSecondsOfDay &&
                      duration.microseconds >= 0 && duration.microseconds < kMicroseconds;
  return normal ? std::optional(duration) : std::nullopt;
}

/// A `tzinfo`: an offset of `datetime.timezone`, which may have a name, or a zone.
struct Zone {
  std::string offset;
  std::string_view name;
  std::string_view key;
};

std::string offset_text(std::int64_t microseconds) {
  const auto size = microseconds < 0 ? -microseconds : microseconds;
  const auto whole = size / kMicroseconds, fraction = size % kMicroseconds;
  auto text = printed("%c%02d:%02d", microseconds < 0 ? '-' : '+', static_cast<int>(whole / 3600),
                      static_cast<int>(whole / 60 % 60));
  if (whole % 60 != 0 || fraction != 0) text += printed(":%02d", static_cast<int>(whole % 60));
  if (fraction != 0) text += printed(".%06d", static_cast<int>(fraction));
  return text;
}

std::optional<Zone> fixed_zone(Describer& describer, const std::vector<Index>& args) {
  const auto& pool = describer.pool();
  if (args.size() > 2 || !pool.is(args[0], Kind::kCall)) return std::nullopt;
  const auto& call = pool.call(args[0]);
  if (describer.path(call.callee) != "datetime.timedelta") return std::nullopt;
  const auto duration = duration_of(describer, call);
  if (!duration || duration->days < -1 || duration->days > 0) return std::nullopt;
  Zone zone;
  zone.offset = offset_text((duration->days * kSecondsOfDay + duration->seconds) * kMicroseconds +
                            duration->microseconds);
  if (args.size() == 1) return zone;
  const auto name = describer.text(args[1]);
  if (!name) return std::nullopt;
  zone.name = *name;
  return zone;
}

std::optional<Zone> named_zone(const Describer& describer, const std::vector<Index>& args) {
  const auto key = args.size() > 2 ? std::nullopt : describer.text(args[0]);
  if (!key || key->empty() || key->size() > kMaxZoneName || key->find(']') != key->npos) {
    return std::nullopt;
  }
  return Zone{{}, {}, *key};
}

std::optional<Zone> zone_of(Describer& describer, Index at) {
  if (!describer.pool().is(at, Kind::kCall)) return std::nullopt;
  const auto& call = describer.pool().call(at);
  const auto path = describer.path(call.callee);
  const auto args = describer.arguments(call);
  if (args.empty() || call.state != kNothing) return std::nullopt;
  if (path == "datetime.timezone") return fixed_zone(describer, args);
  if (path == "zoneinfo.ZoneInfo" || path == "zoneinfo.ZoneInfo._unpickle") {
    return named_zone(describer, args);
  }
  return std::nullopt;
}

/// What the tags of moments have in common.
struct Moment {
  std::string iso;
  bool fold = false;
  Zone zone;

  bool write(ValueWriter& out, std::string_view tag) const {
    auto text = iso + zone.offset;
    // Who wants no more than JSON wants the text that everybody reads.
    if (!zone.key.empty() && (out.tagged() || zone.offset.empty())) {
      text += '[' + std::string(zone.key) + ']';
    }
    if (!out.tagged()) {
      out.text(text);
      return true;
    }
    auto& json = out.begin_tag(tag).key("iso").string(text);
    if (fold) json.key("fold").integer(1);
    if (!zone.name.empty()) json.key("tzname").string(zone.name);
    json.end_object();
    return true;
  }
};

/// The bytes that are the first argument, if they are that many.
std::optional<std::string> only_bytes(Describer& describer, const std::vector<Index>& args,
                                      std::size_t size) {
  auto bytes = args.empty() ? std::nullopt : bytes_of(describer, args[0]);
  return bytes && bytes->size() == size ? std::move(bytes) : std::nullopt;
}

/// Takes the bit out of the byte.
bool take_fold(char& byte) {
  const bool fold = (static_cast<unsigned char>(byte) & kFold) != 0;
  byte = static_cast<char>(static_cast<unsigned char>(byte) & ~kFold);
  return fold;
}

bool take_zone(Describer& describer, const std::vector<Index>& args, Moment& moment) {
  if (args.size() < 2) return true;
  auto zone = args.size() > 2 ? std::nullopt : zone_of(describer, args[1]);
  if (zone) moment.zone = std::move(*zone);
  return zone.has_value();
}

}  // namespace

bool write_datetime(Describer& describer, const Call& call) {
  const auto args = describer.arguments(call);
  auto bytes = only_bytes(describer, args, 10);
  Moment moment;
  if (!bytes || !take_zone(describer, args, moment)) return false;
  moment.fold = take_fold((*bytes)[2]);
  const auto date = date_of(*bytes);
  const Clock clock(std::string_view(*bytes).substr(4));
  if (!date || !clock.ok()) return false;
  if (!moment.zone.key.empty()) {
    const auto local = seconds(std::chrono::sys_days(*date).time_since_epoch()).count() +
                       clock.hour * 3600 + clock.minute * 60 + clock.second;
    if (const auto zone = TimeZone::find(std::string(moment.zone.key))) {
      moment.zone.offset = offset_text(LocalOffsets(*zone, local).at(moment.fold) * kMicroseconds);
    }
  }
  moment.iso = date_text(*date) + 'T' + clock.text();
  return moment.write(describer.out(), "datetime");
}

bool write_date(Describer& describer, const Call& call) {
  const auto args = describer.arguments(call);
  const auto bytes = args.size() > 1 ? std::nullopt : only_bytes(describer, args, 4);
  const auto date = bytes ? date_of(*bytes) : std::nullopt;
  return date && Moment{date_text(*date), false, {}}.write(describer.out(), "date");
}

bool write_time(Describer& describer, const Call& call) {
  const auto args = describer.arguments(call);
  auto bytes = only_bytes(describer, args, 6);
  Moment moment;
  if (!bytes || !take_zone(describer, args, moment)) return false;
  moment.fold = take_fold((*bytes)[0]);
  const Clock clock(*bytes);
  moment.iso = clock.text();
  return clock.ok() && moment.write(describer.out(), "time");
}

bool write_timedelta(Describer& describer, const Call& call) {
  const auto duration = duration_of(describer, call);
  if (!duration) return false;
  auto& out = describer.out();
  if (!out.tagged()) {
    out.text(iso_duration(duration->days, duration->seconds, duration->microseconds));
    return true;
  }
  auto& json = out.begin_tag("duration");
  json.key("days").integer(duration->days).key("seconds").integer(duration->seconds);
  json.key("microseconds").integer(duration->microseconds).end_object();
  return true;
}

}  // namespace dbosc::wire::pickle
