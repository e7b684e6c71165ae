#include "wire/foreign.h"

#include "base/error.h"
#include "base/utf8.h"
#include "wire/json_shapes.h"

namespace dbosc::wire {
namespace {

/// What the caller's function made of a stored text.
class Decoded {
 public:
  Decoded(const Foreign::Transcode& decode, Foreign::Kind kind, std::string_view text) {
    JsonFault fault;
    valid_ =
        decode(kind, std::string(text), json_) && JsonDocument::try_parse(json_, document_, fault);
  }
  Decoded(const Decoded&) = delete;
  Decoded& operator=(const Decoded&) = delete;

  bool valid() const { return valid_; }
  Json root() const { return document_.root(); }

 private:
  std::string json_;
  JsonDocument document_;
  bool valid_ = false;
};

}  // namespace

std::string Foreign::encode(Kind kind, const std::string& json) const {
  std::string out;
  if (!encode_(kind, json, out)) {
    throw Error(Code::kSerialization, "serializer_failed",
                "the serializer '" + name_ + "' cannot write this payload" +
                    (out.empty() ? "" : ": " + out));
  }
  if (!is_database_text(out)) {
    throw Error(Code::kSerialization, "serializer_failed",
                "the serializer '" + name_ +
                    "' wrote what is not UTF-8 text without U+0000; encode bytes as base64");
  }
  return out;
}

std::string Foreign::encode_arguments(const Json& args, const Json& kwargs) const {
  std::string json = "{\"args\":";
  json += args ? args.raw() : "[]";
  json += ",\"kwargs\":";
  json += kwargs ? kwargs.raw() : "{}";
  return encode(Kind::kArguments, json + '}');
}

std::string Foreign::encode_value(const Json& value) const {
  return encode(Kind::kValue, std::string(value.raw()));
}

bool Foreign::decode_arguments(std::string_view text, JsonWriter& out) const {
  const Decoded decoded(decode_, Kind::kArguments, text);
  return decoded.valid() && write_arguments_of(out, decoded.root(), "args", "kwargs");
}

bool Foreign::decode_value(std::string_view text, JsonWriter& out) const {
  const Decoded decoded(decode_, Kind::kValue, text);
  if (decoded.valid()) out.raw(decoded.root().raw());
  return decoded.valid();
}

bool Foreign::decode_error(std::string_view text, JsonWriter& out) const {
  const Decoded decoded(decode_, Kind::kError, text);
  if (decoded.valid()) write_error_of(out, decoded.root());
  return decoded.valid();
}

}  // namespace dbosc::wire
