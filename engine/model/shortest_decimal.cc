// engine/model/shortest_decimal.cc
// fmt's Dragonbox has an answer for every double, but pays for the range: powers of ten that are
// rounded to 128 bits, put together from two tables. What monitoring measures lies between 10^-9
// and 2^53, where the scaled value m * 5^q is exact in 128 bits. There the method of Schubfach
// (Giulietti, "The Schubfach way to render doubles", 2020) is a multiplication, two divisions
// and comparisons of integers. Results for the two ways are the same.
#include "model/shortest_decimal.h"

#include <fmt/format.h>

#include <array>

#include "base/bits.h"

namespace promenade {
namespace {

constexpr int kSignificandBits = 52;
constexpr int kExponentBias = 1075;  // Of the significand's last bit.
// Of the last bit, too. From below 0 on values may have decimals; down to kExponentMin all that
// exact_shortest() works with fits 64 bits.
constexpr int kExponentMin = -84;
constexpr int kExponentEnd = 0;

constexpr std::array<uint64_t, 27> kPowersOfFive = [] {
  std::array<uint64_t, 27> powers{1};
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 5;
  return powers;
}();

struct Product {
  uint64_t high;
  uint64_t low;
};

#ifdef __EMSCRIPTEN__
// WebAssembly has no such instruction, and the compiler calls a function for 128 times 128 bits.
Product multiply(uint64_t a, uint64_t b) {
  const uint64_t a_low = a & UINT32_MAX;
  const uint64_t b_low = b & UINT32_MAX;
  const uint64_t a_high = a >> 32;
  const uint64_t b_high = b >> 32;
  const uint64_t low = a_low * b_low;
  const uint64_t middle = a_high * b_low + (low >> 32);
  const uint64_t other_middle = a_low * b_high + (middle & UINT32_MAX);
  return {a_high * b_high + (middle >> 32) + (other_middle >> 32),
          other_middle << 32 | (low & UINT32_MAX)};
}
#else
__extension__ using Wide = unsigned __int128;

Product multiply(uint64_t a, uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  return {static_cast<uint64_t>(product >> 64), static_cast<uint64_t>(product)};
}
#endif

// floor(log10(2^e)) and floor(log10(2^e * 3/4)), right for -84 <= e < 0 and far beyond.
int floor_log10_of_power(int e) {
  return (e * 78913) >> 18;
}
int floor_log10_of_three_quarters(int e) {
  return (e * 1262611 - 524031) >> 22;
}

// Without its zeros at the end. Mostly there are none or many, and a division of 64 bits is slow.
ShortestDecimal stripped(uint64_t digits, int exponent) {
  constexpr uint64_t kEightZeros = 100'000'000;
  constexpr std::array<uint32_t, 8> kPowersOfTen{1,      10,      100,       1'000,
                                                 10'000, 100'000, 1'000'000, 10'000'000};
  auto low = static_cast<uint32_t>(digits % kEightZeros);
  while (low == 0) {
    digits /= kEightZeros;
    exponent += 8;
    low = static_cast<uint32_t>(digits % kEightZeros);
  }
  unsigned zeros = 0;
  if (low % 10'000 == 0) {
    low /= 10'000;
    zeros = 4;
  }
  for (; low % 10 == 0; low /= 10) ++zeros;
  if (zeros > 0) digits /= kPowersOfTen[zeros];
  return {digits, exponent + static_cast<int>(zeros)};
}

// Of significand * 2^e with kExponentMin <= e < kExponentEnd.
//
// Every decimal between the value's halfway points to its neighbours reads back to it, and so do
// these points themselves when the significand is even. q is such that this interval is at least
// 1 and less than 10 units of 10^-q wide. So there is at most one multiple of ten units in it,
// which is then the shortest; if there is none, one of the two units around the value is.
ShortestDecimal exact_shortest(uint64_t significand, int e) {
  // Below a power of two the neighbour is only half as far away.
  const bool is_power = significand == uint64_t{1} << kSignificandBits;
  const int q = is_power ? -floor_log10_of_three_quarters(e) : -floor_log10_of_power(e);
  const uint64_t five = kPowersOfFive[static_cast<size_t>(q)];
  const unsigned shift = static_cast<unsigned>(-(e + q)) + 2;

  // In quarters of the last bit everything is whole. One unit of 10^-q is 2^shift here.
  const Product scaled = multiply(4 * significand, five);
  const uint64_t units = scaled.high << (64 - shift) | scaled.low >> shift;
  const uint64_t unit = uint64_t{1} << shift;
  const uint64_t fraction = scaled.low & (unit - 1);
  const uint64_t odd = significand & 1;
  // Distances up to and with these are inside.
  const uint64_t reach_up = 2 * five - odd;
  const uint64_t reach_down = is_power ? five : reach_up;

  const uint64_t tens = units / 10;
  const uint64_t above_ten = ((units - tens * 10) << shift) + fraction;
  if (above_ten <= reach_down) return stripped(tens, 1 - q);
  if (10 * unit - above_ten <= reach_up) return stripped(tens + 1, 1 - q);

  const uint64_t below_next = unit - fraction;
  if (fraction > reach_down) return {units + 1, -q};
  if (below_next > reach_up) return {units, -q};
  const bool is_next_nearer = fraction > below_next || (fraction == below_next && (units & 1) != 0);
  return {units + (is_next_nearer ? 1 : 0), -q};
}

}  // namespace

ShortestDecimal shortest_decimal(double value) {
  const auto bits = bit_cast<uint64_t>(value);
  const int e = static_cast<int>(bits >> kSignificandBits) - kExponentBias;
  if (e >= kExponentMin && e < kExponentEnd) {
    constexpr uint64_t kHiddenBit = uint64_t{1} << kSignificandBits;
    return exact_shortest((bits & (kHiddenBit - 1)) | kHiddenBit, e);
  }
  // fmt has no public function for the digits alone, and taking them out of its text again would
  // cost as much as finding them.
  const auto decimal = fmt::detail::dragonbox::to_decimal(value);
  return stripped(decimal.significand, decimal.exponent);
}

}  // namespace promenade
