#include "sql/postgres/array.h"

namespace dbosc::sql::postgres {
namespace {

/// As the catalog of every server has them.
std::uint64_t oid_of(ArrayWriter::Type type) {
  switch (type) {
    case ArrayWriter::Type::kInteger:
      return 20;
    case ArrayWriter::Type::kBoolean:
      return 16;
    case ArrayWriter::Type::kText:
      break;
  }
  return 25;
}

}  // namespace

ArrayWriter::ArrayWriter(Type type, std::size_t count, std::size_t bytes) {
  bytes_.reserve(20 + 12 * count + bytes);
  number(1, 4);  // dimensions
  number(1, 4);  // there may be NULLs
  number(oid_of(type), 4);
  number(count, 4);
  number(1, 4);  // the first index
}

void ArrayWriter::add(const Param& param) {
  static constexpr std::uint64_t kNull = 0xffffffff;
  const auto& value = param.value();
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    number(text->size(), 4);
    bytes_.append(*text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    number(8, 4);
    number(static_cast<std::uint64_t>(*integer), 8);
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    number(1, 4);
    number(*flag, 1);
  } else {
    number(kNull, 4);
  }
}

void ArrayWriter::number(std::uint64_t value, int width) {
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
    bytes_ += static_cast<char>(value >> shift & 0xff);
  }
}

}  // namespace dbosc::sql::postgres
