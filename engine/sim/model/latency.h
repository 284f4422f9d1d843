#pragma once  // engine/sim/model/latency.h
// Latencies follow a log-logistic distribution, F(x) = r^k / (1 + r^k) with r = x / median: it has
// the long right tail of real services, and whole k need no pow(), so it is the same everywhere.
#include <cstdint>
#include <span>

#include "base/random.h"

namespace promenade::sim {

// The share of values that are at most `bound`.
double share_below(double bound, double median, uint64_t shape);
// The value below which `share` of all lie; 0 < share < 1.
double latency_quantile(double share, double median, uint64_t shape);

// How many of `count` fall below the quantile `share`, for the offset `u` in [0, 1): systematic
// sampling. Totals stay exact, it costs one random number however many there are, and it is right
// on average even when count * share is far below one.
uint64_t dealt_below(uint64_t count, double share, double u);

// Deals `count` values out to buckets: adds to cells[i] those up to bounds[i], to the next cell
// all, and to the one after that their sum in millionths. Returns the sum.
double deal_latencies(uint64_t count, double median, uint64_t shape, std::span<const double> bounds,
                      Random& random, std::span<double> cells);

}  // namespace promenade::sim
