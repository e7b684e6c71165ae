#include "wire/jackson_reader.h"

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "wire/json_shapes.h"

namespace dbosc::wire::jackson {
namespace {

constexpr std::string_view kClassKey = "@class";
constexpr std::string_view kThrowable = "dev.dbos.transact.json.WireThrowable";

struct TextType {
  std::string_view type, tag, field;
};
/// Classes whose text has a tag of its own.
constexpr TextType kTextTypes[] = {
    {"java.util.UUID", "uuid", "value"},
    {"java.time.Instant", "datetime", "iso"},
    {"java.time.LocalDateTime", "datetime", "iso"},
    {"java.time.OffsetDateTime", "datetime", "iso"},
    {"java.time.ZonedDateTime", "datetime", "iso"},
    {"java.util.Date", "datetime", "iso"},
    {"java.sql.Timestamp", "datetime", "iso"},
    {"java.util.GregorianCalendar", "datetime", "iso"},
    {"java.time.LocalDate", "date", "iso"},
    {"java.sql.Date", "date", "iso"},
    {"java.time.LocalTime", "time", "iso"},
    {"java.time.OffsetTime", "time", "iso"},
    {"java.sql.Time", "time", "iso"},
    {"java.time.Duration", "duration", "iso"},
};

constexpr std::string_view kNumbers[] = {"java.lang.Long", "java.lang.Integer", "java.lang.Short",
                                         "java.lang.Byte", "java.lang.Float",   "java.lang.Double"};

bool is_special(std::string_view text) {
  return text == "NaN" || text == "Infinity" || text == "-Infinity";
}

bool is_util(std::string_view type) { return type.starts_with("java.util."); }

/// The class without its package.
std::string_view short_name(std::string_view type) { return type.substr(type.rfind('.') + 1); }

bool is_set(std::string_view type) {
  return is_util(type) && short_name(type).find("Set") != std::string_view::npos;
}

bool is_map(std::string_view type) {
  const auto name = short_name(type);
  return is_util(type) && (name.find("Map") != std::string_view::npos || name == "Hashtable" ||
                           name == "Properties");
}

std::string_view first_key(const Json& object) {
  return object.size() == 0 ? std::string_view() : (*object.children().begin()).key;
}

/// The last part of a class's name, as getSimpleName has it.
std::optional<std::string_view> simple_name(const std::optional<std::string_view>& type) {
  if (!type) return std::nullopt;
  return type->substr(type->find_last_of(".$") + 1);
}

}  // namespace

Pair::Pair(const Json& array) {
  if (!array.is(Json::Type::kArray) || array.size() != 2) return;
  auto item = array.children().begin();
  const auto name = (*item).value;
  if (!name.is(Json::Type::kString) || name.text().empty()) return;
  type = name.text();
  value = (*++item).value;
}

void Reader::value(const Json& json) {
  switch (json.type()) {
    case Json::Type::kArray: {
      const Pair pair(json);
      if (require(static_cast<bool>(pair))) typed(pair.type, pair.value);
      return;
    }
    case Json::Type::kObject:
      return object(json);
    default:
      return out_.value(json);
  }
}

void Reader::typed(std::string_view type, const Json& json) {
  if (json.is(Json::Type::kNull)) return out_.null();
  if (type.starts_with('[')) return java_array(type, json);
  const bool number = json.is(Json::Type::kNumber), text = json.is(Json::Type::kString);
  const bool sized =
      std::find(std::begin(kNumbers), std::end(kNumbers), type) != std::end(kNumbers);
  if (sized && (number || (text && is_special(json.text())))) return out_.number(json.text());
  if (number && type == "java.math.BigInteger") return out_.tagged_number("bigint", json.text());
  if (number && type == "java.math.BigDecimal") return out_.tagged_number("decimal", json.text());
  if (text && (type == "java.lang.Character" || type == "java.lang.String")) {
    return out_.text(json.text());
  }
  for (const auto& known : kTextTypes) {
    if (text && type == known.type) return out_.tagged_text(known.tag, known.field, json.text());
  }
  if (json.is(Json::Type::kArray)) return collection(type, json);
  named(type, "value", json);
}

void Reader::collection(std::string_view type, const Json& json) {
  const std::string_view tag = is_set(type) ? "set" : "";
  if (!is_util(type)) return named(type, "items", json);
  out_.begin_items(tag);
  items(json);
  out_.end_items(tag);
}

/// What has a class that nothing more is known of.
void Reader::named(std::string_view type, std::string_view field, const Json& json) {
  if (out_.tagged()) out_.begin_tag("object").key("class").string(type).key(field);
  if (field == "items") {
    out_.begin_items();
    items(json);
    out_.end_items();
  } else if (field == "state") {
    members(json);
  } else {
    value(json);
  }
  if (out_.tagged()) out_.json().end_object();
}

void Reader::java_array(std::string_view type, const Json& json) {
  if (type == "[B") {
    const auto bytes = json.is(Json::Type::kString) ? bytes_of_base64(json.text()) : std::nullopt;
    if (require(bytes.has_value())) out_.bytes(*bytes);
  } else if (type == "[C") {
    if (require(json.is(Json::Type::kString))) out_.text(json.text());
  } else if (require(json.is(Json::Type::kArray))) {
    out_.begin_items();
    type == "[D" || type == "[F" ? doubles(json) : items(json);
    out_.end_items();
  }
}

void Reader::doubles(const Json& array) {
  for (const auto& item : array.children()) {
    const bool special = item.value.is(Json::Type::kString) && is_special(item.value.text());
    if (!require(special || item.value.is(Json::Type::kNumber))) return;
    out_.number(item.value.text());
  }
}

void Reader::items(const Json& array) {
  for (const auto& item : array.children()) {
    if (!ok_) return;
    value(item.value);
  }
}

void Reader::object(const Json& json) {
  const auto type = text_of(json, kClassKey);
  if (!require(type && !type->empty() && first_key(json) == kClassKey)) return;
  if (is_map(*type)) return members(json);
  named(*type, "state", json);
}

/// All but the first, which is the class: a map may have a key of that name once more.
void Reader::members(const Json& json) {
  bool is_class = true, has_type_key = false;
  for (const auto& member : json.children()) has_type_key |= member.key == "$type";
  const auto form = out_.map_form({.has_type_key = has_type_key});
  out_.begin_map(form);
  for (const auto& member : json.children()) {
    if (!std::exchange(is_class, false)) {
      out_.begin_entry(form);
      out_.map_key(form, member.key);
      value(member.value);
      out_.end_entry(form);
    }
  }
  out_.end_map(form);
}

void Reader::throwable(const Json& json) {
  if (!require(text_of(json, kClassKey) == kThrowable)) return;
  const auto type = text_of(json, "type");
  ErrorWriter error(out_, simple_name(type), text_of(json, "message"));
  if (out_.tagged()) {
    if (type) error.member("class").text(*type);
    const auto suppressed = json.find("suppressedCount").integer();
    if (suppressed && *suppressed > 0) error.member("suppressed").integer(*suppressed);
  }
  if (const auto cause = text_of(json, "causeType")) {
    error.member("cause").json().begin_object();
    ErrorWriter inner(out_, simple_name(cause), std::nullopt);
    if (out_.tagged()) inner.member("class").text(*cause);
    inner.end();
    out_.json().end_object();
  }
  error.end();
}

}  // namespace dbosc::wire::jackson
