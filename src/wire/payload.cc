#include "wire/payload.h"

#include "base/error.h"
#include "wire/recognize.h"

namespace dbosc::wire {
namespace {

constexpr std::string_view kRawKey = "$raw";
constexpr std::string_view kSerializationKey = "serialization";
/// Postgres refuses a value of 1 GiB, and the row around it needs room.
constexpr std::size_t kMaxPayloadBytes = (std::size_t{1} << 30) - (1 << 16);

Stored checked(Stored stored, std::string_view key) {
  if (stored.text.size() > kMaxPayloadBytes) {
    throw invalid_argument("too_large", key,
                           "'" + std::string(key) + "' is larger than a database field of 1 GiB");
  }
  return stored;
}

Stored read_raw(const Json& value, std::string_view key) {
  const auto raw = value.find(kRawKey);
  const auto name = value.find(kSerializationKey);
  const bool named = name.is(Json::Type::kString);
  if (!raw.is(Json::Type::kString) || !(named || !name || name.is(Json::Type::kNull)) ||
      value.size() != (name ? 2 : 1)) {
    throw invalid_argument(
        "wrong_type", key,
        "'" + std::string(key) +
            "' must be {\"$raw\": text, \"serialization\": name} in payload mode 'raw'");
  }
  const bool has_nul = raw.text().find('\0') != std::string_view::npos ||
                       (named && name.text().find('\0') != std::string_view::npos);
  if (has_nul) {
    throw invalid_argument("nul_character", key,
                           "'" + std::string(key) + "' must not contain U+0000");
  }
  Stored stored{std::string(raw.text()), std::nullopt};
  if (named) stored.serialization = std::string(name.text());
  return stored;
}

const Codec& codec_for_writing(const WriteFormat& format) {
  if (const auto* codec = format.payloads.codecs.find(format.serialization)) return *codec;
  throw Error(
      Code::kUnsupported, "unsupported_serialization",
      "this version cannot write 'serialization' '" + format.serialization +
          "'; register a serializer of that name, or give the stored text with payload mode "
          "'raw'")
      .with("path", kSerializationKey);
}

Given given(const WriteFormat& format, const Json& value, std::string_view key) {
  return {value, format.payloads.mode == Mode::kTagged, key};
}

void write_raw(JsonWriter& out, std::optional<std::string_view> serialization,
               std::string_view text) {
  out.begin_object().key(kRawKey).string(text).key(kSerializationKey);
  if (serialization) {
    out.string(*serialization);
  } else {
    out.null();
  }
  out.end_object();
}

/// Whether a JSON text is no scalar, which all formats of bare JSON read alike.
bool is_container(std::string_view json) { return json.find_first_of("[{") == 0; }

/// Reads one stored text by what its label, its form and its owner tell, in this order.
template <class Decode>
class Reading {
 public:
  Reading(JsonWriter& out, const Payloads& payloads, std::string_view text, Decode& decode)
      : out_(out), payloads_(payloads), text_(text), decode_(decode), before_(out.view().size()) {}

  bool as(const Codec* codec) {
    if (!codec) return false;
    ValueWriter values(out_, payloads_.mode == Mode::kTagged);
    if (decode_(*codec, values)) return true;
    out_.truncate(before_);
    return false;
  }
  bool as(std::string_view format) { return as(payloads_.codecs.find(format)); }

  /// What its label says, if that is known.
  bool by_label(std::string_view label, bool is_error) {
    const auto* codec = payloads_.codecs.find(label);
    if (!codec) return false;
    if (!is_error) return as(codec);
    // Workers store errors their own way, whatever the label of the row. To Go's formats any text
    // is an error: what is another's for certain comes first.
    return by_form(label) || as(codec) || is_message();
  }

  bool without_label(bool is_error) {
    if (const auto format = recognize(text_)) return as(*format);
    const bool bare = is_bare_json(text_);
    if (bare && !is_error && !is_container(text_)) return as("rust_serde");
    auto* owner = payloads_.owner;
    if (owner && !owner->is_known) owner->is_wanted = true;
    if (owner && owner->format && as(*owner->format)) return true;
    if (bare) return as(is_error ? "portable_json" : "rust_serde");
    return is_error && is_message();
  }

 private:
  bool by_form(std::string_view label) {
    const auto format = recognize(text_);
    const bool both_go = format == "DBOS_GOB" && label == "DBOS_JSON";
    return format && format != label && !both_go && as(*format);
  }
  bool is_message() { return is_message_text(text_) && as("DBOS_JSON"); }

  JsonWriter& out_;
  const Payloads& payloads_;
  const std::string_view text_;
  Decode& decode_;
  const std::size_t before_;
};

template <class Decode>
void write_decoded(JsonWriter& out, const Payloads& payloads,
                   std::optional<std::string_view> serialization,
                   std::optional<std::string_view> text, bool is_error, Decode&& decode) {
  if (!text) {
    out.null();
    return;
  }
  if (payloads.mode != Mode::kRaw) {
    Reading<Decode> reading(out, payloads, *text, decode);
    const bool labelled = serialization && !serialization->empty();
    if (labelled ? reading.by_label(*serialization, is_error) : reading.without_label(is_error)) {
      return;
    }
  }
  write_raw(out, serialization, *text);
}

}  // namespace

Stored encode_arguments(const WriteFormat& format, const Json& args, const Json& kwargs) {
  if (format.payloads.mode == Mode::kRaw && (args || kwargs)) {
    if (kwargs) {
      throw invalid_argument("conflicting_keys", "kwargs",
                             "'kwargs' cannot go with raw 'args', which hold all arguments");
    }
    return checked(read_raw(args, "args"), "args");
  }
  const auto& codec = codec_for_writing(format);
  const Arguments arguments{given(format, args, "args"), given(format, kwargs, "kwargs")};
  const auto require = [](const Json& value, Json::Type type, std::string_view key,
                          std::string_view expected) {
    if (value && !value.is(type)) {
      throw invalid_argument("wrong_type", key,
                             "'" + std::string(key) + "' must be " + std::string(expected));
    }
  };
  require(args, Json::Type::kArray, "args", "an array");
  require(kwargs, Json::Type::kObject, "kwargs", "an object");
  check_tags(arguments.args);
  check_tags(arguments.kwargs);
  return checked({codec.encode_arguments(arguments), std::string(codec.name())}, "args");
}

Stored encode_value(const WriteFormat& format, const Json& value, std::string_view key) {
  if (format.payloads.mode == Mode::kRaw) return checked(read_raw(value, key), key);
  const auto& codec = codec_for_writing(format);
  const auto payload = given(format, value, key);
  check_tags(payload);
  return checked({codec.encode_value(payload), std::string(codec.name())}, key);
}

void write_arguments(JsonWriter& out, const Payloads& payloads,
                     std::optional<std::string_view> serialization,
                     std::optional<std::string_view> text) {
  const auto decode = [&](const Codec& codec, ValueWriter& values) {
    return codec.decode_arguments(*text, values);
  };
  write_decoded(out, payloads, serialization, text, false, decode);
}

void write_value(JsonWriter& out, const Payloads& payloads,
                 std::optional<std::string_view> serialization,
                 std::optional<std::string_view> text) {
  const auto decode = [&](const Codec& codec, ValueWriter& values) {
    return codec.decode_value(*text, values);
  };
  write_decoded(out, payloads, serialization, text, false, decode);
}

void write_error(JsonWriter& out, const Payloads& payloads,
                 std::optional<std::string_view> serialization,
                 std::optional<std::string_view> text) {
  const auto decode = [&](const Codec& codec, ValueWriter& values) {
    out.begin_object();
    if (!codec.decode_error(*text, values)) return false;
    out.key(kSerializationKey).string(codec.name()).end_object();
    return true;
  };
  write_decoded(out, payloads, serialization, text, true, decode);
}

}  // namespace dbosc::wire
