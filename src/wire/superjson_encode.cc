#include "wire/superjson_encode.h"

#include "base/json_writer.h"

namespace dbosc::wire::superjson {
namespace {

constexpr std::string_view kMarker = "__dbos_serializer";
constexpr std::string_view kName = "superjson";

std::string text_of(const JsonWriter& out) { return std::string(out.view()); }

/// The annotations of a value that becomes the argument number 1: a root's own go under its number,
/// the others' paths begin with it.
void write_values(JsonWriter& out, const Json& values) {
  out.key("values").begin_object();
  out.key("0").begin_array().string("Date").end_array();
  if (values.is(Json::Type::kArray)) out.key("1").raw(values.raw());
  if (values.is(Json::Type::kObject)) {
    for (const auto& member : values.children()) {
      out.key("1." + std::string(member.key)).raw(member.value.raw());
    }
  }
  out.end_object();
}

void write_equalities(JsonWriter& out, const Json& equalities) {
  out.key("referentialEqualities").begin_object();
  for (const auto& member : equalities.children()) {
    out.key("1." + std::string(member.key)).begin_array();
    for (const auto& path : member.value.children()) {
      out.string("1." + std::string(path.value.text()));
    }
    out.end_array();
  }
  out.end_object();
}

}  // namespace

bool is_stored(const Json& root) {
  const auto marker = root.find(kMarker);
  return marker.is(Json::Type::kString) && marker.text() == kName;
}

std::string stored(const Json& value) {
  JsonWriter out;
  out.begin_object().key("json").raw(value ? value.raw() : "null");
  if (!value) {
    out.key("meta").begin_object().key("values").begin_array().string("undefined").end_array();
    out.end_object();
  }
  out.key(kMarker).string(kName).end_object();
  return text_of(out);
}

std::string stored_arguments(std::string_view iso_date, std::string_view stored_value) {
  JsonDocument document;
  JsonFault fault;
  if (!JsonDocument::try_parse(stored_value, document, fault)) return {};
  const auto root = document.root();
  const auto json = root.find("json");
  const auto meta = root.find("meta");
  const auto equalities = meta.find("referentialEqualities");
  if (!json || !is_stored(root) || equalities.is(Json::Type::kArray)) return {};
  JsonWriter out;
  out.begin_object().key("json").begin_array().string(iso_date).raw(json.raw()).end_array();
  out.key("meta").begin_object();
  write_values(out, meta.find("values"));
  if (equalities.is(Json::Type::kObject)) write_equalities(out, equalities);
  out.end_object();
  out.key(kMarker).string(kName).end_object();
  return text_of(out);
}

}  // namespace dbosc::wire::superjson
