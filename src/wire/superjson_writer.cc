#include "wire/superjson_writer.h"

#include <algorithm>
#include <unordered_map>

#include "base/base64.h"
#include "base/instant.h"
#include "wire/js_text.h"
#include "wire/json_literal.h"
#include "wire/superjson.h"

namespace dbosc::wire::superjson {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// What superjson can make arrays of again.
constexpr std::string_view kTypedArrays[] = {"Int8Array",    "Uint8Array",   "Int16Array",
                                             "Uint16Array",  "Int32Array",   "Uint32Array",
                                             "Float32Array", "Float64Array", "Uint8ClampedArray"};

[[noreturn]] void refuse(const Given& given, std::string_view what) {
  throw cannot_carry(Superjson::kName, given, what);
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

/// `["custom","Buffer"]`
std::string composite(std::string_view kind, std::string_view name) {
  return '[' + json_literal(kind) + ',' + json_literal(name) + ']';
}

/// In the order of a JavaScript object: numbers first.
template <class Items, class KeyOf>
void order_as_object(Items& items, KeyOf&& key_of) {
  const auto before = [&](const auto& left, const auto& right) {
    const std::string_view a = key_of(left), b = key_of(right);
    const bool index = js::is_index(a), other = js::is_index(b);
    if (!index || !other) return index && !other;
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  };
  std::stable_sort(items.begin(), items.end(), before);
}

/// As JSON.parse has them: of equal keys the last one, at the place of the first.
std::vector<Json::Member> members_of(const Json& object) {
  std::vector<Json::Member> members;
  std::unordered_map<std::string_view, std::size_t> places;
  for (const auto& member : object.children()) {
    const auto [place, is_new] = places.try_emplace(member.key, members.size());
    if (is_new) {
      members.push_back(member);
    } else {
      members[place->second].value = member.value;
    }
  }
  order_as_object(members, [](const Json::Member& member) { return member.key; });
  return members;
}

std::string escaped_dots(std::string_view key) {
  std::string escaped;
  for (const char c : key) escaped += c == '.' ? std::string("\\.") : std::string(1, c);
  return escaped;
}

/// The readers of superjson refuse paths with these.
bool is_forbidden(std::string_view key) {
  return key == "__proto__" || key == "prototype" || key == "constructor";
}

bool is_regexp(std::string_view text) {
  const auto end = text.rfind('/');
  return text.starts_with('/') && end != 0 && end > 1 &&
         text.find_first_not_of("dgimsuvy", end + 1) == text.npos;
}

bool is_absolute_url(std::string_view text) {
  const auto colon = text.find(':');
  return colon != text.npos && colon != 0 && ((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z') &&
         text.find_first_of("/?# ") > colon;
}

/// Whether the text has digits finer than a millisecond.
bool is_finer_than_ms(std::string_view text) {
  const auto point = text.find('.');
  if (point == text.npos) return false;
  const auto end = std::min(text.find_first_not_of("0123456789", point + 1), text.size());
  const auto fraction = text.substr(point + 1, end - point - 1);
  return fraction.size() > 3 && fraction.find_first_not_of('0', 3) != fraction.npos;
}

}  // namespace

void Writer::Annotations::order() {
  order_as_object(inner, [](const auto& pair) { return std::string_view(pair.first); });
}

std::string Writer::Annotations::json() const {
  std::string text;
  if (!inner.empty()) {
    for (const auto& [path, tree] : inner) {
      text += (text.empty() ? '{' : ',') + json_literal(path) + ':' + tree;
    }
    text += '}';
  }
  if (type.empty()) return text;
  return '[' + type + (text.empty() ? "" : ',' + text) + ']';
}

/// A part's own type stands under its key, what is below it under longer paths.
void Writer::add(Annotations& all, const Given& given, std::string_view key, Annotations&& part) {
  if (part.empty()) return;
  if (is_forbidden(key)) refuse(given, "a typed value under the key " + quoted(key));
  auto path = escaped_dots(key);
  if (!part.type.empty()) {
    all.inner.emplace_back(std::move(path), part.json());
    return;
  }
  if (path.ends_with('\\')) refuse(given, "a typed value below a key that ends with a backslash");
  for (auto& [below, tree] : part.inner) {
    all.inner.emplace_back(path + '.' + below, std::move(tree));
  }
}

Writer::Annotations Writer::write(const Given& given) {
  if (const auto tag = given.tag(); tag != Tag::kNone) return write_tag(given, tag);
  const auto& json = given.json;
  switch (json ? json.type() : Json::Type::kNull) {
    case Json::Type::kObject:
      return write_object(given);
    case Json::Type::kArray:
      return write_array(given);
    case Json::Type::kString:
      json_ += json_literal(json.text());
      return {};
    case Json::Type::kNumber:
      return write_number(given, json.text(), false);
    case Json::Type::kBoolean:
    case Json::Type::kNull:
      break;
  }
  json_ += json ? json.raw() : "null";
  return {};
}

Writer::Annotations Writer::write_tag(const Given& given, Tag tag) {
  switch (tag) {
    case Tag::kInt:
      return write_number(given, given.text(), true);
    case Tag::kBigint:
      return write_typed("bigint", given.text() == "-0" ? "0" : given.text());
    case Tag::kFloat: {
      const auto value = given.text();
      return write_typed("number", value == "nan"    ? "NaN"
                                   : value == "inf"  ? "Infinity"
                                   : value == "-inf" ? "-Infinity"
                                                     : "-0");
    }
    case Tag::kString:
      json_ += json_literal(given.characters());
      return {};
    case Tag::kBytes:
      return write_bytes(given);
    case Tag::kDatetime:
      return write_date(given);
    case Tag::kTuple:
      return write_array(given.field("items"));
    case Tag::kSet:
      return write_array(given.field("items"), quoted("set"));
    case Tag::kTypedArray:
      return write_typed_array(given);
    case Tag::kMap:
      return write_map(given);
    case Tag::kUndefined:
      json_ += "null";
      return {quoted("undefined"), {}};
    case Tag::kUuid:
      json_ += json_literal(given.text());
      return {};
    case Tag::kRegexp:
      return write_regexp(given);
    case Tag::kUrl:
      if (!is_absolute_url(given.text())) refuse(given, "a URL that names no scheme");
      return write_typed("URL", given.text());
    case Tag::kCustom:
      return write_custom(given);
    case Tag::kObject:
      return write_instance(given);
    case Tag::kDecimal:
      refuse(given, "a decimal number; give a string or a number");
    case Tag::kDate:
    case Tag::kTime:
    case Tag::kDuration:
      refuse(given, "a date, a time or a duration alone; give a string");
    case Tag::kNone:
      break;
  }
  return {};
}

Writer::Annotations Writer::write_typed(std::string_view type, std::string_view text) {
  json_ += json_literal(text);
  return {quoted(type), {}};
}

/// A number would lose digits of a large integer, so that becomes a BigInt; unless it is tagged and
/// JavaScript spells it with the same digits.
Writer::Annotations Writer::write_number(const Given& given, std::string_view digits,
                                         bool as_meant) {
  const auto number = js::number(digits);
  const bool whole = digits.find_first_of(".eE") == digits.npos;
  if (whole && !js::is_safe_integer(digits) && !(as_meant && number == digits)) {
    return write_typed("bigint", digits);
  }
  if (!number) refuse(given, "a number beyond a double");
  if (*number == "-0") return write_typed("number", "-0");
  json_ += *number;
  return {};
}

Writer::Annotations Writer::write_array(const Given& given, std::string type) {
  Annotations all{std::move(type), {}};
  json_ += '[';
  std::size_t i = 0;
  for (const auto& item : given.json.children()) {
    if (i != 0) json_ += ',';
    add(all, given, std::to_string(i++), write(given.at(item.value)));
  }
  json_ += ']';
  all.order();
  return all;
}

Writer::Annotations Writer::write_object(const Given& given) {
  Annotations all;
  json_ += '{';
  bool first = true;
  for (const auto& member : members_of(given.json)) {
    if (member.key == "__proto__") refuse(given, "a key \"__proto__\"");
    if (!first) json_ += ',';
    first = false;
    json_ += json_literal(member.key) + ':';
    add(all, given, member.key, write(given.at(member.value)));
  }
  json_ += '}';
  all.order();
  return all;
}

Writer::Annotations Writer::write_map(const Given& given) {
  return write_array(given.field("entries"), quoted("map"));
}

Writer::Annotations Writer::write_bytes(const Given& given) {
  const auto bytes = bytes_of_base64(given.text()).value_or("");
  json_ += '[';
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i != 0) json_ += ',';
    json_ += std::to_string(static_cast<unsigned char>(bytes[i]));
  }
  json_ += ']';
  return {composite("custom", "Buffer"), {}};
}

Writer::Annotations Writer::write_date(const Given& given) {
  const auto at_ms = parse_rfc3339(given.text());
  if (!at_ms) refuse(given, "a time without an offset from UTC");
  if (is_finer_than_ms(given.text())) refuse(given, "a time finer than a millisecond");
  return write_typed("Date", js::iso(*at_ms));
}

Writer::Annotations Writer::write_regexp(const Given& given) {
  if (!is_regexp(given.text())) refuse(given, "a regular expression that is not '/source/flags'");
  return write_typed("regexp", given.text());
}

Writer::Annotations Writer::write_typed_array(const Given& given) {
  const auto name = given.text_of("class");
  if (std::find(std::begin(kTypedArrays), std::end(kTypedArrays), name) == std::end(kTypedArrays)) {
    refuse(given, "a typed array " + quoted(name));
  }
  const auto items = given.field("items");
  for (const auto& item : items.json.children()) {
    if (!item.value.is(Json::Type::kNumber)) refuse(given, "a typed array of what is no number");
  }
  auto all = write_array(items, composite("typed-array", name));
  if (!all.inner.empty()) refuse(given, "a typed array of numbers beyond 2^53");
  return all;
}

/// A recipe's own form is JSON: superjson annotates nothing in it.
Writer::Annotations Writer::write_custom(const Given& given) {
  if (!write(given.field("value")).empty()) refuse(given, "a typed value within a custom one");
  return {composite("custom", given.text_of("name")), {}};
}

Writer::Annotations Writer::write_instance(const Given& given) {
  const auto state = given.field("state");
  if (!state.json.is(Json::Type::kObject) || state.tag() != Tag::kNone || given.json.size() != 3) {
    refuse(given, "an object without a 'state'");
  }
  auto all = write_object(state);
  all.type = composite("class", given.text_of("class"));
  return all;
}

}  // namespace dbosc::wire::superjson
