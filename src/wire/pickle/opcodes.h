#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Writes the opcodes of protocol 4 that each push one value; none is remembered for later, so that
/// what is written can stand anywhere.
namespace dbosc::wire::pickle {

constexpr std::string_view kCallWithOne = "\x85R";
constexpr std::string_view kCallWithTwo = "\x86R";
constexpr std::string_view kCallWithThree = "\x87R";

void write_big_endian(std::string& out, std::uint64_t value, int bytes);

void write_text(std::string& out, std::string_view text);
void write_bytes(std::string& out, std::string_view bytes);
void write_small_integer(std::string& out, std::int32_t value);
/// In two's complement, lowest byte first.
void write_long(std::string& out, std::string_view bytes);
void write_float(std::string& out, double value);
/// A class or function.
void write_name(std::string& out, std::string_view module, std::string_view name);

/// The whole pickle around these opcodes, as it is stored.
std::string stored(std::string_view opcodes);

}  // namespace dbosc::wire::pickle
