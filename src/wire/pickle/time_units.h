#pragma once

#include <cstdint>

/// What reading and writing of Python's `datetime` module have in common.
namespace dbosc::wire::pickle {

constexpr std::int64_t kSecondsOfDay = 86400;
/// Of a second.
constexpr std::int64_t kMicroseconds = 1'000'000;
/// Of a timedelta, in either direction.
constexpr std::int64_t kMaxDays = 999'999'999;
/// The highest bit of a datetime's month, of a time's hour: the later of two equal local times.
constexpr unsigned kFold = 0x80;

}  // namespace dbosc::wire::pickle
