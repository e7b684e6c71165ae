#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/session.h"

namespace dbosc::sql {

/// A row whose first column is a record, `ROW(a, b, ...)`: its fields come first, then the other
/// columns. What libpq does for a column, once for each answer and once for each row, costs more
/// than all that is done with most of them.
class RecordRow final : public Row {
 public:
  explicit RecordRow(std::size_t fields) : fields_(fields) {}

  /// Views into `row`, and is good for as long. Throws Error(kUnsupported) where its record is not
  /// one of so many fields.
  void read(const Row& row);
  std::optional<std::string_view> text(int column) const override;

 private:
  std::vector<std::optional<std::string_view>> fields_;
  std::string unquoted_;  ///< Fields that do not stand in the record as they are.
  const Row* row_ = nullptr;
};

}  // namespace dbosc::sql
