#pragma once  // engine/model/shortest_decimal.h
// The shortest decimal that reads back to the same double; of several as short, the nearest to it.
#include <cstdint>

namespace promenade {

// digits * 10^exponent. `digits` is less than 10^17 and doesn't end in 0.
struct ShortestDecimal {
  uint64_t digits;
  int exponent;
};

// Of a finite value above 0.
ShortestDecimal shortest_decimal(double value);

}  // namespace promenade
