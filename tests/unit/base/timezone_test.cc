#include "base/timezone.h"

#include "expect_error.h"

namespace dbosc {
namespace {

TEST(TimeZones, AreFoundByTheirNamesInTheDatabase) {
  for (const char* name : {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"}) {
    EXPECT_TRUE(TimeZone::find(name)) << name;
  }
}

TEST(TimeZones, AreNothingElseThatLiesThereOrLooksLikeOne) {
  for (const char* name : {"",
                           "Mars/Phobos",
                           "europe/berlin",
                           "Europe",
                           "Europe/",
                           "Europe/Berlin ",
                           "/etc/localtime",
                           "/usr/share/zoneinfo/UTC",
                           "../zoneinfo/UTC",
                           "Europe/../UTC",
                           "localtime",
                           "posixrules",
                           "right/UTC",
                           "posix/UTC",
                           "Factory",
                           "zone.tab",
                           "tzdata.zi",
                           "Fixed/UTC+01:00:00",
                           "libc:localtime",
                           "UTC+1",
                           "+01:00",
                           "Europe//Berlin"}) {
    EXPECT_FALSE(TimeZone::find(name)) << name;
  }
  EXPECT_FALSE(TimeZone::find(std::string("UTC\0x", 5)));
}

TEST(TimeZones, KnowTheOffsetOfEachInstant) {
  const auto new_york = *TimeZone::find("America/New_York");
  EXPECT_EQ(new_york.offset_at(1710053999), -5 * 3600);
  EXPECT_EQ(new_york.offset_at(1710054000), -4 * 3600);
  EXPECT_EQ(TimeZone::find("Asia/Kathmandu")->offset_at(0), 5 * 3600 + 1800);
  EXPECT_EQ(TimeZone::find("UTC")->offset_at(1710054000), 0);
}

TEST(TimeZones, KeepToTheRuleBeyondTheLastChangeInTheDatabase) {
  EXPECT_EQ(TimeZone::find("America/New_York")->offset_at(3329251200), -4 * 3600);
  EXPECT_EQ(TimeZone::find("America/New_York")->offset_at(3345062400), -5 * 3600);
}

}  // namespace
}  // namespace dbosc
