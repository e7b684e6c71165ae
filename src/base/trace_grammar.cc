#include "base/trace_grammar.h"

#include <algorithm>
#include <vector>

namespace dbosc {
namespace {

constexpr std::size_t kLongestState = 512;
constexpr std::size_t kMostMembers = 32;

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool all_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool are_key_characters(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '*' || c == '/';
  });
}

/// `vendor`, or `tenant@vendor`, whose lengths are the grammar's.
bool is_key(std::string_view key) {
  const auto at = key.find('@');
  if (at == key.npos) {
    return !key.empty() && key.size() <= 256 && is_lower(key[0]) && are_key_characters(key);
  }
  const auto tenant = key.substr(0, at), vendor = key.substr(at + 1);
  return !tenant.empty() && tenant.size() <= 241 && (is_lower(tenant[0]) || is_digit(tenant[0])) &&
         !vendor.empty() && vendor.size() <= 14 && is_lower(vendor[0]) &&
         are_key_characters(tenant) && are_key_characters(vendor);
}

bool is_value(std::string_view value) {
  return !value.empty() && value.size() <= 256 && value.back() != ' ' &&
         std::all_of(value.begin(), value.end(),
                     [](char c) { return c >= 0x20 && c <= 0x7e && c != ',' && c != '='; });
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string member_problem(std::string_view member, std::vector<std::string_view>& keys) {
  const auto equals = member.find('=');
  if (equals == member.npos) return "has a member that is not key=value";
  const auto key = member.substr(0, equals);
  if (!is_key(key)) return "has a key that the grammar does not allow";
  if (!is_value(member.substr(equals + 1))) return "has a value that the grammar does not allow";
  if (std::find(keys.begin(), keys.end(), key) != keys.end()) return "has a key twice";
  keys.push_back(key);
  if (keys.size() > kMostMembers) return "has more than 32 members";
  return {};
}

}  // namespace

std::string traceparent_problem(std::string_view text) {
  static constexpr auto kForm =
      "must be version-traceid-parentid-flags of 2, 32, 16 and 2 lower-case hexadecimal digits";
  if (text.size() < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return kForm;
  const auto version = text.substr(0, 2);
  const auto trace_id = text.substr(3, 32);
  const auto parent_id = text.substr(36, 16);
  if (!is_lower_hex(version) || !is_lower_hex(trace_id) || !is_lower_hex(parent_id) ||
      !is_lower_hex(text.substr(53, 2))) {
    return kForm;
  }
  if (version == "ff") return "must not be of version ff";
  const bool ends = version == "00" ? text.size() == 55 : text.size() == 55 || text[55] == '-';
  if (!ends) return kForm;
  if (all_zero(trace_id)) return "must not have a trace id of zeros";
  if (all_zero(parent_id)) return "must not have a parent id of zeros";
  return {};
}

std::string tracestate_problem(std::string_view text) {
  if (text.size() > kLongestState) return "is longer than 512 characters";
  std::vector<std::string_view> keys;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto member = without_blanks(text.substr(begin, end - begin));
    begin = end + 1;
    if (member.empty()) continue;  // the grammar allows empty members
    if (auto problem = member_problem(member, keys); !problem.empty()) return problem;
  }
  return {};
}

}  // namespace dbosc
