// tests/unit/promql/quantile_test.cc
// Quantiles of numbers, and the sum that follows a sliding window.
#include "promql/functions/quantile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "promql/kernels/running_sum.h"

namespace promenade::promql {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Case {
  double q;
  std::vector<double> values;
  double expected;
};

const Case kCases[] = {
    {0, {3, 1, 2}, 1},
    {1, {3, 1, 2}, 3},
    {0.5, {3, 1, 2}, 2},
    {0.5, {4, 1}, 2.5},
    {0.75, {0, 1, 2, 3}, 2.25},
    {0.3, {7}, 7},
    {0, {kNaN, 5}, kNaN},
    {1, {kNaN, 5}, 5},
    {0.5, {}, kNaN},
    {-0.1, {1}, -kInfinity},
    {1.1, {1}, kInfinity},
    {kNaN, {1}, kNaN},
    // A weight of 0 does not spare an infinite neighbour.
    {0.5, {1, 2, kInfinity}, kNaN},
};

TEST(Quantile, InterpolatesBetweenNeighbours) {
  for (const Case& test : kCases) {
    SCOPED_TRACE(testing::Message() << "q = " << test.q << " of " << test.values.size());
    std::vector<double> values = test.values;
    const double actual = quantile(test.q, values);
    if (std::isnan(test.expected)) {
      EXPECT_TRUE(std::isnan(actual)) << actual;
    } else {
      EXPECT_DOUBLE_EQ(actual, test.expected);
    }
  }
}

TEST(Quantile, SaysWhichQIsInvalid) {
  EXPECT_FALSE(is_invalid_quantile(0));
  EXPECT_FALSE(is_invalid_quantile(1));
  EXPECT_TRUE(is_invalid_quantile(kNaN));
  EXPECT_EQ(invalid_quantile(1.5), "quantile value should be between 0 and 1, got 1.5");
  EXPECT_EQ(invalid_quantile(-kInfinity), "quantile value should be between 0 and 1, got -Inf");
}

TEST(RunningSum, TermsTakeAwayWhatTheyBrought) {
  RunningSum sum;
  sum.add(0.1);
  sum.add(1e15);
  sum.add(0.2);
  sum.subtract(1e15);
  EXPECT_DOUBLE_EQ(sum.total(), 0.1 + 0.2);
  sum.subtract(0.1);
  sum.subtract(0.2);
  EXPECT_NEAR(sum.total(), 0, 1e-16);
}

TEST(RunningSum, KnowsWhenALargeTermHasCostItsPrecision) {
  RunningSum sum;
  sum.add(1);
  EXPECT_TRUE(sum.is_precise());
  sum.add(1e30);
  sum.subtract(1e30);
  EXPECT_FALSE(sum.is_precise());
  sum.clear();
  sum.add(1);
  EXPECT_TRUE(sum.is_precise());
}

TEST(RunningSum, OverflowIsNotPrecise) {
  RunningSum sum;
  sum.add(std::numeric_limits<double>::max());
  sum.add(std::numeric_limits<double>::max());
  EXPECT_FALSE(sum.is_precise());
}

}  // namespace
}  // namespace promenade::promql
