#pragma once  // engine/sim/portable_math.h
// The arithmetic of the workloads. A world has to come out bit for bit the same natively and in
// WebAssembly, but exp, log and sin of two C libraries differ in the last place. Everything here
// is made of + - * / and sqrt, whose results IEEE 754 fixes.
#include <cstdint>

#include "base/random.h"
#include "base/time.h"

namespace promenade::sim {

// e^-x for x in [0, 16], to five digits.
double exp_of_minus(double x);

// sin(2 * pi * turns) to within 0.002 (Bhaskara's approximation, 7th century).
double sine_of_turns(double turns);

// How many of a Poisson process's events happen when `mean` are expected. Normal approximation
// above 16, and never less than none.
uint64_t poisson(Random& random, double mean);

// A smooth random curve over time with values in [-1, 1]: random heights every `period`, joined
// by S-curves. A pure function of seed and time, so nobody has to replay it.
class SmoothNoise {
 public:
  SmoothNoise(uint64_t seed, Duration period) : seed_(seed), period_(period) {}
  double at(Timestamp time) const;

 private:
  double height(int64_t knot) const;

  uint64_t seed_;
  Duration period_;
};

}  // namespace promenade::sim
