// tests/unit/model/shortest_decimal_test.cc
// The digits are fmt's, whichever way they were found.
#include "model/shortest_decimal.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/bits.h"
#include "base/random.h"

namespace promenade {
namespace {

void expect_same(double value) {
  const ShortestDecimal found = shortest_decimal(value);
  auto expected = fmt::detail::dragonbox::to_decimal(value);
  while (expected.significand % 10 == 0) {
    expected.significand /= 10;
    ++expected.exponent;
  }
  ASSERT_EQ(found.digits, expected.significand) << "of " << bit_cast<uint64_t>(value);
  ASSERT_EQ(found.exponent, expected.exponent) << "of " << bit_cast<uint64_t>(value);
}

void expect_same_around(double value) {
  expect_same(std::nextafter(value, 0));
  expect_same(value);
  expect_same(std::nextafter(value, INFINITY));
}

TEST(ShortestDecimal, AtAllPowersOfTwoAndTen) {
  for (int e = -1074; e < 1024; ++e) {
    if (e > -1074) expect_same_around(std::ldexp(1.0, e));
    expect_same(std::ldexp(1.5, e));
  }
  double power = 1e-300;
  for (int i = 0; i < 600; ++i, power *= 10) expect_same_around(power);
}

TEST(ShortestDecimal, OfNumbersOfAllKinds) {
  Random random(23);
  for (int i = 0; i < 200'000; ++i) {
    const uint64_t bits = random.next();
    const double anything = std::fabs(bit_cast<double>(bits));
    if (anything > 0 && std::isfinite(anything)) expect_same(anything);
    // With the exponents between 2^-40 and 2^60, around those that have a way of their own.
    const uint64_t exponent = 983 + bits % 101;
    expect_same(bit_cast<double>((bits >> 12) | exponent << 52));
    // Few bits, and few digits.
    expect_same(bit_cast<double>(exponent << 52 | (bits >> 60) << (bits % 48)));
    expect_same(static_cast<double>(1 + (bits >> 44)) / std::pow(10, bits % 12));
  }
}

TEST(ShortestDecimal, TheEvenOneOfTwoAsNear) {
  // 2251799813685247.25 is as far from ...7.2 as from ...7.3.
  const ShortestDecimal down = shortest_decimal(2251799813685247.25);
  EXPECT_EQ(down.digits, 22517998136852472u);
  EXPECT_EQ(down.exponent, -1);
  const ShortestDecimal up = shortest_decimal(2251799813685247.75);
  EXPECT_EQ(up.digits, 22517998136852478u);
  EXPECT_EQ(up.exponent, -1);
}

}  // namespace
}  // namespace promenade
