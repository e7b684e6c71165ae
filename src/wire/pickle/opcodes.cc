#include "wire/pickle/opcodes.h"

#include <bit>

#include "base/base64.h"

namespace dbosc::wire::pickle {
namespace {

void write_little_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

/// The opcodes of one type by how many bytes hold the length.
struct Sized {
  char in_one, in_four, in_eight;
};

void write_sized(std::string& out, const Sized& opcodes, std::string_view content) {
  const int bytes = content.size() < 256 ? 1 : content.size() <= UINT32_MAX ? 4 : 8;
  out += bytes == 1 ? opcodes.in_one : bytes == 4 ? opcodes.in_four : opcodes.in_eight;
  write_little_endian(out, content.size(), bytes);
  out += content;
}

}  // namespace

void write_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

void write_text(std::string& out, std::string_view text) {
  write_sized(out, {'\x8c', 'X', '\x8d'}, text);
}

void write_bytes(std::string& out, std::string_view bytes) {
  write_sized(out, {'C', 'B', '\x8e'}, bytes);
}

void write_small_integer(std::string& out, std::int32_t value) {
  const int bytes = value < 0 || value > 0xFFFF ? 4 : value > 0xFF ? 2 : 1;
  out += bytes == 4 ? 'J' : bytes == 2 ? 'M' : 'K';
  write_little_endian(out, static_cast<std::uint32_t>(value), bytes);
}

void write_long(std::string& out, std::string_view bytes) {
  const bool is_short = bytes.size() < 256;
  out += is_short ? '\x8a' : '\x8b';
  write_little_endian(out, bytes.size(), is_short ? 1 : 4);
  out += bytes;
}

void write_float(std::string& out, double value) {
  out += 'G';
  write_big_endian(out, std::bit_cast<std::uint64_t>(value), 8);
}

void write_name(std::string& out, std::string_view module, std::string_view name) {
  write_text(out, module);
  write_text(out, name);
  out += '\x93';
}

std::string stored(std::string_view opcodes) {
  std::string whole;
  whole.reserve(opcodes.size() + 3);
  whole += "\x80\x04";
  whole += opcodes;
  whole += '.';
  return base64_of(whole);
}

}  // namespace dbosc::wire::pickle
