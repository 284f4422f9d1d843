// engine/base/random.cc
// xoshiro256** and the distributions the engine needs. All builds link the same log and cos, so the
// same seed gives the same doubles everywhere.
#include "base/random.h"

#include <bit>
#include <cmath>

#include "base/check.h"
#include "base/hash.h"

namespace promenade {
namespace {

constexpr double kTwoPi = 6.283185307179586;
constexpr double kPoissonExactMeanMax = 60;

uint64_t split_mix(uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

}  // namespace

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) word = split_mix(seed);
}

Random Random::fork(std::string_view name) const {
  // Reads the state and leaves it alone, so forks don't depend on each other's order.
  const uint64_t mine =
      state_[0] ^ std::rotl(state_[1], 16) ^ std::rotl(state_[2], 32) ^ std::rotl(state_[3], 48);
  return Random(mine ^ xxh64(name));
}

uint64_t Random::next() {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

uint64_t Random::below(uint64_t bound) {
  CHECK(bound > 0);
  // Numbers under the threshold would make the low remainders likelier; draw again.
  const uint64_t threshold = (0 - bound) % bound;
  for (;;) {
    const uint64_t drawn = next();
    if (drawn >= threshold) return drawn % bound;
  }
}

int64_t Random::between(int64_t low, int64_t high) {
  CHECK(low <= high);
  const uint64_t width = static_cast<uint64_t>(high) - static_cast<uint64_t>(low);
  const uint64_t offset = width == UINT64_MAX ? next() : below(width + 1);
  return static_cast<int64_t>(static_cast<uint64_t>(low) + offset);
}

double Random::uniform() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

double Random::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(kTwoPi * uniform());
}

double Random::exponential(double mean) {
  return -mean * std::log(1.0 - uniform());
}

uint64_t Random::poisson(double mean) {
  if (!(mean > 0)) return 0;
  if (mean > kPoissonExactMeanMax) {
    const double drawn = std::round(mean + std::sqrt(mean) * normal());
    return drawn > 0 ? static_cast<uint64_t>(drawn) : 0;
  }
  // Knuth: count how many uniforms it takes until their product falls below e^-mean.
  const double limit = std::exp(-mean);
  uint64_t count = 0;
  for (double product = uniform(); product > limit; product *= uniform()) ++count;
  return count;
}

}  // namespace promenade
