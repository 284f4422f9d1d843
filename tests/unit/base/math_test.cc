// tests/unit/base/math_test.cc
// The mathematics of PromQL has the same bits natively and as WebAssembly: these arguments are ones
// where glibc's functions and musl's differ, and the expected bits are musl's
// (cmake/third_party_math.cmake).
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "base/bits.h"

namespace {

struct Case {
  const char* name;
  double (*function)(double);
  double argument;
  uint64_t bits;
};

const Case kCases[] = {
    {"exp", std::exp, 22.330000000000002, 0x41f2937f1b84a184},
    {"log10", std::log10, 0.17000000000000001, 0xbfe8a029956904d1},
    {"sin", std::sin, 0.47999999999999998, 0x3fdd8dca3e3b2b34},
    {"cos", std::cos, 0.23999999999999999, 0x3fef1533606b4659},
    {"atan", std::atan, 2.8000000000000003, 0x3ff3a4f4a8668b6a},
    {"tanh", std::tanh, 0.079299999999999995, 0x3fb442236baba998},
};

TEST(Math, HasTheSameBitsOnEveryPlatform) {
  for (const Case& c : kCases) {
    EXPECT_EQ(promenade::bit_cast<uint64_t>(c.function(c.argument)), c.bits) << c.name;
  }
}

}  // namespace
