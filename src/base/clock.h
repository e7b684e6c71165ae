#pragma once

#include <chrono>
#include <cstdint>

namespace dbosc {

/// Milliseconds since the epoch by this machine's wall clock, the unit of every instant in the
/// tables.
inline std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace dbosc
