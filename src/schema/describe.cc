#include "schema/describe.h"

namespace dbosc::schema {
namespace {

std::string_view type_name(ColumnType type) {
  switch (type) {
    case ColumnType::kText:
      return "string";
    case ColumnType::kInteger:
    case ColumnType::kDuration:
      return "integer";
    case ColumnType::kInstant:
      return "instant";
    case ColumnType::kBoolean:
      return "boolean";
    case ColumnType::kPayload:
      return "payload";
    case ColumnType::kJson:
      return "json";
  }
  return "json";
}

}  // namespace

void describe_rules(JsonWriter& writer, const Rules& rules) {
  const Rules none;
  if (rules.required) writer.key("required").boolean(true);
  if (rules.min != none.min) writer.key("min").integer(rules.min);
  if (rules.max != none.max) writer.key("max").integer(rules.max);
  if (rules.max_bytes != none.max_bytes) {
    writer.key("max_bytes").integer(static_cast<std::int64_t>(rules.max_bytes));
  }
  if (!rules.alias.empty()) writer.key("alias").string(rules.alias);
  if (!rules.default_text.empty()) writer.key("default").raw(rules.default_text);
}

void describe_enum(JsonWriter& writer, const std::string_view* texts, std::size_t count) {
  writer.key("type").string("enum").key("values").begin_array();
  for (std::size_t i = 0; i < count; ++i) writer.string(texts[i]);
  writer.end_array();
}

void describe_row(JsonWriter& writer, std::span<const Column> columns,
                  std::span<const Column> payloads) {
  writer.key("type").string("object").key("fields").begin_array();
  for (const auto part : {columns, payloads}) {
    for (const auto& column : part) {
      writer.begin_object().key("key").string(column.key);
      writer.key("type").string(type_name(column.type));
      writer.key("doc").string(column.doc).end_object();
    }
  }
  writer.end_array();
}

}  // namespace dbosc::schema
