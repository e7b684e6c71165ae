#include "wire/jackson_encode.h"

namespace dbosc::wire {
namespace {

/// `[class, value]`, the form of whatever JSON has no type for.
void write_typed(JsonWriter& out, std::string_view type, std::string_view raw) {
  out.begin_array().string(type).raw(raw).end_array();
}

void write_number(JsonWriter& out, const Json& value) {
  const auto text = value.raw();
  const bool whole = text.find_first_of(".eE") == std::string_view::npos;
  const auto number = value.integer();
  if (!whole || (number && *number >= INT32_MIN && *number <= INT32_MAX)) {
    out.raw(text);
  } else {
    write_typed(out, number ? "java.lang.Long" : "java.math.BigInteger", text);
  }
}

}  // namespace

void write_jackson(JsonWriter& out, const Json& value) {
  if (value.is(Json::Type::kArray)) {
    out.begin_array().string("java.util.ArrayList").begin_array();
    for (const auto& item : value.children()) write_jackson(out, item.value);
    out.end_array().end_array();
  } else if (value.is(Json::Type::kObject)) {
    out.begin_object().key("@class").string("java.util.LinkedHashMap");
    for (const auto& member : value.children()) {
      out.key(member.key);
      write_jackson(out, member.value);
    }
    out.end_object();
  } else if (value.is(Json::Type::kNumber)) {
    write_number(out, value);
  } else {
    out.raw(value ? value.raw() : "null");
  }
}

}  // namespace dbosc::wire
