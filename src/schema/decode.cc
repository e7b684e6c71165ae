#include "schema/decode.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/instant.h"

namespace dbosc::schema {
namespace {

std::string_view type_name(const Json& json) {
  switch (json.type()) {
    case Json::Type::kNull:
      return "null";
    case Json::Type::kBoolean:
      return "a boolean";
    case Json::Type::kNumber:
      return "a number";
    case Json::Type::kString:
      return "a string";
    case Json::Type::kArray:
      return "an array";
    case Json::Type::kObject:
      return "an object";
  }
  return "nothing";
}

[[noreturn]] void refuse(std::string kind, const Path& path, std::string_view problem) {
  const auto where = path.text();
  const auto name = where.empty() ? std::string("the request") : "'" + where + "'";
  throw invalid_argument(std::move(kind), where, name + ' ' + std::string(problem));
}

/// Levenshtein distance: how many single characters apart two keys are.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, substituted}));
    }
  }
  return row.back();
}

std::string integer_range(const Rules& rules) {
  const std::numeric_limits<std::int64_t> limits;
  if (rules.max == limits.max() && rules.min == limits.min()) return "a 64-bit integer";
  if (rules.max == limits.max()) return "an integer of at least " + std::to_string(rules.min);
  return "an integer from " + std::to_string(rules.min) + " to " + std::to_string(rules.max);
}

}  // namespace

namespace {

/// Keys of ours are shorter; of a longer one, the beginning is told.
constexpr std::size_t kMaxKeyShown = 64;

std::string shown(std::string_view key) {
  if (key.size() <= kMaxKeyShown) return std::string(key);
  auto end = kMaxKeyShown;
  while ((static_cast<unsigned char>(key[end]) & 0xc0) == 0x80) --end;  // whole characters
  return std::string(key.substr(0, end)) + "...";
}

}  // namespace

std::string Path::text() const {
  std::string text = parent ? parent->text() : std::string();
  if (!parent) return text;
  if (!key.data()) return text + '[' + std::to_string(index) + ']';
  if (!text.empty()) text += '.';
  return text + shown(key);
}

void refuse_wrong_type(const Path& path, std::string_view expected, const Json& given) {
  refuse("wrong_type", path,
         "must be " + std::string(expected) + ", not " + std::string(type_name(given)));
}

void refuse_unknown_value(const Path& path, std::string_view given, const std::string_view* known,
                          std::size_t count) {
  std::string problem = "must be one of";
  for (std::size_t i = 0; i < count; ++i) {
    problem += (i ? ", '" : " '") + std::string(known[i]) + "'";
  }
  refuse("unknown_value", path, problem + ", not '" + std::string(given) + "'");
}

void refuse_unknown_key(const Path& path, const std::vector<std::string_view>& known_keys) {
  std::string problem = "is not a key of this request";
  const auto key = path.key.substr(0, kMaxKeyShown);
  const auto nearest = std::min_element(
      known_keys.begin(), known_keys.end(),
      [&](auto left, auto right) { return distance(key, left) < distance(key, right); });
  if (nearest != known_keys.end()) {
    problem += "; the nearest is '" + std::string(*nearest) + "'";
  }
  refuse("unknown_key", path, problem);
}

void refuse_missing_key(const Path& path) { refuse("missing_key", path, "is required"); }

void refuse_repeated_key(const Path& path) { refuse("repeated_key", path, "is given twice"); }

void require_type(const Json& json, Json::Type type, const Path& path, std::string_view expected) {
  if (!json.is(type)) refuse_wrong_type(path, expected, json);
}

void decode_value(const Json& json, const Path& path, const Rules& rules, std::string& out) {
  require_type(json, Json::Type::kString, path, "a string");
  const auto text = json.text();
  // Databases cannot hold it, and libpq would cut the text there without a word.
  if (text.find('\0') != std::string_view::npos) {
    refuse("nul_character", path, "must not contain U+0000");
  }
  // Blank is refused with empty, as the SDKs do for ids: nobody means it.
  if (rules.non_empty && text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    refuse("empty_value", path, "must not be empty");
  }
  if (text.size() > rules.max_bytes) {
    refuse("too_long", path, "is longer than " + std::to_string(rules.max_bytes) + " bytes");
  }
  out = text;
}

void decode_value(const Json& json, const Path& path, const Rules& rules, std::int64_t& out) {
  if (!json.is(Json::Type::kNumber)) refuse_wrong_type(path, integer_range(rules), json);
  const auto value = json.integer();
  if (!value || *value < rules.min || *value > rules.max) {
    refuse("out_of_range", path,
           "must be " + integer_range(rules) + ", not " + std::string(json.text().substr(0, 40)));
  }
  out = *value;
}

void decode_value(const Json& json, const Path& path, const Rules&, bool& out) {
  require_type(json, Json::Type::kBoolean, path, "true or false");
  out = json.boolean();
}

void decode_value(const Json& json, const Path& path, const Rules& rules, Instant& out) {
  static constexpr std::string_view kExpected = "epoch milliseconds or RFC 3339 text with a zone";
  if (json.is(Json::Type::kNumber)) {
    decode_value(json, path, rules, out.ms);
    return;
  }
  require_type(json, Json::Type::kString, path, kExpected);
  const auto instant = parse_rfc3339(json.text());
  if (!instant) refuse("invalid_instant", path, "must be " + std::string(kExpected));
  out.ms = *instant;
}

void decode_value(const Json& json, const Path& path, const Rules& rules, OneOrMany& out) {
  out.given = true;
  if (json.is(Json::Type::kString)) {
    decode_value(json, path, rules, out.values.emplace_back());
    return;
  }
  require_type(json, Json::Type::kArray, path, "a string or an array of strings");
  for (const auto& item : json.children()) {
    const Path at{&path, {}, out.values.size()};
    decode_value(item.value, at, rules, out.values.emplace_back());
  }
}

void decode_value(const Json& json, const Path& path, const Rules& rules, NumberOrText& out) {
  if (json.is(Json::Type::kNumber)) {
    decode_value(json, path, rules, out.number);
  } else if (json.is(Json::Type::kString)) {
    decode_value(json, path, rules, out.text);
  } else {
    refuse_wrong_type(path, "an integer or a string", json);
  }
}

void decode_value(const Json& json, const Path& path, const Rules&, JsonObject& out) {
  require_type(json, Json::Type::kObject, path, "an object");
  // jsonb refuses it, so both databases do. An escaped backslash before a `u` is text, and passes.
  const auto raw = json.raw();
  for (std::size_t at = raw.find('\\'); at != std::string_view::npos; at = raw.find('\\', at + 2)) {
    if (raw.substr(at, 6) == "\\u0000") refuse("nul_character", path, "must not contain U+0000");
  }
  out.value = json;
}

void decode_value(const Json& json, const Path&, const Rules&, Payload& out) { out.value = json; }

}  // namespace dbosc::schema
