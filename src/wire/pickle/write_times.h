#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/given.h"

/// Writes calls of Python's `datetime` module.
namespace dbosc::wire::pickle {

/// A moment in epoch microseconds with its `datetime.timezone.utc`.
void write_utc_datetime(std::string& out, std::int64_t epoch_us);
/// A local time in seconds (counted like epoch seconds) with its `zoneinfo.ZoneInfo`; `fold` is the
/// second of two equal local times.
void write_zoned_datetime(std::string& out, std::int64_t local, std::string_view zone, bool fold);

// What a tag says; false where the class cannot say it.
bool write_datetime(std::string& out, const Given& tag);
bool write_date(std::string& out, const Given& tag);
bool write_time(std::string& out, const Given& tag);
bool write_timedelta(std::string& out, const Given& tag);

}  // namespace dbosc::wire::pickle
