// tests/unit/base/random_test.cc
// The generator's numbers are a promise: worlds are stored as seeds.
#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace promenade {
namespace {

TEST(Random, TheFirstNumbersOfASeedNeverChange) {
  // SplitMix64 of 0 begins e220a8397b1dcdaf, 6e789e6aa1b965f4, 06c45d188009454f, f88bb8a8724c81ec;
  // the rest is xoshiro256** on that state.
  Random random(0);
  EXPECT_EQ(random.next(), 0x99ec5f36cb75f2b4u);
  EXPECT_EQ(random.next(), 0xbf6e1f784956452au);
}

TEST(Random, ForksDependOnTheNameAndTheSeedOnly) {
  Random parent(42);
  const uint64_t before = parent.fork("a").next();
  EXPECT_NE(before, parent.fork("b").next());
  EXPECT_EQ(before, parent.fork("a").next());
  EXPECT_EQ(before, Random(42).fork("a").next());
  EXPECT_NE(before, Random(43).fork("a").next());
}

TEST(Random, BelowIsUniform) {
  Random random(1);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts[static_cast<size_t>(random.below(7))];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

TEST(Random, BetweenReachesBothEndsAndAnyWidth) {
  Random random(2);
  int64_t low = 100, high = -100;
  for (int i = 0; i < 1000; ++i) {
    const int64_t drawn = random.between(-3, 3);
    low = std::min(low, drawn);
    high = std::max(high, drawn);
  }
  EXPECT_EQ(low, -3);
  EXPECT_EQ(high, 3);
  EXPECT_EQ(random.between(5, 5), 5);
  random.between(INT64_MIN, INT64_MAX);
}

struct Moments {
  double mean;
  double variance;
};
template <typename Draw>
Moments moments(Draw draw) {
  constexpr int kDraws = 100'000;
  double sum = 0, sum_of_squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double drawn = static_cast<double>(draw());
    sum += drawn;
    sum_of_squares += drawn * drawn;
  }
  const double mean = sum / kDraws;
  return {mean, sum_of_squares / kDraws - mean * mean};
}

TEST(Random, DistributionsHaveTheirMeanAndVariance) {
  Random random(3);
  const Moments uniform = moments([&] { return random.uniform(); });
  EXPECT_NEAR(uniform.mean, 0.5, 0.01);
  EXPECT_NEAR(uniform.variance, 1.0 / 12, 0.01);
  const Moments normal = moments([&] { return random.normal(); });
  EXPECT_NEAR(normal.mean, 0, 0.02);
  EXPECT_NEAR(normal.variance, 1, 0.03);
  const Moments exponential = moments([&] { return random.exponential(4); });
  EXPECT_NEAR(exponential.mean, 4, 0.1);
  EXPECT_NEAR(exponential.variance, 16, 1);
  for (const double mean : {0.3, 5.0, 59.0, 61.0, 1000.0}) {
    const Moments poisson = moments([&] { return random.poisson(mean); });
    EXPECT_NEAR(poisson.mean, mean, 0.02 * mean) << mean;
    EXPECT_NEAR(poisson.variance, mean, 0.05 * mean) << mean;
  }
}

TEST(Random, PoissonOfNothingIsNothing) {
  Random random(4);
  EXPECT_EQ(random.poisson(0), 0u);
  EXPECT_EQ(random.poisson(-1), 0u);
  EXPECT_EQ(random.poisson(std::nan("")), 0u);
}

}  // namespace
}  // namespace promenade
