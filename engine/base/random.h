#pragma once  // engine/base/random.h
// The one source of randomness: xoshiro256** (Blackman and Vigna, 2018, https://prng.di.unimi.it),
// seeded through SplitMix64. The same seed gives the same numbers on every platform; nothing here
// uses <random>'s distributions, whose results the standard leaves open.
#include <cstdint>
#include <string_view>

namespace promenade {

class Random {
 public:
  explicit Random(uint64_t seed);

  // An independent stream for one named part of a simulation, so that adding a part does not
  // change the numbers that the others see.
  Random fork(std::string_view name) const;

  uint64_t next();                             // Uniform over all 64 bits.
  uint64_t below(uint64_t bound);              // Uniform in [0, bound); bound > 0.
  int64_t between(int64_t low, int64_t high);  // Uniform in [low, high], both included.
  double uniform();                            // In [0, 1), 53 bits.
  double normal();                             // Mean 0, standard deviation 1 (Box-Muller).
  double exponential(double mean);
  uint64_t poisson(double mean);  // Any mean >= 0; normal approximation above 60.
  bool chance(double probability) { return uniform() < probability; }

 private:
  uint64_t state_[4];
};

}  // namespace promenade
