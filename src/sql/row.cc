#include <charconv>

#include "sql/session.h"

namespace dbosc::sql {

std::optional<std::string> Row::copy(int column) const {
  const auto value = text(column);
  if (!value) return std::nullopt;
  return std::string(*value);
}

std::optional<std::int64_t> Row::integer(int column) const {
  const auto digits = text(column);
  if (!digits) return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(digits->data(), digits->data() + digits->size(), value);
  return value;
}

bool Row::boolean(int column) const {
  const auto value = text(column);
  return value && (*value == "t" || *value == "1" || *value == "true");
}

}  // namespace dbosc::sql
