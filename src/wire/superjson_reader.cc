#include "wire/superjson_reader.h"

#include "base/json_text.h"
#include "wire/json_shapes.h"

namespace dbosc::wire::superjson {
namespace {

constexpr std::string_view kTypeKey = "$type";

/// What the SDK takes for an error when it reads one.
bool is_error_like(const Json& value) {
  return value.is(Json::Type::kObject) && (text_of(value, "name") || text_of(value, "message"));
}

/// Members that would stand in the way of those that every error is shown with.
bool has_own_form(const Json& error) {
  for (const auto key : {"$type", "serialization", "thrown"}) {
    if (error.find(key)) return true;
  }
  return false;
}

std::pair<Json, Json> first_two(const Json& array) {
  std::pair<Json, Json> items;
  std::size_t i = 0;
  for (const auto& item : array.children()) {
    if (i == 0) items.first = item.value;
    if (i == 1) items.second = item.value;
    if (++i == 2) break;
  }
  return items;
}

}  // namespace

bool Reader::require(const Json& value, Json::Type type) {
  ok_ = ok_ && value.is(type);
  return ok_;
}

void Reader::value(const Json& value, const Notes& notes) {
  if (notes.type()) {
    typed(value, notes);
  } else if (notes.same_as() && value.is(Json::Type::kNull)) {
    out_.begin_tag("ref").key("path").string(*notes.same_as()).end_object();
  } else {
    untyped(value, notes);
  }
}

void Reader::untyped(const Json& value, const Notes& notes) {
  if (notes.empty()) {
    stored_.write(value, out_);
  } else if (value.is(Json::Type::kArray)) {
    out_.begin_items();
    items(value, notes);
    out_.end_items();
  } else if (value.is(Json::Type::kObject)) {
    object(value, notes);
  } else {
    stored_.write(value, out_);
  }
}

void Reader::items(const Json& array, const Notes& notes) {
  const auto parts = notes.parts(array);
  std::size_t i = 0;
  for (const auto& item : array.children()) value(item.value, parts.at(std::to_string(i++)));
}

void Reader::object(const Json& value, const Notes& notes) {
  const auto parts = notes.parts(value);
  const auto form = out_.map_form({.has_type_key = static_cast<bool>(value.find(kTypeKey))});
  out_.begin_map(form);
  for (const auto& member : value.children()) {
    out_.begin_entry(form);
    out_.map_key(form, member.key);
    this->value(member.value, parts.at(member.key));
    out_.end_entry(form);
  }
  out_.end_map(form);
}

void Reader::typed(const Json& value, const Notes& notes) {
  if (notes.type().is(Json::Type::kArray)) return composite(value, notes);
  if (!require(notes.type(), Json::Type::kString)) return;
  const auto type = notes.type().text();
  if (type == "undefined") return out_.undefined();
  if (type == "bigint") return bigint(value);
  if (type == "Date") return text_tag(value, "datetime", "iso");
  if (type == "regexp") return text_tag(value, "regexp", "value");
  if (type == "URL") return text_tag(value, "url", "value");
  if (type == "number") return special_number(value);
  if (type == "map") return map(value, notes);
  if (type == "set") {
    if (!require(value, Json::Type::kArray)) return;
    out_.begin_items("set");
    items(value, notes);
    return out_.end_items("set");
  }
  if (type != "Error" || !require(value, Json::Type::kObject)) {
    ok_ = false;
    return;
  }
  error(value, notes);
}

void Reader::text_tag(const Json& value, std::string_view tag, std::string_view field) {
  if (require(value, Json::Type::kString)) out_.tagged_text(tag, field, value.text());
}

void Reader::bigint(const Json& value) {
  const auto digits = value.is(Json::Type::kString) ? value.text() : "";
  ok_ = ok_ && is_json_number(digits) && digits.find_first_of(".eE") == digits.npos;
  if (ok_) out_.tagged_number("bigint", digits);
}

void Reader::special_number(const Json& value) {
  const auto text = value.is(Json::Type::kString) ? value.text() : "";
  if (text == "-0") {
    out_.number("-0.0");
  } else if (text == "NaN" || text == "Infinity" || text == "-Infinity") {
    out_.number(text);
  } else {
    ok_ = false;
  }
}

void Reader::map(const Json& value, const Notes& notes) {
  if (!require(value, Json::Type::kArray)) return;
  ValueWriter::MapTraits traits{.is_map_type = true};
  const auto entries = notes.parts(value);
  std::size_t i = 0;
  for (const auto& item : value.children()) {
    if (!require(item.value, Json::Type::kArray)) return;
    const auto parts = entries.at(std::to_string(i++)).parts(item.value);
    const bool is_text = first_two(item.value).first.is(Json::Type::kString);
    if (!is_text || parts.at("0").type()) traits.text_keys_only = false;
  }
  const auto form = out_.map_form(traits);
  out_.begin_map(form);
  i = 0;
  for (const auto& item : value.children()) {
    const auto parts = entries.at(std::to_string(i++)).parts(item.value);
    const auto [key, part] = first_two(item.value);
    if (!key || !part) ok_ = false;
    if (!ok_) return;
    out_.begin_entry(form);
    if (form == ValueWriter::MapForm::kObject) {
      out_.map_key(form, key.text());
    } else {
      this->value(key, parts.at("0"));
    }
    this->value(part, parts.at("1"));
    out_.end_entry(form);
  }
  out_.end_map(form);
}

void Reader::composite(const Json& value, const Notes& notes) {
  const auto [kind, name] = first_two(notes.type());
  if (!require(kind, Json::Type::kString) || !require(name, Json::Type::kString)) return;
  const auto open = [&](std::string_view tag, std::string_view key, std::string_view field) {
    if (out_.tagged()) out_.begin_tag(tag).key(key).string(name.text()).key(field);
  };
  if (kind.text() == "custom" && name.text() == "Buffer") return buffer(value);
  if (kind.text() == "custom") {
    open("custom", "name", "value");
  } else if (kind.text() == "class") {
    open("object", "class", "state");
  } else if (kind.text() == "symbol") {
    open("custom", "name", "value");
  } else if (kind.text() == "typed-array" && value.is(Json::Type::kArray)) {
    open("typed-array", "class", "items");
  } else {
    ok_ = false;
  }
  untyped(value, notes);
  if (out_.tagged()) out_.json().end_object();
}

void Reader::buffer(const Json& value) {
  if (!require(value, Json::Type::kArray)) return;
  std::string bytes;
  for (const auto& item : value.children()) {
    const auto byte = item.value.is(Json::Type::kNumber) ? item.value.integer() : std::nullopt;
    ok_ = ok_ && byte && *byte >= 0 && *byte <= 255;
    if (!ok_) return;
    bytes += static_cast<char>(*byte);
  }
  out_.bytes(bytes);
}

void Reader::error_or_value(const Json& value, const Notes& notes) {
  if (!notes.type() && is_error_like(value) && !has_own_form(value)) {
    error(value, notes);
  } else {
    this->value(value, notes);
  }
}

void Reader::error(const Json& value, const Notes& notes) {
  out_.json().begin_object();
  thrown(value, notes);
  out_.json().end_object();
}

void Reader::thrown(const Json& value, const Notes& notes) {
  const auto message = value.is(Json::Type::kString) ? value.text() : text_of(value, "message");
  ErrorWriter error(out_, text_of(value, "name"), message);
  if (is_error_like(value) && !has_own_form(value)) {
    const auto parts = notes.parts(value);
    for (const auto& member : value.children()) {
      error_member(error, member, parts.at(member.key));
    }
  } else {
    error.member(out_.tagged() ? "thrown" : "data");
    this->value(value, notes);
  }
  error.end();
}

void Reader::error_member(ErrorWriter& error, const Json::Member& member, const Notes& notes) {
  const auto& [key, value] = member;
  const bool shared = key == "code" || key == "data" || key == "stack" || key == "cause";
  if (key == "name" || key == "message" || !(shared || out_.tagged())) return;
  error.member(key);
  if (key == "cause") return error_or_value(value, notes);
  if (key != "errors" || notes.type() || !value.is(Json::Type::kArray)) {
    return this->value(value, notes);
  }
  const auto parts = notes.parts(value);
  out_.begin_items();
  std::size_t i = 0;
  for (const auto& item : value.children()) {
    error_or_value(item.value, parts.at(std::to_string(i++)));
  }
  out_.end_items();
}

}  // namespace dbosc::wire::superjson
