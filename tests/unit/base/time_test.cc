// tests/unit/base/time_test.cc
// Arithmetic of points and lengths of time.
#include "base/time.h"

#include <gtest/gtest.h>

namespace promenade {
namespace {

static_assert(Duration::hours(2) == Duration::minutes(120));
static_assert(Timestamp::from_seconds(10) + Duration::seconds(5) == Timestamp{15'000});
static_assert(Timestamp{15'000} - Timestamp{10'000} == Duration::seconds(5));
static_assert(Duration::seconds(3) * 2 / 3 == Duration::seconds(2));
static_assert(Timestamp{1} < Timestamp{2});

TEST(TimeRange, HasBothItsEnds) {
  const TimeRange range{{10}, {20}};
  EXPECT_FALSE(range.contains({9}));
  EXPECT_TRUE(range.contains({10}));
  EXPECT_TRUE(range.contains({20}));
  EXPECT_FALSE(range.contains({21}));
  EXPECT_TRUE(range.overlaps({{20}, {30}}));
  EXPECT_TRUE(range.overlaps({{0}, {10}}));
  EXPECT_TRUE(range.overlaps({{12}, {13}}));
  EXPECT_FALSE(range.overlaps({{21}, {30}}));
  EXPECT_TRUE(kAllTime.contains({0}));
}

}  // namespace
}  // namespace promenade
