#include "store/rows.h"

#include <array>
#include <charconv>

#include "sql/dialect.h"

namespace dbosc::store {
namespace {

using Array = sql::postgres::ArrayWriter;

void append_number(std::string& sql, std::size_t index) {
  std::array<char, 8> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), index + 1).ptr;
  sql.append(1, '$').append(digits.begin(), end);
}

Array::Type type_of(const NewColumn& column) {
  if (column.type == "bigint") return Array::Type::kInteger;
  if (column.type == "boolean") return Array::Type::kBoolean;
  return Array::Type::kText;
}

/// The type in which a value is bound: jsonb has no binary form that is its text.
std::string_view bound_type(const NewColumn& column) {
  return column.type == "jsonb" ? "text" : column.type;
}

std::size_t text_of_column(std::span<const NewRow> rows, std::size_t column) {
  std::size_t bytes = 0;
  for (const auto& row : rows) {
    if (const auto* text = std::get_if<std::string_view>(&row[column].value.value())) {
      bytes += text->size();
    }
  }
  return bytes;
}

std::vector<Array> by_column(std::span<const NewRow> rows) {
  std::vector<Array> columns;
  columns.reserve(rows.front().size());
  for (std::size_t i = 0; i < rows.front().size(); ++i) {
    auto& column =
        columns.emplace_back(type_of(rows.front()[i]), rows.size(), text_of_column(rows, i));
    for (const auto& row : rows) column.add(row[i].value);
  }
  return columns;
}

}  // namespace

bool takes_rows_together(const sql::Dialect& dialect) { return dialect.is_postgres(); }

NewRow without_nulls(NewRow row) {
  std::erase_if(row, [](const NewColumn& column) {
    return std::holds_alternative<std::monostate>(column.value.value());
  });
  return row;
}

std::string values_text(const NewRow& row) {
  // Made for every row that is written: in one piece.
  static constexpr std::size_t kOfColumn = 32;
  std::string text;
  text.reserve(kOfColumn * row.size());
  text += '(';
  for (const auto& column : row) text.append(column.name).append(", ");
  text.replace(text.size() - 2, 2, ") VALUES (");
  for (std::size_t i = 0; i < row.size(); ++i) {
    append_number(text, i);
    text += row[i].type == "jsonb" ? "::text::jsonb, " : ", ";
  }
  text.replace(text.size() - 2, 2, ")");
  return text;
}

std::vector<sql::Param> values_params(const NewRow& row) {
  std::vector<sql::Param> params;
  params.reserve(row.size() + 2);
  for (const auto& column : row) params.push_back(column.value);
  return params;
}

GivenRows::GivenRows(std::span<const NewRow> rows, LockPatience patience)
    : like_(rows.front()), columns_(by_column(rows)) {
  std::string arrays, names;
  for (std::size_t i = 0; i < like_.size(); ++i) {
    if (i > 0) {
      arrays += ", ";
      names += ", ";
    }
    append_number(arrays, i);
    arrays.append("::").append(bound_type(like_[i])).append("[]");
    names += like_[i].name;
    params_.emplace_back(columns_[i].view());
  }
  from_ = "FROM unnest(" + arrays + ") AS given (" + names + ')';
  if (!patience) return;
  patience_ = std::to_string(patience->count());
  // Asked for once, before the first row, and in force until the end of the transaction.
  patience_condition_ = " WHERE (SELECT pg_catalog.set_config('lock_timeout', ";
  append_number(patience_condition_, params_.size());
  patience_condition_ += "::text, true)) IS NOT NULL";
  params_.emplace_back(patience_);
}

std::string GivenRows::columns(std::size_t count) const {
  std::string names, values;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) {
      names += ", ";
      values += ", ";
    }
    names += like_[i].name;
    values += like_[i].name;
    if (like_[i].type == "jsonb") values += "::jsonb";
  }
  return '(' + names + ") SELECT " + values + ' ';
}

void insert_rows(sql::Session& session, std::string_view table, std::span<const NewRow> rows,
                 const InsertTail& tail, sql::OnRow on_row) {
  if (rows.empty()) return;
  auto sql = "INSERT INTO dbos." + std::string(table) + ' ';
  const auto end = std::string(tail.on_conflict) + std::string(tail.returning);
  if (takes_rows_together(session.dialect()) && (rows.size() > 1 || tail.patience)) {
    const GivenRows given(rows, tail.patience);
    sql += given.columns(rows.front().size()) + given.from() + given.patience() + end;
    session.execute(sql, given.params(), on_row);
    return;
  }
  sql += values_text(rows.front()) + end;
  if (rows.size() == 1) {
    session.execute(sql, values_params(rows.front()), on_row);
    return;
  }
  std::vector<std::vector<sql::Param>> each;
  each.reserve(rows.size());
  for (const auto& row : rows) each.push_back(values_params(row));
  session.execute_each(sql, each, on_row);
}

}  // namespace dbosc::store
