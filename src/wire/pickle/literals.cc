#include "wire/pickle/literals.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "base/utf8.h"
#include "wire/shortest_double.h"

namespace dbosc::wire::pickle {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view decimal(std::string_view text, Pool& pool) {
  const bool negative = text.starts_with('-');
  auto digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) throw Refused();
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
  if (!negative) return digits;
  return digits == "0" ? digits : pool.keep('-' + std::string(digits));
}

unsigned hexadecimal(std::string_view digits, std::size_t count) {
  unsigned value = 0;
  const auto text = digits.substr(0, count);
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value, 16);
  if (text.size() != count || read.ec != std::errc() || read.ptr != end) throw Refused();
  return value;
}

/// A text without its quotes, which it must have.
std::string_view unquoted(std::string_view line) {
  const bool quoted =
      line.size() >= 2 && (line[0] == '\'' || line[0] == '"') && line.front() == line.back();
  if (!quoted) throw Refused();
  return line.substr(1, line.size() - 2);
}

}  // namespace

Index integer_literal(std::string_view line, Pool& pool) {
  if (line == "00") return pool.add(Kind::kFalse);
  if (line == "01") return pool.add(Kind::kTrue);
  return pool.add(Kind::kDigits, decimal(line, pool));
}

Index long_literal(std::string_view line, Pool& pool) {
  if (line.ends_with('L')) line.remove_suffix(1);
  return pool.add(Kind::kDigits, decimal(line, pool));
}

Index float_literal(std::string_view line, Pool& pool) {
  double value = 0;
  const auto end = line.data() + line.size();
  const auto read = std::from_chars(line.data(), end, value);
  if (read.ec == std::errc::invalid_argument || read.ptr != end) throw Refused();
  const auto bits = std::bit_cast<std::uint64_t>(double_of(line));
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(bits >> shift);
  return pool.add(Kind::kFloat, pool.keep(std::move(bytes)));
}

// Latin-1, in which a backslash matters only before u and U.
Index unicode_literal(std::string_view line, Pool& pool) {
  std::string text;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char next = line[at] == '\\' && at + 1 < line.size() ? line[at + 1] : '\0';
    const std::size_t digits = next == 'u' ? 4 : next == 'U' ? 8 : 0;
    if (digits != 0) {
      const auto character = hexadecimal(line.substr(at + 2), digits);
      if (character > 0x10ffff) throw Refused();
      append_utf8(text, character);
      at += 1 + digits;
    } else {
      append_utf8(text, static_cast<unsigned char>(line[at]));
      if (next == '\\') append_utf8(text, static_cast<unsigned char>(line[++at]));
    }
  }
  return pool.add(Kind::kText, pool.keep(std::move(text)));
}

Index string_literal(std::string_view line, Pool& pool) {
  static constexpr std::string_view kEscapes = "abfnrtv\\'\"", kMeant = "\a\b\f\n\r\t\v\\'\"";
  const auto quoted = unquoted(line);
  std::string text;
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    if (quoted[at] != '\\') {
      text += quoted[at];
      continue;
    }
    if (++at == quoted.size()) throw Refused();
    if (quoted[at] == 'x') {
      text += static_cast<char>(hexadecimal(quoted.substr(at + 1), 2));
      at += 2;
      continue;
    }
    const auto known = kEscapes.find(quoted[at]);
    if (known == kEscapes.npos) throw Refused();
    text += kMeant[known];
  }
  require_ascii(text);
  return pool.add(Kind::kText, pool.keep(std::move(text)));
}

std::size_t number_literal(std::string_view line) {
  std::size_t number = 0;
  const auto end = line.data() + line.size();
  const auto read = std::from_chars(line.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) throw Refused();
  return number;
}

void require_characters(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto rest = text.substr(at);
    const bool ascii = static_cast<unsigned char>(rest[0]) < 0x80;
    const auto length = ascii ? 1 : is_lone_surrogate(rest) ? 3 : utf8_length(rest);
    if (length == 0) throw Refused();
    at += length;
  }
}

void require_ascii(std::string_view text) {
  const auto ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::all_of(text.begin(), text.end(), ascii)) throw Refused();
}

Name name_of_today(std::string_view module, std::string_view name) {
  struct Renamed {
    std::string_view before, now;
  };
  static constexpr Renamed kModules[] = {
      {"__builtin__", "builtins"}, {"exceptions", "builtins"}, {"copy_reg", "copyreg"}};
  static constexpr Renamed kBuiltins[] = {{"unicode", "str"}, {"long", "int"}, {"xrange", "range"}};
  const auto now = [](auto& table, std::string_view before) {
    for (const auto& renamed : table) {
      if (renamed.before == before) return renamed.now;
    }
    return before;
  };
  if (module == "__builtin__") name = now(kBuiltins, name);
  return {kNothing, now(kModules, module), name};
}

}  // namespace dbosc::wire::pickle
