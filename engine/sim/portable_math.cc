// engine/sim/portable_math.cc
// Approximations that are good enough for a simulation and equal everywhere.
#include "sim/portable_math.h"

#include <cmath>

namespace promenade::sim {
namespace {

// Above this mean a Poisson variable is normal enough for traffic.
constexpr double kPoissonExactMax = 16;

// SplitMix64's finaliser: spreads neighbouring inputs over all 64 bits.
uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// Mean 0, deviation 1: the sum of four uniform variables, taken from one random word.
double nearly_normal(Random& random) {
  const uint64_t bits = random.next();
  const uint64_t sum =
      (bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48);
  return (static_cast<double>(sum) / 65536.0 - 2.0) * std::sqrt(3.0);
}

// Walks the distribution from 0 upwards until it has covered a uniform variable.
uint64_t poisson_by_inversion(Random& random, double mean) {
  double left = random.uniform();
  double probability = exp_of_minus(mean);
  uint64_t count = 0;
  while (left > probability && count < 100) {
    left -= probability;
    ++count;
    probability *= mean / static_cast<double>(count);
  }
  return count;
}

}  // namespace

double exp_of_minus(double x) {
  const double t = x / 1024;
  double power = 1 - t * (1 - t / 2 * (1 - t / 3));
  for (int i = 0; i < 10; ++i) power *= power;
  return power;
}

double sine_of_turns(double turns) {
  const double phase = turns - std::floor(turns);
  const double half = phase < 0.5 ? phase * 2 : phase * 2 - 1;  // Position within the half wave.
  const double arch = half * (1 - half);
  const double sine = 16 * arch / (5 - 4 * arch);
  return phase < 0.5 ? sine : -sine;
}

uint64_t poisson(Random& random, double mean) {
  if (mean <= 0) return 0;
  if (mean <= kPoissonExactMax) return poisson_by_inversion(random, mean);
  const double count = mean + std::sqrt(mean) * nearly_normal(random) + 0.5;
  return count <= 0 ? 0 : static_cast<uint64_t>(count);
}

double SmoothNoise::height(int64_t knot) const {
  const uint64_t bits = mix(seed_ + mix(static_cast<uint64_t>(knot)));
  return static_cast<double>(bits >> 11) / 4503599627370496.0 - 1.0;  // 2^52
}

double SmoothNoise::at(Timestamp time) const {
  int64_t knot = time.ms / period_.ms;
  if (time.ms < knot * period_.ms) --knot;
  const double x =
      static_cast<double>(time.ms - knot * period_.ms) / static_cast<double>(period_.ms);
  const double blend = x * x * (3 - 2 * x);
  return height(knot) * (1 - blend) + height(knot + 1) * blend;
}

}  // namespace promenade::sim
