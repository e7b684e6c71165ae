#pragma once

#include <span>

#include "base/json_writer.h"
#include "schema/column.h"
#include "sql/session.h"

namespace dbosc::client {

/// Writes the columns of a row, the first of them at index 0, as members of the open object.
void write_columns(JsonWriter& out, std::span<const schema::Column> columns, const sql::Row& row);

}  // namespace dbosc::client
