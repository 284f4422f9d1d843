// tests/unit/sim/portable_math_test.cc
#include "sim/portable_math.h"

#include <gtest/gtest.h>

#include <cmath>

namespace promenade::sim {
namespace {

TEST(PortableMath, ExpOfMinusIsCloseToTheLibrarys) {
  for (double x = 0; x <= 16; x += 0.37) {
    EXPECT_NEAR(exp_of_minus(x) / std::exp(-x), 1, 3e-6) << x;
  }
}

TEST(PortableMath, SineOfTurnsIsCloseToTheLibrarys) {
  for (double turns = -2; turns <= 2; turns += 0.013) {
    EXPECT_NEAR(sine_of_turns(turns), std::sin(turns * 6.283185307179586), 0.002) << turns;
  }
}

TEST(Poisson, HasItsMeanAsMeanAndVariance) {
  for (const double mean : {0.02, 0.7, 5.0, 15.9, 16.1, 400.0}) {
    Random random(42);
    constexpr int kDraws = 40'000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      const auto count = static_cast<double>(poisson(random, mean));
      sum += count;
      squares += count * count;
    }
    const double average = sum / kDraws;
    const double standard_error = std::sqrt(mean / kDraws);
    EXPECT_NEAR(average, mean, 5 * standard_error) << mean;
    EXPECT_NEAR((squares / kDraws - average * average) / mean, 1, 0.1) << mean;
  }
}

TEST(Poisson, OfNothingIsNothing) {
  Random random(1);
  EXPECT_EQ(poisson(random, 0), 0u);
  EXPECT_EQ(poisson(random, -3), 0u);
}

TEST(SmoothNoise, StaysWithinOneAndHasNoJumps) {
  const SmoothNoise noise(7, Duration::minutes(1));
  double before = noise.at(Timestamp{-100'000});
  double lowest = 1;
  double highest = -1;
  for (int64_t ms = -100'000; ms < 3'600'000; ms += 100) {
    const double now = noise.at(Timestamp{ms});
    // The steepest S-curve climbs 2 in a period at 1.5 times the mean slope.
    ASSERT_LE(std::fabs(now - before), 2 * 1.5 * 100 / 60'000 + 1e-9) << ms;
    lowest = std::min(lowest, now);
    highest = std::max(highest, now);
    before = now;
  }
  EXPECT_GE(lowest, -1);
  EXPECT_LE(highest, 1);
  EXPECT_GT(highest - lowest, 1.2);
}

TEST(SmoothNoise, IsAFunctionOfSeedAndTime) {
  const Timestamp at{123'456'789};
  EXPECT_EQ(SmoothNoise(1, Duration::minutes(1)).at(at),
            SmoothNoise(1, Duration::minutes(1)).at(at));
  EXPECT_NE(SmoothNoise(1, Duration::minutes(1)).at(at),
            SmoothNoise(2, Duration::minutes(1)).at(at));
}

}  // namespace
}  // namespace promenade::sim
