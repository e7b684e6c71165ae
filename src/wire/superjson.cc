#include "wire/superjson.h"

#include "wire/superjson_reader.h"
#include "wire/superjson_writer.h"

namespace dbosc::wire {
namespace {

constexpr std::string_view kMarker = "__dbos_serializer";
constexpr std::string_view kMarkerValue = "superjson";

std::string marked(std::string_view json, std::string_view values) {
  std::string text = "{\"json\":";
  text += json;
  if (!values.empty()) text += ",\"meta\":{\"values\":" + std::string(values) + '}';
  return text + ",\"__dbos_serializer\":\"superjson\"}";
}

std::string encoded(const Given& given) {
  superjson::Writer writer;
  const auto annotations = writer.write(given);
  return marked(writer.json(), annotations.json());
}

/// The text of one row, taken apart; rows without the SDK's marker are not its own.
struct Row {
  explicit Row(std::string_view text) : stored(text) {
    if (!stored.valid() || !superjson::is_stored(stored.root())) return;
    json = stored.root().find("json");
    notes = superjson::Notes(stored.root().find("meta"));
  }

  StoredJson stored;
  Json json;  ///< Empty where the text is not of this format.
  superjson::Notes notes;
};

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

std::string Superjson::encode_arguments(const Arguments& arguments) const {
  const auto& [args, kwargs] = arguments;
  if (kwargs.json && kwargs.json.size() != 0) {
    throw cannot_carry(kName, kwargs, "named arguments; give an object as one of 'args'");
  }
  return args.json ? encoded(args) : marked("[]", "");
}

std::string Superjson::encode_value(const Given& value) const {
  return value.json ? encoded(value) : marked("null", R"(["undefined"])");
}

bool Superjson::decode_arguments(std::string_view text, ValueWriter& out) const {
  const Row row(text);
  if (!row.json.is(Json::Type::kArray) || row.notes.type()) return false;
  superjson::Reader reader(row.stored, out);
  out.json().begin_object().key("args").begin_array();
  reader.items(row.json, row.notes);
  out.json().end_array().key("kwargs").begin_object().end_object().end_object();
  return reader.ok();
}

bool Superjson::decode_value(std::string_view text, ValueWriter& out) const {
  const Row row(text);
  if (!row.json) return false;
  superjson::Reader reader(row.stored, out);
  reader.value(row.json, row.notes);
  return reader.ok();
}

bool Superjson::decode_error(std::string_view text, ValueWriter& out) const {
  const Row row(text);
  if (!row.json) return false;
  superjson::Reader reader(row.stored, out);
  reader.thrown(row.json, row.notes);
  return reader.ok();
}

namespace superjson {

bool is_stored(const Json& root) {
  const auto marker = root.find(kMarker);
  return marker.is(Json::Type::kString) && marker.text() == kMarkerValue;
}

std::string stored_arguments(std::string_view iso_date, std::string_view stored_value) {
  JsonDocument document;
  if (!JsonDocument::try_parse_lax(stored_value, document)) return {};
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
  out.key(kMarker).string(kMarkerValue).end_object();
  return std::string(out.view());
}

}  // namespace superjson
}  // namespace dbosc::wire
