#pragma once

#include <string>
#include <string_view>

#include "wire/given.h"
#include "wire/value_writer.h"

namespace dbosc::wire {

/// How payloads look in requests and replies.
enum class Mode {
  kPlain,   ///< Any JSON; numbers keep every digit.
  kTagged,  ///< JSON in which tags stand for what it has no form for; nothing is lost.
  kRaw,     ///< `{"$raw": stored text, "serialization": name}`, untouched.
};

/// The arguments of a workflow; either may be absent.
struct Arguments {
  Given args;    ///< An array.
  Given kwargs;  ///< An object.
};

/// One format of stored payloads. Decoding writes one JSON value, or returns false when the text is
/// not of this format (what it has written by then is dropped); it never throws for what somebody
/// stored.
class Codec {
 public:
  virtual ~Codec() = default;
  /// The name in the `serialization` columns.
  virtual std::string_view name() const = 0;
  /// Whether it encodes at all.
  virtual bool can_write() const { return true; }

  // Their tags are checked. Throw Error(kInvalidArgument) where the format cannot carry what is
  // given.
  virtual std::string encode_arguments(const Arguments& arguments) const = 0;
  virtual std::string encode_value(const Given& value) const = 0;

  /// Writes `{"args": [...], "kwargs": {...}}`.
  virtual bool decode_arguments(std::string_view text, ValueWriter& out) const = 0;
  virtual bool decode_value(std::string_view text, ValueWriter& out) const = 0;
  /// Writes the members of an ErrorWriter into an open object.
  virtual bool decode_error(std::string_view text, ValueWriter& out) const = 0;
};

}  // namespace dbosc::wire
