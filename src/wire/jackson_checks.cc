#include "wire/jackson_checks.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/json_text.h"
#include "base/utf8.h"

namespace dbosc::wire::jackson {
namespace {

constexpr std::size_t kMaxKeyUnits = 50'000;
constexpr std::size_t kMaxTextUnits = 100'000'000;
constexpr std::size_t kMaxFraction = 9;
/// Even of days, these are seconds that fit into 64 bits.
constexpr std::size_t kMaxDurationDigits = 13;

constexpr std::string_view kTextClasses[] = {
    "java.net.URI",         "java.time.MonthDay",
    "java.time.Period",     "java.time.Year",
    "java.time.YearMonth",  "java.time.ZoneId",
    "java.time.ZoneOffset", "java.util.Currency",
    "java.util.Locale",     "java.util.concurrent.TimeUnit"};

bool has_more_units(std::string_view text, std::size_t most) {
  if (text.size() <= most) return false;
  std::size_t units = 0;
  for_each_code_unit(text, [&](unsigned) { ++units; });
  return units > most;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes parts off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Two digits up to `most`.
  bool two(int most) {
    if (rest_.size() < 2 || !is_digit(rest_[0]) || !is_digit(rest_[1])) return false;
    const int value = (rest_[0] - '0') * 10 + (rest_[1] - '0');
    rest_.remove_prefix(2);
    return value <= most;
  }
  std::size_t digits() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - rest_.begin());
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

enum class Offset { kNone, kUtc, kHours, kWrong };

struct Clock {
  bool ok = false;
  bool has_seconds = false;
  Offset offset = Offset::kWrong;
};

Offset read_offset(Scanner& scan) {
  if (scan.done()) return Offset::kNone;
  if (scan.skip('Z')) return scan.done() ? Offset::kUtc : Offset::kWrong;
  if (!scan.skip('+') && !scan.skip('-')) return Offset::kWrong;
  bool ok = scan.two(17) && scan.skip(':') && scan.two(59);
  if (ok && !scan.done()) ok = scan.skip(':') && scan.two(59);
  return ok && scan.done() ? Offset::kHours : Offset::kWrong;
}

/// `12:34:56.789+05:30`
Clock read_clock(std::string_view text) {
  Scanner scan(text);
  Clock clock;
  if (!scan.two(23) || !scan.skip(':') || !scan.two(59)) return clock;
  if (scan.skip(':')) {
    if (!scan.two(59)) return clock;
    clock.has_seconds = true;
    if (scan.skip('.')) {
      const auto fraction = scan.digits();
      if (fraction == 0 || fraction > kMaxFraction) return clock;
    }
  }
  clock.offset = read_offset(scan);
  clock.ok = clock.offset != Offset::kWrong;
  return clock;
}

/// Digits before a letter, of which each may come once and in this order.
bool read_units(Scanner& scan, std::string_view letters, bool& any) {
  while (!scan.done() && !letters.empty()) {
    if (!scan.skip('-')) scan.skip('+');
    const auto whole = scan.digits();
    const bool has_fraction = scan.skip('.');
    const auto fraction = has_fraction ? scan.digits() : 1;
    if (whole == 0 || whole > kMaxDurationDigits || fraction == 0 || fraction > kMaxFraction) {
      return false;
    }
    while (!letters.empty() && !scan.skip(letters[0])) letters.remove_prefix(1);
    if (letters.empty() || (has_fraction && letters[0] != 'S')) return false;
    letters.remove_prefix(1);
    any = true;
  }
  return scan.done();
}

}  // namespace

bool is_big_decimal(std::string_view digits) {
  if (!is_json_number(digits) || digits.size() > kMaxDigits) return false;
  const auto mark = digits.find_first_of("eE");
  if (mark == digits.npos) return true;
  auto exponent = digits.substr(mark + 1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  int value = 0;
  // The scale is a 32-bit number too, and it counts the digits after the point.
  constexpr int kMost = 2'000'000'000;
  const auto [end, fault] =
      std::from_chars(exponent.data(), exponent.data() + exponent.size(), value);
  return fault == std::errc() && value <= kMost && value >= -kMost;
}

bool is_too_long_for_a_key(std::string_view text) { return has_more_units(text, kMaxKeyUnits); }
bool is_too_long(std::string_view text) { return has_more_units(text, kMaxTextUnits); }

bool is_date(std::string_view iso) {
  using namespace std::chrono;
  int number[3] = {};
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return false;
  std::size_t at = 0;
  for (const std::size_t size : {4, 2, 2}) {
    const auto part = iso.substr(at == 0 ? 0 : at == 1 ? 5 : 8, size);
    if (!std::all_of(part.begin(), part.end(), is_digit)) return false;
    std::from_chars(part.data(), part.data() + size, number[at++]);
  }
  return year_month_day(year(number[0]), month(static_cast<unsigned>(number[1])),
                        day(static_cast<unsigned>(number[2])))
      .ok();
}

std::string_view class_of_datetime(std::string_view iso) {
  if (iso.size() < 11 || iso[10] != 'T' || !is_date(iso.substr(0, 10))) return {};
  const auto clock = read_clock(iso.substr(11));
  if (!clock.ok) return {};
  if (clock.offset == Offset::kNone) return "java.time.LocalDateTime";
  const bool instant = clock.offset == Offset::kUtc && clock.has_seconds;
  return instant ? "java.time.Instant" : "java.time.OffsetDateTime";
}

std::string_view class_of_time(std::string_view iso) {
  const auto clock = read_clock(iso);
  if (!clock.ok) return {};
  return clock.offset == Offset::kNone ? "java.time.LocalTime" : "java.time.OffsetTime";
}

bool is_duration(std::string_view iso) {
  if (iso.starts_with('-')) iso.remove_prefix(1);
  const auto clock = iso.find('T');
  if (!iso.starts_with('P') || iso.size() > kMaxDigits) return false;
  bool any = false;
  Scanner days(iso.substr(1, clock == iso.npos ? iso.npos : clock - 1));
  if (!read_units(days, "D", any)) return false;
  if (clock == iso.npos) return any;
  Scanner times(iso.substr(clock + 1));
  return !times.done() && read_units(times, "HMS", any);
}

bool is_uri(std::string_view text) {
  return !text.empty() && text.find_first_of("\"<>\\^`{|}") == text.npos &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
}

bool is_applications_class(std::string_view type) {
  for (const auto own : {"java.", "javax.", "jdk.", "sun.", "com.sun.", "["}) {
    if (type.starts_with(own)) return false;
  }
  return !type.empty();
}

bool is_text_class(std::string_view type) {
  return is_applications_class(type) || std::find(std::begin(kTextClasses), std::end(kTextClasses),
                                                  type) != std::end(kTextClasses);
}

}  // namespace dbosc::wire::jackson
