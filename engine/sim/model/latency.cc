// engine/sim/model/latency.cc
// The arithmetic: shares by the distribution, and counts by systematic sampling.
#include "sim/model/latency.h"

#include <algorithm>
#include <cmath>

namespace promenade::sim {
namespace {

double whole_power(double base, uint64_t exponent) {
  double power = base;
  for (uint64_t i = 1; i < exponent; ++i) power *= base;
  return power;
}

}  // namespace

double share_below(double bound, double median, uint64_t shape) {
  if (!(median > 0)) return bound >= 0 ? 1 : 0;
  if (bound <= 0) return 0;
  const double power = whole_power(bound / median, shape);
  return power / (1 + power);
}

double latency_quantile(double share, double median, uint64_t shape) {
  // The shape'th root by bisection; sixty halvings are more than a double can tell apart.
  const double odds = share / (1 - share);
  double low = 0;
  double high = std::max(1.0, odds);
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (whole_power(middle, shape) < odds ? low : high) = middle;
  }
  return median * (low + high) / 2;
}

uint64_t dealt_below(uint64_t count, double share, double u) {
  const auto dealt = static_cast<uint64_t>(static_cast<double>(count) * share + u);
  return std::min(dealt, count);
}

double deal_latencies(uint64_t count, double median, uint64_t shape, std::span<const double> bounds,
                      Random& random, std::span<double> cells) {
  if (count == 0) return 0;
  const double u = random.uniform();
  // Where in its bucket the average value of this tick lies.
  const double position = 0.3 + 0.3 * random.uniform();
  uint64_t dealt = 0;
  double sum = 0;
  double lower = 0;
  for (size_t i = 0; i <= bounds.size(); ++i) {
    const bool is_last = i == bounds.size();
    const double upper = is_last ? std::max(lower, median) * 1.5 : bounds[i];
    // Where all are dealt, as in most of the upper buckets, nothing is left to compute.
    const uint64_t upto =
        is_last || dealt == count
            ? count
            : std::max(dealt, dealt_below(count, share_below(upper, median, shape), u));
    sum += static_cast<double>(upto - dealt) * (lower + (upper - lower) * position);
    cells[i] += static_cast<double>(upto);
    dealt = upto;
    lower = upper;
  }
  const double millionths = std::floor(sum * 1e6);
  cells[bounds.size() + 1] += millionths;
  return millionths / 1e6;
}

}  // namespace promenade::sim
