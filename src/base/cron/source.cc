#include "base/cron/source.h"

#include <algorithm>

#include "base/error.h"

namespace dbosc::cron {
namespace {

constexpr std::string_view kSpaces = " \t\n\v\f\r";
constexpr std::int64_t kTooLarge = 1'000'000'000'000;

constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kWeekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

std::optional<int> index_of(std::string_view name, std::span<const std::string_view> names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<int>(found - names.begin());
}

/// In quotes, its end cut off where it is long.
std::string quoted(std::string_view text) {
  constexpr std::size_t kMost = 100;
  const auto shown = std::string(text.substr(0, kMost));
  return '"' + shown + (text.size() > kMost ? "...\"" : "\"");
}

}  // namespace

void refuse(const Source& source, const std::string& reason) {
  throw invalid_argument("invalid_cron", source.path,
                         std::string(source.path) + ": " + quoted(source.text) +
                             " is no schedule for the " + std::string(source.owner) +
                             " SDK: " + reason);
}

void refuse(const Source& source, const Field& field, std::string_view token) {
  refuse(source, quoted(token) + " is no " + std::string(field.name));
}

std::optional<int> month_of(std::string_view name) {
  const auto index = index_of(name, kMonths);
  if (!index) return std::nullopt;
  return *index + 1;
}

std::optional<int> weekday_of(std::string_view name) { return index_of(name, kWeekdays); }

std::optional<std::string> nickname(std::string_view text) {
  if (text == "@yearly" || text == "@annually") return "0 0 1 1 *";
  if (text == "@monthly") return "0 0 1 * *";
  if (text == "@weekly") return "0 0 * * 0";
  if (text == "@daily" || text == "@midnight") return "0 0 * * *";
  if (text == "@hourly") return "0 * * * *";
  return std::nullopt;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  while (true) {
    const auto start = text.find_first_not_of(kSpaces);
    if (start == std::string_view::npos) return found;
    text.remove_prefix(start);
    const auto end = std::min(text.find_first_of(kSpaces), text.size());
    found.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::string trimmed(std::string_view text) {
  const auto start = text.find_first_not_of(kSpaces);
  if (start == std::string_view::npos) return {};
  return std::string(text.substr(start, text.find_last_not_of(kSpaces) - start + 1));
}

std::string lower(std::string_view text) {
  std::string changed(text);
  for (char& c : changed) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return changed;
}

std::string upper(std::string_view text) {
  std::string changed(text);
  for (char& c : changed) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return changed;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::int64_t number_of(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) value = std::min(value * 10 + (c - '0'), kTooLarge);
  return value;
}

}  // namespace dbosc::cron
