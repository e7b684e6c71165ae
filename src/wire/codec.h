#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/json_writer.h"

namespace dbosc::wire {

/// How payloads look in requests and replies.
enum class Mode {
  kPlain,  ///< Any JSON; numbers keep every digit.
  kRaw,    ///< `{"$raw": stored text, "serialization": name}`, untouched.
};

/// One format of stored payloads. Decoding writes one JSON value, or nothing and returns false when
/// the text is not of this format; it never throws for what somebody stored.
class Codec {
 public:
  virtual ~Codec() = default;
  /// The name in the `serialization` columns.
  virtual std::string_view name() const = 0;

  /// `args` (array) and `kwargs` (object) may be empty. Throws Error where the format cannot carry
  /// them.
  virtual std::string encode_arguments(const Json& args, const Json& kwargs) const = 0;
  virtual std::string encode_value(const Json& value) const = 0;

  /// Writes `{"args": [...], "kwargs": {...}}`.
  virtual bool decode_arguments(std::string_view text, JsonWriter& out) const = 0;
  virtual bool decode_value(std::string_view text, JsonWriter& out) const = 0;
  /// Writes the members `name`, `message`, `code`, `data` into an open object.
  virtual bool decode_error(std::string_view text, JsonWriter& out) const = 0;
};

}  // namespace dbosc::wire
