#pragma once

#include <string_view>

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
  std::string_view key;
  std::string_view column;
  ColumnType type;
  std::string_view doc;
};

}  // namespace dbosc::schema
