#include <array>
#include <string>

#include "base/cron.h"
#include "fuzz.h"

// Expressions in each grammar, and when they fire.

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dbosc;
  constexpr std::array kDialects = {cron::Dialect::kPython, cron::Dialect::kTypescript,
                                    cron::Dialect::kGo, cron::Dialect::kJava};
  auto input = fuzz::text_of(data, size);
  const auto dialect = kDialects[fuzz::take_choice(input) % kDialects.size()];
  static const auto zone = *TimeZone::find("America/New_York");
  fuzz::may_refuse([&] {
    const auto schedule = cron::parse(input, dialect, "schedule");
    std::int64_t at = 1'700'000'000'000;
    for (int i = 0; i < 3; ++i) {
      const auto next = schedule.next(at, zone);
      if (!next) break;
      fuzz::require(*next > at, "a firing is after the last");
      at = *next;
    }
  });
  return 0;
}
