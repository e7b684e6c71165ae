#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/json_writer.h"
#include "schema/column.h"
#include "schema/field.h"

namespace dbosc::schema {

/// Writes type and fields of a row with these columns and payloads into the open object of one key.
void describe_row(JsonWriter& writer, std::span<const Column> columns,
                  std::span<const Column> payloads);

/// Writes what an integer, a text and so on may be, into the open object of one key.
void describe_rules(JsonWriter& writer, const Rules& rules);
/// Writes `"type": "enum", "values": [...]` into the open object of one key.
void describe_enum(JsonWriter& writer, const std::string_view* texts, std::size_t count);

template <class T>
void describe_fields(JsonWriter& writer);
template <class T>
void describe_type(JsonWriter& writer, const std::vector<T>*);

inline void describe_type(JsonWriter& w, const std::string*) { w.key("type").string("string"); }
inline void describe_type(JsonWriter& w, const std::int64_t*) { w.key("type").string("integer"); }
inline void describe_type(JsonWriter& w, const bool*) { w.key("type").string("boolean"); }
inline void describe_type(JsonWriter& w, const Instant*) { w.key("type").string("instant"); }
inline void describe_type(JsonWriter& w, const OneOrMany*) {
  w.key("type").string("string_or_strings");
}
inline void describe_type(JsonWriter& w, const NumberOrText*) {
  w.key("type").string("integer_or_string");
}
inline void describe_type(JsonWriter& w, const JsonObject*) { w.key("type").string("object"); }
inline void describe_type(JsonWriter& w, const Payload*) { w.key("type").string("payload"); }
template <const auto& kColumns, const auto& kPayloads>
void describe_type(JsonWriter& writer, const OneRow<kColumns, kPayloads>*) {
  describe_row(writer, kColumns, kPayloads);
}
template <const auto& kColumns, const auto& kPayloads>
void describe_type(JsonWriter& writer, const Rows<kColumns, kPayloads>*) {
  writer.key("type").string("array").key("items").begin_object();
  describe_row(writer, kColumns, kPayloads);
  writer.end_object();
}
inline void describe_type(JsonWriter& w, const RawJson*) { w.key("type").string("json"); }
template <HasEnumTexts T>
void describe_type(JsonWriter& writer, const T*) {
  describe_enum(writer, EnumTexts<T>::texts.data(), EnumTexts<T>::texts.size());
}
template <HasSchema T>
void describe_type(JsonWriter& writer, const T*) {
  writer.key("type").string("object");
  describe_fields<T>(writer);
}
template <class T>
void describe_type(JsonWriter& writer, const std::optional<T>*) {
  describe_type(writer, static_cast<const T*>(nullptr));
}
template <class T>
void describe_type(JsonWriter& writer, const Clearable<T>*) {
  describe_type(writer, static_cast<const T*>(nullptr));
  writer.key("clearable").boolean(true);
}
template <class T>
void describe_type(JsonWriter& writer, const std::vector<T>*) {
  writer.key("type").string("array").key("items").begin_object();
  describe_type(writer, static_cast<const T*>(nullptr));
  writer.end_object();
}

/// Which type stands for a number, or a list of them, that holds epoch milliseconds.
template <class Member>
struct InstantOf {
  using type = Instant;
};
template <class T>
struct InstantOf<std::vector<T>> {
  using type = std::vector<Instant>;
};
template <class Member>
using AsInstant = typename InstantOf<Member>::type;

/// Writes `"fields": [...]`, one object a key, in the order of the Schema.
template <class T>
void describe_fields(JsonWriter& writer) {
  writer.key("fields").begin_array();
  const auto describe = [&]<class Owner, class Member>(const Field<Owner, Member>& field) {
    writer.begin_object().key("key").string(field.key);
    if (field.rules.instant) {
      describe_type(writer, static_cast<const AsInstant<Member>*>(nullptr));
    } else {
      describe_type(writer, static_cast<const Member*>(nullptr));
    }
    describe_rules(writer, field.rules);
    writer.key("doc").string(field.doc).end_object();
  };
  std::apply([&](const auto&... field) { (describe(field), ...); }, Schema<T>::fields);
  writer.end_array();
}

}  // namespace dbosc::schema
