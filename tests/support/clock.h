#pragma once

#include <chrono>
#include <cstdint>

namespace dbosc::test {

/// The clock of this machine, in the unit of the tables.
inline std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace dbosc::test
