#include "wire/shortest_double.h"

#include <locale.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace dbosc::wire {
namespace {

/// As ever, if slowly; whatever decimal mark the program that we are in has set.
double double_by_c(std::string_view number) {
  static const locale_t c = ::newlocale(LC_ALL_MASK, "C", nullptr);
  return ::strtod_l(std::string(number).c_str(), nullptr, c);
}

}  // namespace

double double_of(std::string_view number) {
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  return read.ec == std::errc() ? value : double_by_c(number);  // too large or too small
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
