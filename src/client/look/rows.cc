#include "client/look/rows.h"

#include <algorithm>

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

/// Whether digits are as a number writes them: SQLite keeps what it is given.
bool is_integer(std::string_view digits) {
  constexpr std::size_t kSurelyFits = 18;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > kSurelyFits) return false;
  if (digits.front() == '0') return digits.size() == 1;
  return std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
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
      if (is_integer(*text)) {
        out.raw(*text);
      } else {
        out.integer(*row.integer(index));
      }
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
    out.plain_key(columns[i].key);
    write_column(out, columns[i].type, row, static_cast<int>(i));
  }
}

}  // namespace dbosc::client
