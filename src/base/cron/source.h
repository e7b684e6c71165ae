#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Reading of expressions: what the dialects have in common.
namespace dbosc::cron {

/// An expression, whose it is, and the key that it came in.
struct Source {
  std::string_view text;
  std::string_view owner;
  std::string_view path;
};

/// Throws `invalid_cron`.
[[noreturn]] void refuse(const Source& source, const std::string& reason);

/// A field with the values that it may have.
struct Field {
  std::string_view name;
  int low;
  int high;
};

inline constexpr Field kSecond{"second", 0, 59};
inline constexpr Field kMinute{"minute", 0, 59};
inline constexpr Field kHour{"hour", 0, 23};
inline constexpr Field kDay{"day of month", 1, 31};
inline constexpr Field kMonth{"month", 1, 12};
inline constexpr Field kWeekday{"day of week", 0, 6};
inline constexpr Field kYear{"year", 1970, 2099};

[[noreturn]] void refuse(const Source& source, const Field& field, std::string_view token);

/// Three-letter names, in lower case: `jan` is 1, `sun` is 0; nothing for another text.
std::optional<int> month_of(std::string_view name);
std::optional<int> weekday_of(std::string_view name);

/// The five fields that a name such as `@daily` stands for; all dialects have the same ones.
std::optional<std::string> nickname(std::string_view text);

/// Texts between separators, the empty ones too.
std::vector<std::string> split(std::string_view text, char separator);
/// Texts between runs of ASCII white space.
std::vector<std::string> words(std::string_view text);
std::string trimmed(std::string_view text);
std::string lower(std::string_view text);
std::string upper(std::string_view text);
bool is_digits(std::string_view text);
/// The value of digits, or something too large for every field.
std::int64_t number_of(std::string_view digits);

}  // namespace dbosc::cron
