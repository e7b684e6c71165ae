#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/json_writer.h"
#include "schema/field.h"

namespace dbosc::schema {

inline void encode_value(JsonWriter& writer, const std::string& value) { writer.string(value); }
inline void encode_value(JsonWriter& writer, std::int64_t value) { writer.integer(value); }
inline void encode_value(JsonWriter& writer, bool value) { writer.boolean(value); }
inline void encode_value(JsonWriter& writer, const RawJson& value) { writer.raw(value.text); }
template <HasEnumTexts T>
void encode_value(JsonWriter& writer, T value) {
  writer.string(EnumTexts<T>::texts[static_cast<std::size_t>(value)]);
}

template <HasSchema T>
void encode(JsonWriter& writer, const T& value);

template <HasSchema T>
void encode_value(JsonWriter& writer, const T& value) {
  encode(writer, value);
}
template <class T>
void encode_value(JsonWriter& writer, const std::optional<T>& value) {
  if (value) {
    encode_value(writer, *value);
  } else {
    writer.null();
  }
}
template <class T>
void encode_value(JsonWriter& writer, const std::vector<T>& values) {
  writer.begin_array();
  for (const auto& value : values) encode_value(writer, value);
  writer.end_array();
}

/// Writes a reply as one object, its keys in the order of its Schema.
template <HasSchema T>
void encode(JsonWriter& writer, const T& value) {
  writer.begin_object();
  const auto write = [&](const auto& field) {
    writer.plain_key(field.key);
    encode_value(writer, value.*field.member);
  };
  std::apply([&](const auto&... field) { (write(field), ...); }, Schema<T>::fields);
  writer.end_object();
}

}  // namespace dbosc::schema
