#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/json_writer.h"
#include "wire/codec.h"
#include "wire/codecs.h"

namespace dbosc::wire {

/// A payload as it is stored, with the name of its format.
struct Stored {
  std::string text;
  std::optional<std::string> serialization;
};

/// Whose payloads are read: only that tells the format of some that have no label.
struct Owner {
  std::optional<std::string> format;  ///< Its own one.
  bool is_known = false;              ///< It has been looked for.
  bool is_wanted = false;             ///< Set where a payload was read without knowing it.
};

/// How the payloads of one call look, and the formats that its client knows.
struct Payloads {
  const Codecs& codecs;
  Mode mode = Mode::kPlain;
  Owner* owner = nullptr;
};

/// How a request wants its payloads written.
struct WriteFormat {
  Payloads payloads;
  std::string serialization;
};

// A value that the format cannot carry, or a `$raw` that is none, throws Error(kInvalidArgument)
// naming `key`.
Stored encode_arguments(const WriteFormat& format, const Json& args, const Json& kwargs);
Stored encode_value(const WriteFormat& format, const Json& value, std::string_view key);

// Each writes one JSON value: null for NULL, `{"$raw", "serialization"}` for what cannot be read. A
// text without a label is read by its form, else as its owner's; an error by its form also where it
// has a label, which workers do not mind.
void write_arguments(JsonWriter& out, const Payloads& payloads,
                     std::optional<std::string_view> serialization,
                     std::optional<std::string_view> text);
void write_value(JsonWriter& out, const Payloads& payloads,
                 std::optional<std::string_view> serialization,
                 std::optional<std::string_view> text);
/// `{"name", "message", "code", "data", "serialization"}`, with `stack` and `cause` where there
/// are.
void write_error(JsonWriter& out, const Payloads& payloads,
                 std::optional<std::string_view> serialization,
                 std::optional<std::string_view> text);

}  // namespace dbosc::wire
