#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace dbosc {

/// One zone of the system's time zone database. Cheap to copy, safe to share between threads.
class TimeZone {
 public:
  /// The zone of an IANA name, spelled as the database spells it (`Europe/Berlin`, `UTC`); nothing
  /// if the database of this machine has no such zone.
  static std::optional<TimeZone> find(const std::string& name);

  /// Local time minus UTC in seconds, as it is at an instant (epoch seconds).
  int offset_at(std::int64_t instant) const;

 private:
  struct Rules;
  explicit TimeZone(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}
  std::shared_ptr<const Rules> rules_;
};

}  // namespace dbosc
