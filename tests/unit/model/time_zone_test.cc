// Rules, their edges, and the system's files where there are some.
#include "model/time_zone.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "model/civil_date.h"

namespace promenade {
namespace {

int64_t at(int64_t year, int month, int day, int hour, int minute) {
  return days_since_epoch({year, month, day}) * 86'400 + hour * 3600 + minute * 60;
}

TEST(TimeZone, ChangesAtTheInstantsOfItsRule) {
  const auto paris = TimeZone::from_posix("CET-1CEST,M3.5.0,M10.5.0/3");
  ASSERT_TRUE(paris);
  EXPECT_EQ(paris->at(at(2026, 3, 29, 0, 59)).abbreviation, "CET");
  EXPECT_EQ(paris->at(at(2026, 3, 29, 1, 0)).offset_seconds, 7200);
  EXPECT_EQ(paris->at(at(2026, 10, 25, 0, 59)).abbreviation, "CEST");
  EXPECT_EQ(paris->at(at(2026, 10, 25, 1, 0)).offset_seconds, 3600);
}

TEST(TimeZone, KnowsTheSouthAndOddOffsets) {
  const auto sydney = TimeZone::from_posix("AEST-10AEDT,M10.1.0,M4.1.0/3");
  ASSERT_TRUE(sydney);
  EXPECT_EQ(sydney->at(at(2026, 1, 1, 0, 0)).offset_seconds, 39'600);
  EXPECT_EQ(sydney->at(at(2026, 7, 1, 0, 0)).offset_seconds, 36'000);
  const auto kathmandu = TimeZone::from_posix("<+0545>-5:45");
  ASSERT_TRUE(kathmandu);
  EXPECT_EQ(kathmandu->at(0).offset_seconds, 20'700);
  EXPECT_EQ(kathmandu->at(0).abbreviation, "+0545");
  const auto julian = TimeZone::from_posix("AAA0BBB,J60/0,J365/0");  // 1 March, leap year or not.
  ASSERT_TRUE(julian);
  EXPECT_EQ(julian->at(at(2028, 2, 29, 23, 59)).abbreviation, "AAA");
  EXPECT_EQ(julian->at(at(2028, 3, 1, 0, 0)).abbreviation, "BBB");
}

TEST(TimeZone, RefusesWhatIsNoRule) {
  for (const char* rule : {"", "X", "CET", "CET-1CEST", "CET-1CEST,M3.5.0",
                           "CET-1CEST,M13.5.0,M1.1.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "<CET-1"}) {
    EXPECT_FALSE(TimeZone::from_posix(rule)) << rule;
  }
  EXPECT_FALSE(TimeZone::from_tzif("TZif2"));
  EXPECT_FALSE(TimeZone::from_tzif(""));
}

TEST(TimeZones, FindsByNameAndStaysInItsFolder) {
  const TimeZones zones;
  EXPECT_TRUE(zones.find(""));
  EXPECT_TRUE(zones.find("UTC"));
  EXPECT_TRUE(zones.find("Local"));
  EXPECT_TRUE(zones.find("America/New_York"));
  EXPECT_FALSE(zones.find("America/Atlantis"));
  EXPECT_FALSE(zones.find("../etc/passwd"));
  EXPECT_FALSE(zones.find("/etc/localtime"));
}

// The table of cities must say what the system's database says about these years.
TEST(TimeZones, TheTableAgreesWithTheSystemsFiles) {
  for (const char* name :
       {"Europe/London", "Europe/Dublin", "Europe/Paris", "Europe/Kyiv", "America/New_York",
        "America/Santiago", "America/St_Johns", "Asia/Kolkata", "Asia/Jerusalem", "Asia/Tokyo",
        "Australia/Adelaide", "Pacific/Auckland", "Africa/Cairo", "America/Sao_Paulo"}) {
    std::ifstream stream("/usr/share/zoneinfo/" + std::string(name), std::ios::binary);
    if (!stream) continue;  // No database here.
    std::stringstream bytes;
    bytes << stream.rdbuf();
    const auto system = TimeZone::from_tzif(bytes.str());
    const auto table = TimeZones().find(name);
    ASSERT_TRUE(system) << name;
    ASSERT_TRUE(table) << name;
    for (int64_t t = at(2025, 1, 1, 0, 0); t < at(2040, 1, 1, 0, 0); t += 6 * 3600 + 1800) {
      ASSERT_EQ(system->at(t).offset_seconds, table->at(t).offset_seconds) << name << " " << t;
      ASSERT_EQ(system->at(t).abbreviation, table->at(t).abbreviation) << name << " " << t;
    }
  }
}

TEST(TimeZone, ReadsPastChangesFromTheSystemsFiles) {
  std::ifstream stream("/usr/share/zoneinfo/Europe/Paris", std::ios::binary);
  if (!stream) GTEST_SKIP() << "no time zone database here";
  std::stringstream bytes;
  bytes << stream.rdbuf();
  const auto paris = TimeZone::from_tzif(bytes.str());
  ASSERT_TRUE(paris);
  EXPECT_EQ(paris->at(at(1950, 7, 1, 0, 0)).offset_seconds, 3600);  // No summer time then.
  EXPECT_EQ(paris->at(at(1943, 7, 1, 0, 0)).offset_seconds, 7200);
}

}  // namespace
}  // namespace promenade
