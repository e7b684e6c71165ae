#include "table.h"

#include <algorithm>
#include <numeric>

#include "terminal.h"

namespace cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastWidth = 8;

struct Column {
  std::string heading;
  std::vector<std::string> cells;
  bool is_status = false;
  std::size_t width = 0;
};

std::vector<Column> filled(const std::vector<Field>& fields, const std::vector<Json>& rows,
                           const Style& style) {
  std::vector<Column> columns;
  for (const auto& field : fields) {
    Column column{label_of(field.key), {}, field.key == "status", 0};
    column.width = display_width(column.heading);
    for (const auto& row : rows) {
      column.cells.push_back(cell_text(field, row[field.key], style));
      column.width = std::max(column.width, display_width(column.cells.back()));
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::size_t total_width(const std::vector<Column>& columns) {
  return std::accumulate(columns.begin(), columns.end(), kGap * (columns.size() - 1),
                         [](std::size_t sum, const auto& each) { return sum + each.width; });
}

/// Makes the widest column but the first narrower; false where none can be.
bool narrow(std::vector<Column>& columns) {
  const auto widest =
      std::max_element(columns.begin() + 1, columns.end(),
                       [](const auto& a, const auto& b) { return a.width < b.width; });
  if (widest == columns.end() || widest->width <= kLeastWidth) return false;
  --widest->width;
  return true;
}

void fit(std::vector<Column>& columns, std::size_t width, std::vector<std::string>& left_out) {
  const auto whole = columns;
  while (columns.size() > 1 && total_width(columns) > width) {
    if (narrow(columns)) continue;
    left_out.insert(left_out.begin(), columns.back().heading);
    const auto kept = columns.size() - 1;
    columns.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(kept));
  }
}

std::string line_of(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line.append(kGap, ' ');
    line += cells[i];
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string label_of(const std::string& key) {
  std::string label = key;
  Field field;
  field.key = key;
  if (field.is_instant() && label.ends_with("_ms")) label.resize(label.size() - 3);
  std::replace(label.begin(), label.end(), '_', ' ');
  if (!label.empty() && label[0] >= 'a' && label[0] <= 'z') {
    label[0] = static_cast<char>(label[0] - 'a' + 'A');
  }
  return label;
}

std::string cell_text(const Field& field, const Json& value, const Style& style) {
  if (value.is_null()) return {};
  if (field.is_instant() && value.kind() == Json::Kind::kNumber) {
    return instant_text(value.to_integer(), style.utc);
  }
  if (value.is_array() || value.is_object()) return printable(value.compact());
  // A text that a payload holds keeps its quotes: "1" and 1 are two values.
  return printable(value.is_string() && field.is_json() ? value.compact() : value.text());
}

std::string table_text(const std::vector<Field>& fields, const std::vector<Json>& rows,
                       const Style& style, std::vector<std::string>& left_out) {
  auto columns = filled(fields, rows, style);
  if (columns.empty()) return {};
  if (style.width > 0) fit(columns, style.width, left_out);
  std::vector<std::string> line;
  for (const auto& column : columns) {
    line.push_back(bold(padded(cut(column.heading, column.width), column.width), style.color));
  }
  std::string text = line_of(line);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    line.clear();
    for (const auto& column : columns) {
      const auto cell = cut(column.cells[row], column.width);
      const std::string space(column.width - std::min(column.width, display_width(cell)), ' ');
      line.push_back((column.is_status ? colored_status(cell, style.color) : cell) + space);
    }
    text += line_of(line);
  }
  return text;
}

std::string record_text(const std::vector<Field>& fields, const Json& record, const Style& style) {
  std::string text;
  for (const auto& field : fields) {
    const Json& value = record[field.key];
    if (value.is_null()) continue;
    const auto cell = cell_text(field, value, style);
    text += bold(label_of(field.key) + ":", style.color) + " " +
            (field.key == "status" ? colored_status(cell, style.color) : cell) + "\n";
  }
  return text;
}

}  // namespace cli
