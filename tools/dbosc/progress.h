#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cli {

/// A line on the error output that tells how far a long work is; only on a terminal.
class Progress {
 public:
  /// `total`: of the bytes to come, 0 where nobody knows. `shown` false: no line at all.
  Progress(std::uint64_t total, bool shown, bool color);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Draws the line anew, at most ten times a second unless `now`.
  void update(std::uint64_t bytes, std::uint64_t lines, bool now = false);
  /// Takes the line away.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  std::string line(std::uint64_t bytes, std::uint64_t lines) const;

  const std::uint64_t total_;
  const bool shown_, color_;
  const Clock::time_point started_ = Clock::now();
  Clock::time_point drawn_{};
  bool visible_ = false;
};

}  // namespace cli
