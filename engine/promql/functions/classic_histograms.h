#pragma once  // engine/promql/classic_histograms.h
// What histogram_quantile() and histogram_fraction() read out of one classic histogram: cumulative
// counts at upper bounds, in ascending order of these.
#include <vector>

namespace promenade::promql {

struct ClassicBucket {
  double upper_bound;
  double count;
};
using ClassicBuckets = std::vector<ClassicBucket>;

// Makes one bucket of those with the same bound. Afterwards there is at least one left if there
// was.
void merge_equal_bounds(ClassicBuckets& buckets);

// Counts that decrease from one bucket to the next can't be; they are set to the one before. So
// are those that differ by rounding errors only, which is not worth a remark.
struct MonotonicityFix {
  bool was_needed = false;
  double lowest_bound = 0;
  double highest_bound = 0;
  double largest_difference = 0;
};
MonotonicityFix make_monotonic(ClassicBuckets& buckets);

// Of merged, monotonic buckets. NaN when the last bound is not +Inf, for fewer than two buckets, or
// without observations; q must be in [0, 1].
double classic_quantile(double q, const ClassicBuckets& buckets);
// Of merged buckets. NaN as above, and for a NaN bound.
double classic_fraction(double lower, double upper, const ClassicBuckets& buckets);

}  // namespace promenade::promql
