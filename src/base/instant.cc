#include "base/instant.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace dbosc {
namespace {

/// Takes what it understands off the front of the text; remembers whether all of it fitted.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    const auto head = rest_.substr(0, count);
    const bool numeric = head.size() == count && std::all_of(head.begin(), head.end(), [](char c) {
                           return c >= '0' && c <= '9';
                         });
    if (!numeric) {
      ok_ = false;
      return 0;
    }
    std::from_chars(head.data(), head.data() + head.size(), value);
    rest_.remove_prefix(count);
    return value;
  }
  char one_of(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
      ok_ = false;
      return '\0';
    }
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }
  int fraction_ms() {
    if (rest_.empty() || rest_.front() != '.') return 0;
    rest_.remove_prefix(1);
    const auto end = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (end == 0) ok_ = false;
    int value = 0;
    for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < end ? rest_[i] - '0' : 0);
    rest_.remove_prefix(end);
    return value;
  }
  bool complete() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  Scanner scan(text);
  const int year_number = scan.digits(4);
  scan.one_of("-");
  const int month_number = scan.digits(2);
  scan.one_of("-");
  const int day_number = scan.digits(2);
  scan.one_of("Tt ");
  const int hour = scan.digits(2);
  scan.one_of(":");
  const int minute = scan.digits(2);
  scan.one_of(":");
  const int second = scan.digits(2);
  const int fraction = scan.fraction_ms();
  const char zone = scan.one_of("Zz+-");
  int offset_minutes = 0;
  if (zone == '+' || zone == '-') {
    const int offset_hour = scan.digits(2);
    scan.one_of(":");
    const int offset_minute = scan.digits(2);
    if (offset_hour > 23 || offset_minute > 59) return std::nullopt;
    offset_minutes = offset_hour * 60 + offset_minute;
    if (zone == '-') offset_minutes = -offset_minutes;
  }
  const year_month_day date{year(year_number), month(static_cast<unsigned>(month_number)),
                            day(static_cast<unsigned>(day_number))};
  // Second 60 is a leap second: RFC 3339 allows it, POSIX time counts it as the next second's 0.
  if (!scan.complete() || !date.ok() || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  const auto instant = sys_days(date) + hours(hour) + minutes(minute - offset_minutes) +
                       seconds(second) + milliseconds(fraction);
  return duration_cast<milliseconds>(instant.time_since_epoch()).count();
}

}  // namespace dbosc
