#include "wire/pickle_encode.h"

#include <chrono>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/base64.h"
#include "base/error.h"

namespace dbosc::wire::pickle {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;

void write_little_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

void write_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

/// The magnitude of a decimal number, lowest byte first.
std::vector<unsigned char> bytes_of(std::string_view digits) {
  std::vector<unsigned char> bytes;
  for (const char digit : digits) {
    unsigned carry = static_cast<unsigned>(digit - '0');
    for (auto& byte : bytes) {
      carry += byte * 10U;
      byte = static_cast<unsigned char>(carry);
      carry >>= 8;
    }
    if (carry != 0) bytes.push_back(static_cast<unsigned char>(carry));
  }
  return bytes;
}

/// LONG1 or LONG4: two's complement, lowest byte first, its highest bit the sign.
void write_long(std::string& out, std::string_view number) {
  const bool negative = number.starts_with('-');
  auto bytes = bytes_of(number.substr(negative ? 1 : 0));
  if (bytes.back() >= 0x80) bytes.push_back(0);
  if (negative) {
    unsigned carry = 1;
    for (auto& byte : bytes) {
      carry += static_cast<unsigned char>(~byte);
      byte = static_cast<unsigned char>(carry);
      carry >>= 8;
    }
  }
  if (bytes.size() < 256) {
    out += '\x8a';
    write_little_endian(out, bytes.size(), 1);
  } else {
    out += '\x8b';
    write_little_endian(out, bytes.size(), 4);
  }
  out.append(bytes.begin(), bytes.end());
}

void write_number(std::string& out, const Json& value) {
  const auto text = value.raw();
  if (text.find_first_of(".eE") == std::string_view::npos) {
    const auto small = value.integer();
    if (small && *small >= INT32_MIN && *small <= INT32_MAX) {
      out += 'J';
      write_little_endian(out, static_cast<std::uint64_t>(*small), 4);
    } else {
      write_long(out, text);
    }
    return;
  }
  const double number = std::strtod(std::string(text).c_str(), nullptr);
  std::uint64_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  out += 'G';
  write_big_endian(out, bits, 8);
}

void write_global(std::string& out, std::string_view module, std::string_view name) {
  write_text(out, module);
  write_text(out, name);
  out += '\x93';
}

/// The ten bytes that a datetime is pickled as.
void write_moment(std::string& out, std::int64_t seconds, std::int64_t microseconds, bool fold) {
  using namespace std::chrono;
  const sys_seconds moment{std::chrono::seconds(seconds)};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss clock{moment - day};
  out += "C\x0a";
  write_big_endian(out, static_cast<std::uint64_t>(int(date.year())), 2);
  out += static_cast<char>(unsigned(date.month()) | (fold ? 0x80U : 0U));
  out += static_cast<char>(unsigned(date.day()));
  out += static_cast<char>(clock.hours().count());
  out += static_cast<char>(clock.minutes().count());
  out += static_cast<char>(clock.seconds().count());
  write_big_endian(out, static_cast<std::uint64_t>(microseconds), 3);
}

constexpr std::string_view kCallWithOne = "\x85R";
constexpr std::string_view kCallWithTwo = "\x86R";

}  // namespace

void write_text(std::string& out, std::string_view text) {
  if (text.size() > UINT32_MAX) {
    throw Error(Code::kInvalidArgument, "too_large", "a text is larger than 4 GiB");
  }
  out += 'X';
  write_little_endian(out, text.size(), 4);
  out += text;
}

void write_value(std::string& out, const Json& value) {
  switch (value ? value.type() : Json::Type::kNull) {
    case Json::Type::kNull:
      out += 'N';
      return;
    case Json::Type::kBoolean:
      out += value.boolean() ? '\x88' : '\x89';
      return;
    case Json::Type::kNumber:
      write_number(out, value);
      return;
    case Json::Type::kString:
      write_text(out, value.text());
      return;
    case Json::Type::kArray:
      out += "](";
      for (const auto& item : value.children()) write_value(out, item.value);
      out += 'e';
      return;
    case Json::Type::kObject:
      out += "}(";
      for (const auto& member : value.children()) {
        write_text(out, member.key);
        write_value(out, member.value);
      }
      out += 'u';
      return;
  }
}

void write_utc_datetime(std::string& out, std::int64_t epoch_us) {
  const auto in_second = ((epoch_us % kSecondUs) + kSecondUs) % kSecondUs;
  write_global(out, "datetime", "datetime");
  write_moment(out, (epoch_us - in_second) / kSecondUs, in_second, false);
  write_global(out, "datetime", "timezone");
  write_global(out, "datetime", "timedelta");
  out += "K";
  out += '\0';
  out += kCallWithOne;
  out += kCallWithOne;
  out += kCallWithTwo;
}

void write_zoned_datetime(std::string& out, std::int64_t local, std::string_view zone, bool fold) {
  write_global(out, "datetime", "datetime");
  write_moment(out, local, 0, fold);
  write_global(out, "zoneinfo", "ZoneInfo");
  write_text(out, zone);
  out += kCallWithOne;
  out += kCallWithTwo;
}

std::string stored(std::string_view opcodes) {
  std::string whole = "\x80\x04";
  whole += opcodes;
  whole += '.';
  return base64_of(whole);
}

}  // namespace dbosc::wire::pickle
