#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sql/session.h"

namespace dbosc::sql::postgres {

/// An array in the server's binary form, value by value: none needs an escape, none is looked into.
/// Bound as text, which goes as it is; the statement must say what it is, as `$n::bigint[]`.
class ArrayWriter {
 public:
  enum class Type { kText, kInteger, kBoolean };
  /// Of `count` values. `bytes` is how much text they have together, about.
  ArrayWriter(Type type, std::size_t count, std::size_t bytes);
  /// Text, a number, a flag or NULL, as the type says.
  void add(const Param& value);
  std::string_view view() const { return bytes_; }

 private:
  void number(std::uint64_t value, int width);

  std::string bytes_;
};

}  // namespace dbosc::sql::postgres
