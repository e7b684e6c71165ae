#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "sql/session.h"

namespace dbosc::sql::postgres {

/// Parameters in libpq's shape. Text goes by pointer and length (binary format of text is the text
/// itself), so nothing is copied; its parameter must be of a text type. Reused from call to call
/// for its memory.
class BoundParams {
 public:
  /// Views into `params` and itself until the next `bind`.
  void bind(std::span<const Param> params);

  int count() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void add(const char* value, std::size_t length, bool binary);

  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::vector<std::array<char, 24>> digits_;
  std::vector<std::string> arrays_;
};

}  // namespace dbosc::sql::postgres
