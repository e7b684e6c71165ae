#include "wire/given.h"

#include <algorithm>

#include "base/base64.h"
#include "base/json_text.h"
#include "base/utf8.h"

namespace dbosc::wire {
namespace {

constexpr std::string_view kTypeKey = "$type";

bool is_integer(std::string_view digits) {
  return is_json_number(digits) && digits.find_first_of(".eE") == digits.npos;
}

bool is_decimal(std::string_view digits) {
  return is_json_number(digits) || digits == "NaN" || digits == "Infinity" || digits == "-Infinity";
}

bool is_float(std::string_view value) {
  return value == "nan" || value == "inf" || value == "-inf" || value == "-0.0";
}

bool is_base64(std::string_view text) { return bytes_of_base64(text).has_value(); }

bool is_any_text(std::string_view) { return true; }

bool is_uuid(std::string_view text) {
  static constexpr std::string_view kPattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return std::equal(text.begin(), text.end(), kPattern.begin(), kPattern.end(),
                    [](char c, char pattern) {
                      if (pattern == '-') return c == '-';
                      return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
                    });
}

bool is_code_units(const Json& units) {
  if (!units.is(Json::Type::kArray)) return false;
  for (const auto& unit : units.children()) {
    const auto value = unit.value.integer();
    if (!value || *value < 0 || *value > 0xffff) return false;
  }
  return true;
}

bool is_entries(const Json& entries) {
  if (!entries.is(Json::Type::kArray)) return false;
  for (const auto& entry : entries.children()) {
    if (!entry.value.is(Json::Type::kArray) || entry.value.size() != 2) return false;
  }
  return true;
}

/// Either ISO text or Python's three numbers.
bool is_duration(const Json& json) {
  const auto iso = json.find("iso");
  if (iso) return iso.is(Json::Type::kString) && json.size() == 2;
  const auto is_number = [&](std::string_view name) {
    return json.find(name).integer().has_value();
  };
  return is_number("days") && is_number("seconds") && is_number("microseconds") && json.size() == 4;
}

bool is_typed_array(const Json& json) {
  return json.find("class").is(Json::Type::kString) && json.find("items").is(Json::Type::kArray);
}

bool is_custom(const Json& json) {
  return json.find("name").is(Json::Type::kString) && json.find("value") && json.size() == 3;
}

bool is_object(const Json& json) { return json.find("class").is(Json::Type::kString); }

/// A tag that has one field, a text.
template <auto kIsText>
bool has_value(const Json& json) {
  const auto value = json.find("value");
  return value.is(Json::Type::kString) && kIsText(value.text()) && json.size() == 2;
}
bool has_base64(const Json& json) {
  const auto text = json.find("base64");
  return text.is(Json::Type::kString) && is_base64(text.text()) && json.size() == 2;
}
bool has_iso(const Json& json) {
  return json.find("iso").is(Json::Type::kString) && json.size() == 2;
}
/// What an ISO text cannot say of a moment: which of two equal local times it is, and how its zone
/// is called.
bool has_moment(const Json& json) {
  const auto fold = json.find("fold"), zone = json.find("tzname");
  const bool known_fold = !fold || fold.integer() == 0 || fold.integer() == 1;
  return json.find("iso").is(Json::Type::kString) && known_fold &&
         (!zone || zone.is(Json::Type::kString)) &&
         json.size() ==
             2 + std::size_t{static_cast<bool>(fold)} + std::size_t{static_cast<bool>(zone)};
}
bool has_items(const Json& json) {
  return json.find("items").is(Json::Type::kArray) && json.size() == 2;
}
bool has_code_units(const Json& json) {
  return is_code_units(json.find("code_units")) && json.size() == 2;
}
bool has_entries(const Json& json) { return is_entries(json.find("entries")) && json.size() == 2; }
bool has_nothing(const Json& json) { return json.size() == 1; }

struct KnownTag {
  std::string_view name;
  Tag tag;
  bool (*is_valid)(const Json&);
  std::string_view fields;  ///< What it must have, for the error.
};

constexpr KnownTag kTags[] = {
    {"int", Tag::kInt, has_value<is_integer>, "'value', the digits of an integer"},
    {"bigint", Tag::kBigint, has_value<is_integer>, "'value', the digits of an integer"},
    {"decimal", Tag::kDecimal, has_value<is_decimal>, "'value', the digits of a number"},
    {"float", Tag::kFloat, has_value<is_float>, "'value': nan, inf, -inf or -0.0"},
    {"string", Tag::kString, has_code_units, "'code_units', an array of UTF-16 code units"},
    {"bytes", Tag::kBytes, has_base64, "'base64', a text of that form"},
    {"datetime", Tag::kDatetime, has_moment, "'iso', a text"},
    {"date", Tag::kDate, has_iso, "'iso', a text"},
    {"time", Tag::kTime, has_moment, "'iso', a text"},
    {"duration", Tag::kDuration, is_duration,
     "'iso', a text, or 'days', 'seconds' and 'microseconds', integers"},
    {"tuple", Tag::kTuple, has_items, "'items', an array"},
    {"set", Tag::kSet, has_items, "'items', an array"},
    {"typed-array", Tag::kTypedArray, is_typed_array, "'class', a text, and 'items', an array"},
    {"map", Tag::kMap, has_entries, "'entries', an array of pairs"},
    {"undefined", Tag::kUndefined, has_nothing, "no field"},
    {"uuid", Tag::kUuid, has_value<is_uuid>, "'value', a UUID"},
    {"regexp", Tag::kRegexp, has_value<is_any_text>, "'value', a text"},
    {"url", Tag::kUrl, has_value<is_any_text>, "'value', a text"},
    {"custom", Tag::kCustom, is_custom, "'name', a text, and 'value'"},
    {"object", Tag::kObject, is_object, "'class', a text"},
};

const KnownTag* known(const Json& json) {
  const auto type = json.find(kTypeKey);
  if (!type.is(Json::Type::kString)) return nullptr;
  const auto found = std::find_if(std::begin(kTags), std::end(kTags),
                                  [&](const KnownTag& tag) { return tag.name == type.text(); });
  return found == std::end(kTags) ? nullptr : found;
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

[[noreturn]] void refuse(const Given& given, const std::string& why) {
  throw invalid_argument("invalid_tag", given.key, quoted(given.key) + why);
}

void check_tag(const Given& given) {
  const auto type = given.json.find(kTypeKey);
  if (!type.is(Json::Type::kString)) refuse(given, ": a '$type' must be a text");
  const auto* tag = known(given.json);
  if (!tag) refuse(given, " has a tag " + quoted(type.text()) + " that cannot be written");
  if (!tag->is_valid(given.json)) {
    refuse(given, ": the tag " + quoted(tag->name) + " must have " + std::string(tag->fields));
  }
}

}  // namespace

Tag Given::tag() const {
  if (!tagged || !json) return Tag::kNone;
  const auto* tag = known(json);
  return tag ? tag->tag : Tag::kNone;
}

std::string_view Given::text() const {
  for (const auto name : {"value", "iso", "base64"}) {
    if (const auto field = json.find(name)) return field.text();
  }
  return {};
}

std::string Given::characters() const {
  std::string text;
  unsigned high = 0;  // a high surrogate that waits for its low one
  for (const auto& item : json.find("code_units").children()) {
    const auto unit = static_cast<unsigned>(item.value.integer().value_or(0));
    if (high != 0 && unit >= 0xdc00 && unit < 0xe000) {
      append_utf8(text, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
      high = 0;
      continue;
    }
    if (high != 0) append_utf8(text, high);
    high = unit >= 0xd800 && unit < 0xdc00 ? unit : 0;
    if (high == 0) append_utf8(text, unit);
  }
  if (high != 0) append_utf8(text, high);
  return text;
}

void check_tags(const Given& given) {
  if (!given.tagged || !given.json) return;
  const bool object = given.json.is(Json::Type::kObject);
  if (!object && !given.json.is(Json::Type::kArray)) return;
  if (object && given.json.find(kTypeKey)) check_tag(given);
  for (const auto& child : given.json.children()) check_tags(given.at(child.value));
}

Error cannot_carry(std::string_view serialization, const Given& given, std::string_view what) {
  return invalid_argument("unsupported_value", given.key,
                          quoted(given.key) + ": the format " + quoted(serialization) +
                              " cannot carry " + std::string(what));
}

}  // namespace dbosc::wire
