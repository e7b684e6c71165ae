#include "wire/portable.h"

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

/// A member as it is, or `otherwise` where it is absent or null.
void write_member(JsonWriter& out, std::string_view key, const Json& object, std::string_view name,
                  std::string_view otherwise) {
  const auto value = object.find(name);
  const bool given = value && !value.is(Json::Type::kNull);
  out.key(key).raw(given ? value.raw() : otherwise);
}

bool is_arguments(const Json& root) {
  const auto absent_or = [&](std::string_view name, Json::Type type) {
    const auto value = root.find(name);
    return !value || value.is(type) || value.is(Json::Type::kNull);
  };
  return root.is(Json::Type::kObject) && absent_or("positionalArgs", Json::Type::kArray) &&
         absent_or("namedArgs", Json::Type::kObject);
}

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
  if (!stored.valid() || !is_arguments(stored.root())) return false;
  out.begin_object();
  write_member(out, "args", stored.root(), "positionalArgs", "[]");
  write_member(out, "kwargs", stored.root(), "namedArgs", "{}");
  out.end_object();
  return true;
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
  const auto root = stored.root();
  const bool empty = root.is(Json::Type::kObject) && root.size() == 0;  // TypeScript's `throw "x"`
  if (empty || root.find("name").is(Json::Type::kString) ||
      root.find("message").is(Json::Type::kString)) {
    for (const auto key : {"name", "message", "code", "data"}) {
      write_member(out, key, root, key, "null");
    }
  } else {
    // Rust workers store their own shape under this label: {"Application": ...}. All of it is the
    // data.
    out.key("name").null().key("message").null().key("code").null();
    out.key("data").raw(root.raw());
  }
  return true;
}

}  // namespace dbosc::wire
