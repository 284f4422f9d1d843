// tests/unit/model/duration_test.cc
// Durations as text: accepted, refused, and printed.
#include "model/duration.h"

#include <gtest/gtest.h>

namespace promenade {
namespace {

TEST(Duration, AcceptsPrometheusDurations) {
  constexpr int64_t kDay = 24 * 3'600'000;
  struct {
    std::string_view text;
    int64_t ms;
  } const cases[] = {
      {"0", 0},
      {"0s", 0},
      {"0w", 0},
      {"324ms", 324},
      {"3s", 3000},
      {"5m", 300'000},
      {"1h", 3'600'000},
      {"4d", 4 * kDay},
      {"4d1h", 4 * kDay + 3'600'000},
      {"14d", 14 * kDay},
      {"3w", 21 * kDay},
      {"3w2d1h", 23 * kDay + 3'600'000},
      {"10y", 3650 * kDay},
      {"54s321ms", 54'321},
      {"1y2w3d4h5m6s7ms", 382 * kDay + 4 * 3'600'000 + 5 * 60'000 + 6007},
      {"090s", 90'000},
      {"292y", 292 * 365 * kDay},
  };
  for (const auto& test : cases) {
    const Result<Duration> duration = parse_duration(test.text);
    ASSERT_TRUE(duration) << test.text;
    EXPECT_EQ(duration->ms, test.ms) << test.text;
  }
}

TEST(Duration, RefusesInPrometheusWords) {
  struct {
    std::string_view text, message;
  } const cases[] = {
      {"", "empty duration string"},
      {"1", R"(not a valid duration string: "1")"},
      {"-1w", R"(not a valid duration string: "-1w")"},
      {"1.5d", R"(unknown unit "." in duration "1.5d")"},
      {"d", R"(not a valid duration string: "d")"},
      {" 5m", R"(not a valid duration string: " 5m")"},
      {"5m ", R"(unknown unit "m " in duration "5m ")"},
      {"5m1h", R"(not a valid duration string: "5m1h")"},
      {"5m5m", R"(not a valid duration string: "5m5m")"},
      {"1ms1s", R"(not a valid duration string: "1ms1s")"},
      {"5y1hs", R"(unknown unit "hs" in duration "5y1hs")"},
      {"5M", R"(unknown unit "M" in duration "5M")"},
      {"1h30", R"(not a valid duration string: "1h30")"},
      {"293y", "duration out of range"},
      {"292y53w", "duration out of range"},
      {"99999999999999999999s", "duration out of range"},
  };
  for (const auto& test : cases) {
    const Result<Duration> duration = parse_duration(test.text);
    ASSERT_FALSE(duration) << test.text;
    EXPECT_EQ(duration.error().code, ErrorCode::BadData);
    EXPECT_EQ(duration.error().message, test.message);
  }
}

TEST(Duration, PrintsTheCanonicalForm) {
  constexpr int64_t kDay = 24 * 3'600'000;
  struct {
    int64_t ms;
    std::string_view text;
  } const cases[] = {
      {0, "0s"},
      {1, "1ms"},
      {1500, "1s500ms"},
      {300'000, "5m"},
      {5'400'000, "1h30m"},
      {kDay, "1d"},
      {7 * kDay, "1w"},
      {8 * kDay, "8d"},
      {90 * kDay, "90d"},
      {365 * kDay, "1y"},
      {372 * kDay, "372d"},
      {730 * kDay, "2y"},
      {7 * kDay + 1, "7d1ms"},
      {-300'000, "-5m"},
  };
  for (const auto& test : cases) EXPECT_EQ(format_duration({test.ms}), test.text);
}

TEST(Duration, PrintingIsUndoneByParsing) {
  for (int64_t ms = 1; ms < INT64_MAX / 2'000'000; ms = ms * 3 + 1) {
    EXPECT_EQ(parse_duration(format_duration({ms}))->ms, ms);
  }
}

}  // namespace
}  // namespace promenade
