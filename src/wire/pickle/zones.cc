#include "wire/pickle/zones.h"

#include "wire/pickle/time_units.h"

namespace dbosc::wire::pickle {

LocalOffsets::LocalOffsets(const TimeZone& zone, std::int64_t local)
    : before_(zone.offset_at(local - kSecondsOfDay)),
      after_(zone.offset_at(local + kSecondsOfDay)) {
  const bool is_before = zone.offset_at(local - before_) == before_;
  const bool is_after = zone.offset_at(local - after_) == after_;
  both_ = is_before == is_after;
  only_ = is_before ? before_ : after_;
}

int LocalOffsets::at(bool fold) const {
  if (!both_) return only_;
  return fold ? after_ : before_;
}

std::optional<bool> LocalOffsets::fold_of(int offset) const {
  if (offset == at(false)) return false;
  if (offset == at(true)) return true;
  return std::nullopt;
}

}  // namespace dbosc::wire::pickle
