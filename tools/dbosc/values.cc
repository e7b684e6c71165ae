#include "values.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string_view>

#include "failure.h"

namespace cli {
namespace {

std::optional<long long> integer(std::string_view text) {
  long long value = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

/// "90s", "5m", "2h", "1d" or milliseconds.
std::optional<long long> duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    long long milliseconds;
  };
  constexpr Unit kUnits[] = {
      {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  for (const auto& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    const auto count = integer(text.substr(0, text.size() - unit.name.size()));
    long long milliseconds = 0;
    if (count && !__builtin_mul_overflow(*count, unit.milliseconds, &milliseconds)) {
      return milliseconds;
    }
  }
  return integer(text);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Json one_value(const Field& field, const std::string& type, const std::string& name,
               const std::string& text) {
  if (type == "integer") {
    const auto value = field.is_duration() ? duration(text) : integer(text);
    const char* wanted = field.is_duration()
                             ? " must be milliseconds or a number with ms, s, m, h or d, not '"
                             : " must be an integer, not '";
    if (!value) throw UsageError(name + wanted + text + "'");
    return Json::integer(*value);
  }
  if (type == "boolean") {
    if (text != "true" && text != "false") {
      throw UsageError(name + " must be true or false, not '" + text + "'");
    }
    return Json::boolean(text == "true");
  }
  if (type == "instant" || type == "integer_or_string") {
    if (const auto value = integer(text)) return Json::integer(*value);
  }
  if (type == "enum" &&
      std::find(field.values.begin(), field.values.end(), text) == field.values.end()) {
    throw UsageError(name + " must be one of " + joined(field.values) + ", not '" + text + "'");
  }
  return Json::string(text);
}

std::string read_all(const std::string& name, const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) throw UsageError(name + ": " + path + ": " + std::strerror(errno));
  }
  std::istream& in = path == "-" ? std::cin : file;
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

Json json_argument(const std::string& name, const std::string& text) {
  try {
    return Json::parse(text.starts_with('@') ? read_all(name, text.substr(1)) : text);
  } catch (const JsonError& error) {
    throw UsageError(name + " is not JSON: " + error.what());
  }
}

Json value_of(const Field& field, const std::string& name, const std::vector<std::string>& texts) {
  if (field.is_json()) return json_argument(name, texts.back());
  if (!field.is_list()) return one_value(field, field.type, name, texts.back());
  const std::string type = field.is_array() ? field.item_type : "string";
  if (!field.is_array() && texts.size() == 1) return one_value(field, type, name, texts[0]);
  Json list = Json::array();
  for (const auto& text : texts) list.push(one_value(field, type, name, text));
  return list;
}

std::string dashed(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

}  // namespace cli
