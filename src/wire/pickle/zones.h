#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/timezone.h"

namespace dbosc::wire::pickle {

/// The offsets that a zone has about a local time (counted like epoch seconds).
class LocalOffsets {
 public:
  LocalOffsets(const TimeZone& zone, std::int64_t local);

  /// By Python's rules: `fold` picks the later of two equal local times.
  int at(bool fold) const;
  /// The `fold` that gives an offset, if one does.
  std::optional<bool> fold_of(int offset) const;

 private:
  int before_;
  int after_;
  bool both_;  ///< The clock shows the time twice, or never.
  int only_;
};

}  // namespace dbosc::wire::pickle
