#include "wire/shortest_double.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace dbosc::wire {

std::optional<ShortestDouble> shortest_double(std::string_view number) {
  const auto value = std::strtod(std::string(number).c_str(), nullptr);
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
