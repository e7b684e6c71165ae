#pragma once

#include <string>
#include <vector>

#include "description.h"
#include "json.h"
#include "output.h"

namespace cli {

/// A value as a table shows it.
std::string cell_text(const Field& field, const Json& value, const Style& style);

/// How a column or a line is called: "created_at_ms" is "Created at".
std::string label_of(const std::string& key);

/// Rows under a line of headings, columns two spaces apart. The first column is never cut; the last
/// ones are left out where not even cut ones fit, and `left_out` names them.
std::string table_text(const std::vector<Field>& columns, const std::vector<Json>& rows,
                       const Style& style, std::vector<std::string>& left_out);

/// "Label: value" in lines, for what is not null.
std::string record_text(const std::vector<Field>& fields, const Json& record, const Style& style);

}  // namespace cli
