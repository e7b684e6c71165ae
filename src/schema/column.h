#pragma once

#include <span>
#include <stdexcept>
#include <string_view>

#include "base/json_writer.h"

namespace dbosc::schema {

/// How a column's value looks in a reply.
enum class ColumnType {
  kText,
  kInteger,
  kInstant,   ///< Epoch milliseconds.
  kDuration,  ///< Milliseconds.
  kBoolean,
  kPayload,  ///< Any value, in the call's payload mode; written by the operation.
  kJson,     ///< JSON that the column holds as text or jsonb.
};

/// One key of an entity in replies and the column it comes from. SELECT lists, replies and the
/// reference follow this row.
struct Column {
  PlainName key;
  std::string_view column;
  ColumnType type;
  std::string_view doc;
};

/// Where the column of `key` stands. A key that none has does not compile.
consteval int index_of(std::span<const Column> columns, std::string_view key) {
  int index = 0;
  for (const auto& column : columns) {
    if (column.key == key) return index;
    ++index;
  }
  throw std::logic_error("no column has this key");
}

}  // namespace dbosc::schema
