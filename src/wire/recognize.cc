#include "wire/recognize.h"

#include <algorithm>

#include "base/base64.h"
#include "base/utf8.h"
#include "wire/go_error.h"
#include "wire/gob.h"
#include "wire/stored_json.h"

namespace dbosc::wire {
namespace {

constexpr char kPickleProtocol = '\x80';

/// `java.util.ArrayList`, `[I`, `[Ljava.lang.Object;`
bool is_java_class(std::string_view name) {
  const auto is_part = [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
           c == '$' || c == '.' || c == '[' || c == ';';
  };
  return name.find_first_of(".[") != name.npos && std::all_of(name.begin(), name.end(), is_part);
}

bool is_java(const Json& value) {
  if (value.is(Json::Type::kObject)) return static_cast<bool>(value.find("@class"));
  if (!value.is(Json::Type::kArray) || value.size() != 2) return false;
  const auto first = (*value.children().begin()).value;
  return first.is(Json::Type::kString) && is_java_class(first.text());
}

bool is_superjson(const Json& root) {
  const auto marker = root.find("__dbos_serializer");
  return marker.is(Json::Type::kString) && marker.text() == "superjson";
}

std::optional<std::string_view> recognize_bytes(const std::string& bytes) {
  if (bytes.starts_with(kPickleProtocol) && bytes.ends_with('.')) return "py_pickle";
  if (StoredJson(bytes).valid()) return "DBOS_JSON";
  if (gob::Document(bytes).valid()) return "DBOS_GOB";
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> recognize(std::string_view text) {
  if (text == kGoNil) return "DBOS_JSON";
  if (const auto bytes = bytes_of_base64(text)) {
    if (const auto format = recognize_bytes(*bytes)) return format;
  }
  const StoredJson stored(text);
  if (!stored.valid()) return std::nullopt;
  const auto root = stored.root();
  if (is_superjson(root)) return "js_superjson";
  if (is_java(root)) return "java_jackson";
  if (root.find("positionalArgs")) return "portable_json";
  return std::nullopt;
}

bool is_bare_json(std::string_view text) { return StoredJson(text).valid(); }

bool is_message_text(std::string_view text) {
  return text.find(' ') != text.npos && is_database_text(text) && !is_bare_json(text) &&
         text.find_first_of("{[") != 0;
}

}  // namespace dbosc::wire
