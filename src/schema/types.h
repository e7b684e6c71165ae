#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace dbosc::schema {

/// A point in time in a request: epoch milliseconds, or RFC 3339 text.
struct Instant {
  std::int64_t ms = 0;
};

/// A filter that takes one value or a list, joined by OR. An empty list is no filter, as in the
/// SDKs.
struct OneOrMany {
  std::vector<std::string> values;
  bool given = false;  ///< Also by an empty list.
  bool empty() const { return values.empty(); }
};

/// A number, or a word that stands for one.
struct NumberOrText {
  std::int64_t number = 0;
  std::string text;  ///< Empty where a number was given.
};

/// A JSON object that is handed on as it was written (`attributes`).
struct JsonObject {
  Json value;
};

/// Arguments, a message, a value: any JSON, read by the call's payload mode.
struct Payload {
  Json value;
  explicit operator bool() const { return static_cast<bool>(value); }
};

/// A key of an update: absent keeps what is there, null clears it.
template <class T>
struct Clearable {
  bool given = false;
  std::optional<T> value;
};

template <class T>
inline constexpr bool kIsClearable = false;
template <class T>
inline constexpr bool kIsClearable<Clearable<T>> = true;

/// In a reply: JSON that was written before, spliced as it is.
struct RawJson {
  std::string text = "null";
};

/// In a reply: a row (or an array of rows) that the operation writes itself. Only for the
/// reference.
template <const auto& kColumns, const auto& kPayloads>
struct OneRow {};
template <const auto& kColumns, const auto& kPayloads>
struct Rows {};

/// The texts of an enumeration, in the order of its values. Specialised beside each enumeration
/// that a request can hold.
template <class Enum>
struct EnumTexts;

/// The keys of a request or reply. Specialised beside each struct: `static constexpr auto fields =
/// std::tuple(field(...), ...)`.
template <class T>
struct Schema;

template <class T>
concept HasSchema = requires { Schema<T>::fields; };

template <class T>
concept HasEnumTexts = requires { EnumTexts<T>::texts; };

}  // namespace dbosc::schema
