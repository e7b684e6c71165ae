#pragma once

#include <algorithm>
#include <charconv>
#include <string_view>

namespace dbosc {

/// Takes what it understands off the front of a text; remembers whether all of it fitted.
class TextScanner {
 public:
  explicit TextScanner(std::string_view text) : rest_(text) {}

  /// Exactly so many digits.
  int digits(std::size_t count) {
    int value = 0;
    const auto head = rest_.substr(0, count);
    const bool numeric = head.size() == count && std::all_of(head.begin(), head.end(), is_digit);
    if (!numeric) {
      ok_ = false;
      return 0;
    }
    std::from_chars(head.data(), head.data() + head.size(), value);
    rest_.remove_prefix(count);
    return value;
  }
  char one_of(std::string_view allowed) {
    if (!starts_with_one_of(allowed)) {
      ok_ = false;
      return '\0';
    }
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }
  bool starts_with_one_of(std::string_view allowed) const {
    return !rest_.empty() && allowed.find(rest_.front()) != std::string_view::npos;
  }
  /// `.` and digits, if they come next: so many of them as a number; what is finer is cut off.
  int fraction(std::size_t count) {
    if (!starts_with_one_of(".")) return 0;
    rest_.remove_prefix(1);
    const auto end = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (end == 0) ok_ = false;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + (i < end ? rest_[i] - '0' : 0);
    const auto finer = rest_.substr(std::min(count, end), end - std::min(count, end));
    cut_off_ |= finer.find_first_not_of('0') != std::string_view::npos;
    rest_.remove_prefix(end);
    return value;
  }
  /// What comes before a character, which is taken too.
  std::string_view until(char end) {
    const auto size = rest_.find(end);
    if (size == std::string_view::npos) {
      ok_ = false;
      return {};
    }
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size + 1);
    return taken;
  }

  void require(bool met) { ok_ &= met; }

  bool empty() const { return rest_.empty(); }
  bool complete() const { return ok_ && rest_.empty(); }
  /// Whether a fraction had more digits than were asked for.
  bool has_cut_off() const { return cut_off_; }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view rest_;
  bool ok_ = true;
  bool cut_off_ = false;
};

}  // namespace dbosc
