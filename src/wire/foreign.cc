#include "wire/foreign.h"

#include "base/error.h"
#include "base/utf8.h"
#include "wire/json_shapes.h"

namespace dbosc::wire {
namespace {

/// What the caller's function made of a stored text; nothing where it refuses. Always strict JSON:
/// it goes into replies as it is, tags and all.
std::optional<std::string> decoded(const Foreign::Transcode& decode, Foreign::Kind kind,
                                   std::string_view text) {
  std::string json;
  JsonDocument document;
  JsonFault fault;
  if (!decode(kind, std::string(text), json)) return std::nullopt;
  if (!JsonDocument::try_parse(json, document, fault)) return std::nullopt;
  return json;
}

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

std::string Foreign::encode_arguments(const Arguments& arguments) const {
  const auto& [args, kwargs] = arguments;
  std::string json = "{\"args\":";
  json += args.json ? args.json.raw() : "[]";
  json += ",\"kwargs\":";
  json += kwargs.json ? kwargs.json.raw() : "{}";
  return encode(Kind::kArguments, json + '}');
}

std::string Foreign::encode_value(const Given& value) const {
  return encode(Kind::kValue, std::string(value.json.raw()));
}

bool Foreign::decode_arguments(std::string_view text, ValueWriter& out) const {
  const auto json = decoded(decode_, Kind::kArguments, text);
  if (!json) return false;
  ValueWriter as_it_is(out.json(), false);
  return write_arguments_of(StoredJson(*json), "args", "kwargs", as_it_is);
}

bool Foreign::decode_value(std::string_view text, ValueWriter& out) const {
  const auto json = decoded(decode_, Kind::kValue, text);
  if (json) out.json().raw(*json);
  return json.has_value();
}

bool Foreign::decode_error(std::string_view text, ValueWriter& out) const {
  const auto json = decoded(decode_, Kind::kError, text);
  if (!json) return false;
  ValueWriter as_it_is(out.json(), false);
  write_error_of(StoredJson(*json), as_it_is);
  return true;
}

}  // namespace dbosc::wire
