#include "description.h"

#include <dbosc/dbosc.h>

#include <memory>
#include <new>

#include "json.h"

namespace cli {
namespace {

std::vector<Field> fields_of(const Json& owner);

Field field_of(const Json& json) {
  Field field;
  field.key = json["key"].text();
  field.type = json["type"].text();
  field.doc = json["doc"].text();
  field.alias = json["alias"].text();
  field.required = json["required"].truth();
  field.clearable = json["clearable"].truth();
  if (json.has("default")) field.default_text = json["default"].compact();
  const Json& shape = field.is_array() ? json["items"] : json;
  if (field.is_array()) field.item_type = shape["type"].text();
  for (const auto& value : shape["values"].items()) field.values.push_back(value.text());
  field.fields = fields_of(shape);
  return field;
}

std::vector<Field> fields_of(const Json& owner) {
  std::vector<Field> fields;
  for (const auto& json : owner["fields"].items()) fields.push_back(field_of(json));
  return fields;
}

template <class Each>
const Each* by_name(const std::vector<Each>& all, std::string Each::*name,
                    const std::string& wanted) {
  for (const auto& each : all) {
    if (each.*name == wanted) return &each;
  }
  return nullptr;
}

}  // namespace

bool Field::is_json() const {
  const std::string& shape = is_array() ? item_type : type;
  return shape == "object" || shape == "payload" || shape == "json" || shape == "array";
}

bool Field::is_instant() const {
  return type == "instant" || key.ends_with("_at_ms") || key.ends_with("timestamp_ms");
}

const Field* Operation::request_field(const std::string& key) const {
  return by_name(request, &Field::key, key);
}

const Operation* Description::find(const std::string& name) const {
  return by_name(operations, &Operation::name, name);
}

Description describe() {
  const std::unique_ptr<char, decltype(&dbosc_string_free)> text(dbosc_describe(),
                                                                 &dbosc_string_free);
  if (!text) throw std::bad_alloc();
  const Json api = Json::parse(text.get());
  Description description;
  for (const auto& json : api["operations"].items()) {
    description.operations.push_back({json["name"].text(), json["doc"].text(),
                                      fields_of(json["request"]), fields_of(json["reply"])});
  }
  description.config = fields_of(api["config"]);
  return description;
}

}  // namespace cli
