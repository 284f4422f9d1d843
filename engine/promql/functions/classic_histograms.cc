// After BucketQuantile and BucketFraction in promql/quantile.go.
#include "promql/functions/classic_histograms.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/sample.h"

namespace promenade::promql {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Whether two counts differ by rounding errors only.
bool almost_equal(double a, double b) {
  constexpr double kTolerance = 1e-12;
  constexpr double kSmallestNormal = std::numeric_limits<double>::min();
  const double sum = std::abs(a) + std::abs(b);
  const double difference = std::abs(a - b);
  if (a == 0 || b == 0 || sum < kSmallestNormal) return difference < kTolerance * kSmallestNormal;
  return difference / std::min(sum, std::numeric_limits<double>::max()) < kTolerance;
}

}  // namespace

void merge_equal_bounds(ClassicBuckets& buckets) {
  size_t kept = 0;
  for (size_t i = 1; i < buckets.size(); ++i) {
    if (buckets[i].upper_bound == buckets[kept].upper_bound) {
      buckets[kept].count += buckets[i].count;
    } else {
      buckets[++kept] = buckets[i];
    }
  }
  if (!buckets.empty()) buckets.resize(kept + 1);
}

MonotonicityFix make_monotonic(ClassicBuckets& buckets) {
  MonotonicityFix fix{false, kInfinity, -kInfinity, 0};
  for (size_t i = 1; i < buckets.size(); ++i) {
    const double previous = buckets[i - 1].count;
    const double count = buckets[i].count;
    if (count == previous) continue;
    if (almost_equal(previous, count)) {
      buckets[i].count = previous;
    } else if (count < previous) {
      buckets[i].count = previous;
      fix.was_needed = true;
      fix.lowest_bound = std::min(fix.lowest_bound, buckets[i].upper_bound);
      fix.highest_bound = std::max(fix.highest_bound, buckets[i].upper_bound);
      fix.largest_difference = std::max(fix.largest_difference, previous - count);
    }
  }
  return fix;
}

double classic_quantile(double q, const ClassicBuckets& buckets) {
  if (buckets.size() < 2 || buckets.back().upper_bound != kInfinity) return normal_nan();
  if (buckets.back().count == 0) return normal_nan();
  double rank = q * buckets.back().count;
  const auto last = buckets.end() - 1;
  const auto found = std::find_if(
      buckets.begin(), last, [rank](const ClassicBucket& bucket) { return bucket.count >= rank; });
  if (found == last) return (last - 1)->upper_bound;
  if (found == buckets.begin() && found->upper_bound <= 0) return found->upper_bound;
  double lower_bound = 0;
  double count = found->count;
  if (found != buckets.begin()) {
    lower_bound = (found - 1)->upper_bound;
    count -= (found - 1)->count;
    rank -= (found - 1)->count;
  }
  return lower_bound + (found->upper_bound - lower_bound) * (rank / count);
}

namespace {

// How many observations lie below `bound`.
double rank_below(double bound, const ClassicBuckets& buckets) {
  double before = 0;
  double lower_bound = buckets[0].upper_bound <= 0 ? -kInfinity : 0;
  for (const ClassicBucket& bucket : buckets) {
    if (lower_bound >= bound) return before;
    if (bucket.upper_bound > bound) {
      // Where in an infinitely wide bucket observations are is not known: those of the lowest are
      // taken to lie below the bound, those of the highest above it.
      if (lower_bound == -kInfinity) return bucket.count;
      return before +
             (bucket.count - before) * (bound - lower_bound) / (bucket.upper_bound - lower_bound);
    }
    before = bucket.count;
    lower_bound = bucket.upper_bound;
  }
  return buckets.back().count;
}

}  // namespace

double classic_fraction(double lower, double upper, const ClassicBuckets& buckets) {
  if (buckets.empty() || buckets.back().upper_bound != kInfinity) return normal_nan();
  const double total = buckets.back().count;
  if (total == 0 || std::isnan(lower) || std::isnan(upper)) return normal_nan();
  if (lower >= upper) return 0;
  return (std::min(rank_below(upper, buckets), total) -
          std::min(rank_below(lower, buckets), total)) /
         total;
}

}  // namespace promenade::promql
