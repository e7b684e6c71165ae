#include "progress.h"

#include <unistd.h>

#include <algorithm>

#include "terminal.h"

namespace cli {
namespace {

constexpr auto kBetweenDraws = std::chrono::milliseconds(100);
constexpr std::size_t kBarWidth = 30;

void write_all(const std::string& text) {
  static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
}

}  // namespace

Progress::Progress(std::uint64_t total, bool shown, bool color)
    : total_(total), shown_(shown), color_(color) {}

std::string Progress::line(std::uint64_t bytes, std::uint64_t lines) const {
  const auto seconds = std::chrono::duration<double>(Clock::now() - started_).count();
  const auto rate =
      static_cast<std::uint64_t>(static_cast<double>(lines) / std::max(seconds, 0.001));
  const auto count = std::to_string(lines) + " lines, " + std::to_string(rate) + "/s";
  if (total_ == 0) return count;
  const auto percent = std::min<std::uint64_t>(100, bytes * 100 / total_);
  const auto filled = kBarWidth * percent / 100;
  const auto bar = std::string(filled, '#') + std::string(kBarWidth - filled, '.');
  return std::to_string(percent) + "% [" + (color_ ? "\033[32m" + bar + "\033[0m" : bar) + "] " +
         count;
}

void Progress::update(std::uint64_t bytes, std::uint64_t lines, bool now) {
  if (!shown_ || (!now && Clock::now() - drawn_ < kBetweenDraws)) return;
  drawn_ = Clock::now();
  visible_ = true;
  write_all("\r\033[K" + line(bytes, lines));
}

void Progress::clear() {
  if (visible_) write_all("\r\033[K");
  visible_ = false;
}

}  // namespace cli
