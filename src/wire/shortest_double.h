#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dbosc::wire {

/// A double's shortest digits that read back as the same: 0.digits * 10^power.
struct ShortestDouble {
  bool negative = false;
  std::string digits;  ///< Empty for zero.
  int power = 0;
};

/// The double nearest to a JSON number; an infinity if it is beyond all.
double double_of(std::string_view number);

/// What a JSON number is as a double; nothing if it is beyond one.
std::optional<ShortestDouble> shortest_double(std::string_view number);

}  // namespace dbosc::wire
