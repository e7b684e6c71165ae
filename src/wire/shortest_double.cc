#include "wire/shortest_double.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace dbosc::wire {

double double_of(std::string_view number) {
#if defined(__cpp_lib_to_chars)
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  if (read.ec == std::errc()) return value;
#endif
  // Too large or too small, or a library that does not read them: as ever, if slowly.
  return std::strtod(std::string(number).c_str(), nullptr);
}

std::optional<ShortestDouble> shortest_double(std::string_view number) {
  const auto value = double_of(number);
  if (!std::isfinite(value)) return std::nullopt;
  ShortestDouble shortest;
  shortest.negative = std::signbit(value);
  if (value == 0) return shortest;
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value),
                                 std::chars_format::scientific)
                       .ptr;
  shortest.digits.assign(buffer.data(), end);
  const auto mark = shortest.digits.find('e');
  shortest.power = std::atoi(shortest.digits.c_str() + mark + 1) + 1;
  shortest.digits.resize(mark);
  if (mark > 1) shortest.digits.erase(1, 1);
  return shortest;
}

}  // namespace dbosc::wire
