#include "wire/portable.h"

#include "wire/json_shapes.h"

namespace dbosc::wire {
namespace {

/// A stored text as strict JSON: itself, or repaired where its writer was lax.
class StoredJson {
 public:
  explicit StoredJson(std::string_view text) {
    JsonFault fault;
    valid_ = JsonDocument::try_parse(text, document_, fault);
    if (valid_) return;
    repaired_ = repair_json(text);
    valid_ = JsonDocument::try_parse(repaired_, document_, fault);
  }
  StoredJson(const StoredJson&) = delete;
  StoredJson& operator=(const StoredJson&) = delete;

  bool valid() const { return valid_; }
  Json root() const { return document_.root(); }

 private:
  std::string repaired_;
  JsonDocument document_;
  bool valid_ = false;
};

}  // namespace

std::string Portable::encode_arguments(const Json& args, const Json& kwargs) const {
  std::string text = "{\"positionalArgs\":";
  text += args ? args.raw() : "[]";
  text += ",\"namedArgs\":";
  text += kwargs ? kwargs.raw() : "{}";
  return text + '}';
}

std::string Portable::encode_value(const Json& value) const { return std::string(value.raw()); }

bool Portable::decode_arguments(std::string_view text, JsonWriter& out) const {
  const StoredJson stored(text);
  return stored.valid() && write_arguments_of(out, stored.root(), "positionalArgs", "namedArgs");
}

bool Portable::decode_value(std::string_view text, JsonWriter& out) const {
  const StoredJson stored(text);
  if (!stored.valid()) return false;
  out.raw(stored.root().raw());
  return true;
}

bool Portable::decode_error(std::string_view text, JsonWriter& out) const {
  const StoredJson stored(text);
  if (!stored.valid()) return false;
  write_error_of(out, stored.root());
  return true;
}

}  // namespace dbosc::wire
