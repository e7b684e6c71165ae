#include "client/look/rows.h"

#include "base/json.h"

namespace dbosc::client {
namespace {

/// JSON that somebody stored: as it is if it is JSON, else as text.
void write_json(JsonWriter& out, std::string_view stored) {
  JsonDocument document;
  JsonFault fault;
  if (JsonDocument::try_parse(stored, document, fault)) {
    out.raw(document.root().raw());
  } else {
    out.string(stored);
  }
}

void write_column(JsonWriter& out, schema::ColumnType type, const sql::Row& row, int index) {
  const auto text = row.text(index);
  if (!text) {
    out.null();
    return;
  }
  switch (type) {
    case schema::ColumnType::kText:
      out.string(*text);
      break;
    case schema::ColumnType::kInteger:
    case schema::ColumnType::kInstant:
    case schema::ColumnType::kDuration:
      out.integer(*row.integer(index));
      break;
    case schema::ColumnType::kBoolean:
      out.boolean(row.boolean(index));
      break;
    case schema::ColumnType::kPayload:
    case schema::ColumnType::kJson:
      write_json(out, *text);
      break;
  }
}

}  // namespace

void write_columns(JsonWriter& out, std::span<const schema::Column> columns, const sql::Row& row) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out.key(columns[i].key);
    write_column(out, columns[i].type, row, static_cast<int>(i));
  }
}

}  // namespace dbosc::client
