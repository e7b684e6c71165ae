#include "wire/json_shapes.h"

namespace dbosc::wire {
namespace {

/// A member as it is, or `otherwise` where it is absent or null.
void write_member(JsonWriter& out, std::string_view key, const Json& object, std::string_view name,
                  std::string_view otherwise) {
  const auto value = object.find(name);
  const bool given = value && !value.is(Json::Type::kNull);
  out.key(key).raw(given ? value.raw() : otherwise);
}

}  // namespace

bool write_arguments_of(JsonWriter& out, const Json& root, std::string_view positional,
                        std::string_view named) {
  const auto absent_or = [&](std::string_view name, Json::Type type) {
    const auto value = root.find(name);
    return !value || value.is(type) || value.is(Json::Type::kNull);
  };
  if (!root.is(Json::Type::kObject) || !absent_or(positional, Json::Type::kArray) ||
      !absent_or(named, Json::Type::kObject)) {
    return false;
  }
  out.begin_object();
  write_member(out, "args", root, positional, "[]");
  write_member(out, "kwargs", root, named, "{}");
  out.end_object();
  return true;
}

void write_error_of(JsonWriter& out, const Json& root) {
  const bool empty = root.is(Json::Type::kObject) && root.size() == 0;  // TypeScript's `throw "x"`
  if (empty || root.find("name").is(Json::Type::kString) ||
      root.find("message").is(Json::Type::kString)) {
    for (const auto key : {"name", "message", "code", "data"}) {
      write_member(out, key, root, key, "null");
    }
  } else {
    // Rust workers store their own shape under the portable label: {"Application": ...}.
    out.key("name").null().key("message").null().key("code").null();
    out.key("data").raw(root.raw());
  }
}

}  // namespace dbosc::wire
