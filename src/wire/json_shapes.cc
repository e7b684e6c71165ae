#include "wire/json_shapes.h"

namespace dbosc::wire {
namespace {

bool is_given(const Json& value) { return value && !value.is(Json::Type::kNull); }

/// A member as it is, or `otherwise` where it is absent or null.
void write_member(const StoredJson& stored, std::string_view key, std::string_view name,
                  std::string_view otherwise, ValueWriter& out) {
  const auto value = stored.root().find(name);
  out.json().key(key);
  if (is_given(value)) {
    stored.write(value, out);
  } else {
    out.json().raw(otherwise);
  }
}

}  // namespace

std::optional<std::string_view> text_of(const Json& object, std::string_view key) {
  const auto value = object.find(key);
  if (!value.is(Json::Type::kString)) return std::nullopt;
  return value.text();
}

bool write_arguments_of(const StoredJson& stored, std::string_view positional,
                        std::string_view named, ValueWriter& out) {
  const auto root = stored.root();
  const auto absent_or = [&](std::string_view name, Json::Type type) {
    const auto value = root.find(name);
    return !is_given(value) || value.is(type);
  };
  if (!root.is(Json::Type::kObject) || !absent_or(positional, Json::Type::kArray) ||
      !absent_or(named, Json::Type::kObject)) {
    return false;
  }
  out.json().begin_object();
  write_member(stored, "args", positional, "[]", out);
  write_member(stored, "kwargs", named, "{}", out);
  out.json().end_object();
  return true;
}

void write_error_of(const StoredJson& stored, ValueWriter& out) {
  const auto root = stored.root();
  const auto name = text_of(root, "name");
  const auto message = text_of(root, "message");
  ErrorWriter error(out, name, message);
  const bool empty = root.is(Json::Type::kObject) && root.size() == 0;  // TypeScript's `throw "x"`
  if (empty || name || message) {
    for (const auto key : {"code", "data", "stack", "cause"}) {
      const auto value = root.find(key);
      if (is_given(value)) stored.write(value, error.member(key));
    }
  } else {
    // Rust workers store their own shape under the portable label: {"Application": ...}.
    stored.write(root, error.member("data"));
  }
  error.end();
}

}  // namespace dbosc::wire
