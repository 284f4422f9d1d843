// Calendar text both ways: tables of instants, and a walk over many days.
#include "api/rfc3339.h"

#include <gtest/gtest.h>

namespace promenade::api {
namespace {

struct Instant {
  std::string text;
  int64_t ms;
};

TEST(Rfc3339, FormatsAndParsesTheSameInstants) {
  const Instant instants[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"2026-01-01T00:00:00Z", 1'767'225'600'000},
      {"2000-02-29T23:59:59.999Z", 951'868'799'999},
      {"2023-11-14T22:13:20.5Z", 1'700'000'000'500},
      {"2023-11-14T22:13:20.05Z", 1'700'000'000'050},
      {"1969-12-31T23:59:59.001Z", -999},
      {"1900-03-01T00:00:00Z", -2'203'891'200'000},
      {"9999-12-31T23:59:59Z", 253'402'300'799'000},
  };
  for (const Instant& instant : instants) {
    EXPECT_EQ(format_rfc3339(Timestamp{instant.ms}), instant.text);
    ASSERT_TRUE(parse_rfc3339(instant.text).has_value()) << instant.text;
    EXPECT_EQ(parse_rfc3339(instant.text)->ms, instant.ms) << instant.text;
  }
}

TEST(Rfc3339, ParsesZonesCaseAndFineFractions) {
  EXPECT_EQ(parse_rfc3339("2026-01-01T02:00:00+02:00")->ms, 1'767'225'600'000);
  EXPECT_EQ(parse_rfc3339("2025-12-31T18:30:00-05:30")->ms, 1'767'225'600'000);
  EXPECT_EQ(parse_rfc3339("2026-01-01t00:00:00z")->ms, 1'767'225'600'000);
  EXPECT_EQ(parse_rfc3339("2026-01-01T00:00:00.123999999Z")->ms, 1'767'225'600'123);
}

TEST(Rfc3339, RejectsWhatIsNotAnInstant) {
  for (const char* text :
       {"", "2026", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00Zx", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00+2:00",
        "2026-01-00T00:00:00Z", "x026-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text).has_value()) << text;
  }
}

TEST(Rfc3339, RoundTripsEveryDayOfFourCenturies) {
  constexpr int64_t kMsPerDay = 86'400'000;
  for (int64_t day = -100'000; day < 47'000; day += 1) {
    const Timestamp time{day * kMsPerDay + 1};
    ASSERT_EQ(parse_rfc3339(format_rfc3339(time)), time) << day;
  }
}

}  // namespace
}  // namespace promenade::api
