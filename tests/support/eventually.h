#pragma once

#include <chrono>
#include <thread>

namespace dbosc::test {

/// How long a test waits for what must come. Generous: sanitizers and two busy cores are slow.
inline constexpr std::chrono::seconds kBound{30};

/// Waits until `condition` holds; false when it has not within the bound.
template <class Condition>
bool eventually(Condition&& condition, std::chrono::milliseconds bound = kBound) {
  const auto end = std::chrono::steady_clock::now() + bound;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace dbosc::test
