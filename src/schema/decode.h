#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/json.h"
#include "schema/field.h"

namespace dbosc::schema {

/// Where a value stands in the request, e.g. `messages[2].topic`. A chain on the stack: text is
/// made only for an error.
struct Path {
  const Path* parent = nullptr;
  std::string_view key;
  std::size_t index = 0;
  std::string text() const;
};

// One overload for each type that a request can hold. Each throws Error(kInvalidArgument) naming
// the path.
void decode_value(const Json& json, const Path& path, const Rules& rules, std::string& out);
void decode_value(const Json& json, const Path& path, const Rules& rules, std::int64_t& out);
void decode_value(const Json& json, const Path& path, const Rules& rules, bool& out);
void decode_value(const Json& json, const Path& path, const Rules& rules, Instant& out);
void decode_value(const Json& json, const Path& path, const Rules& rules, OneOrMany& out);
void decode_value(const Json& json, const Path& path, const Rules& rules, NumberOrText& out);
void decode_value(const Json& json, const Path& path, const Rules& rules, JsonObject& out);
void decode_value(const Json& json, const Path& path, const Rules& rules, Payload& out);

[[noreturn]] void refuse_wrong_type(const Path& path, std::string_view expected, const Json& given);
[[noreturn]] void refuse_unknown_value(const Path& path, std::string_view given,
                                       const std::string_view* known, std::size_t count);
[[noreturn]] void refuse_unknown_key(const Path& path,
                                     const std::vector<std::string_view>& known_keys);
[[noreturn]] void refuse_missing_key(const Path& path);
[[noreturn]] void refuse_repeated_key(const Path& path);
void require_type(const Json& json, Json::Type type, const Path& path, std::string_view expected);

template <HasSchema T>
void decode_value(const Json& json, const Path& path, const Rules& rules, T& out);

template <HasEnumTexts T>
void decode_value(const Json& json, const Path& path, const Rules& rules, T& out) {
  std::string text;
  decode_value(json, path, rules, text);
  const auto& texts = EnumTexts<T>::texts;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] == text) {
      out = static_cast<T>(i);
      return;
    }
  }
  refuse_unknown_value(path, text, texts.data(), texts.size());
}

template <class T>
void decode_value(const Json& json, const Path& path, const Rules& rules, std::optional<T>& out) {
  decode_value(json, path, rules, out.emplace());
}

template <class T>
void decode_value(const Json& json, const Path& path, const Rules& rules, Clearable<T>& out) {
  out.given = true;
  if (!json.is(Json::Type::kNull)) decode_value(json, path, rules, out.value.emplace());
}

template <class T>
void decode_value(const Json& json, const Path& path, const Rules& rules, std::vector<T>& out) {
  require_type(json, Json::Type::kArray, path, "an array");
  if (rules.non_empty && json.size() == 0) refuse_missing_key(path);
  Rules item_rules;
  item_rules.non_empty = rules.non_empty;
  out.reserve(json.size());
  for (const auto& item : json.children()) {
    const Path at{&path, {}, out.size()};
    decode_value(item.value, at, item_rules, out.emplace_back());
  }
}

/// Offers one member of the request to every field; true when one took it.
template <class Fields, class T, std::size_t... I>
bool decode_member(const Fields& fields, const Json::Member& member, const Path& path, T& out,
                   bool* seen, std::index_sequence<I...>) {
  const auto offer = [&](const auto& field, bool& taken) {
    if (member.key != field.key && (field.rules.alias.empty() || member.key != field.rules.alias)) {
      return false;
    }
    if (std::exchange(taken, true)) refuse_repeated_key(path);
    using Member = std::remove_cvref_t<decltype(out.*field.member)>;
    // null means absent, but for an update, which it clears, and a message, which may well be null.
    const bool null_is_a_value =
        kIsClearable<Member> || (std::is_same_v<Member, Payload> && field.rules.required);
    if (member.value.is(Json::Type::kNull) && !null_is_a_value) {
      taken = !field.rules.required;
    } else {
      decode_value(member.value, path, field.rules, out.*field.member);
    }
    return true;
  };
  return (offer(std::get<I>(fields), seen[I]) || ...);
}

template <HasSchema T>
void decode_value(const Json& json, const Path& path, const Rules&, T& out) {
  require_type(json, Json::Type::kObject, path, "an object");
  constexpr const auto& fields = Schema<T>::fields;
  constexpr auto kCount = std::tuple_size_v<std::remove_cvref_t<decltype(fields)>>;
  bool seen[kCount + 1] = {};
  for (const auto& member : json.children()) {
    const Path at{&path, member.key, 0};
    if (decode_member(fields, member, at, out, seen, std::make_index_sequence<kCount>{})) continue;
    std::vector<std::string_view> known;
    std::apply([&](const auto&... field) { (known.push_back(field.key), ...); }, fields);
    refuse_unknown_key(at, known);
  }
  const auto require = [&](const auto& field, bool given) {
    if (field.rules.required && !given) refuse_missing_key(Path{&path, field.key, 0});
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (require(std::get<I>(fields), seen[I]), ...);
  }(std::make_index_sequence<kCount>{});
}

/// The request as a struct, every rule of its Schema held. Views into `json` stay in the result
/// (payloads).
template <HasSchema T>
T decode(const Json& json) {
  T out;
  decode_value(json, Path{}, Rules{}, out);
  return out;
}

}  // namespace dbosc::schema
