// After HistogramQuantile and HistogramFraction in promql/quantile.go.
#include "promql/functions/native_histograms.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "promql/functions/quantile.h"
#include "promql/kernels/kahan.h"

namespace promenade::promql {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool spans_zero(const Bucket& bucket) {
  return bucket.lower <= 0 && bucket.upper >= 0;
}

// In a histogram with buckets on one side of zero only, the zero bucket is taken to lie on that
// side as well.
void narrow_zero_bucket(const FloatHistogram& histogram, Bucket& bucket) {
  if (histogram.negative_buckets.empty() && !histogram.positive_buckets.empty()) {
    bucket.lower = 0;
  } else if (histogram.positive_buckets.empty() && !histogram.negative_buckets.empty()) {
    bucket.upper = 0;
  }
}

// Where in the bucket, from 0 at its lower bound to 1 at its upper one, `value` lies.
double fraction_below(const Bucket& bucket, double value, bool is_linear) {
  if (is_linear) return (value - bucket.lower) / (bucket.upper - bucket.lower);
  const double lower = std::log2(std::abs(bucket.lower));
  const double upper = std::log2(std::abs(bucket.upper));
  const double at = std::log2(std::abs(value));
  return value > 0 ? (at - lower) / (upper - lower) : 1 - (at - upper) / (lower - upper);
}

// The inverse.
double value_at(const Bucket& bucket, double fraction, bool is_linear) {
  if (is_linear) return bucket.lower + (bucket.upper - bucket.lower) * fraction;
  const double lower = std::log2(std::abs(bucket.lower));
  const double upper = std::log2(std::abs(bucket.upper));
  if (bucket.lower > 0) return std::exp2(lower + (upper - lower) * fraction);
  return -std::exp2(upper + (lower - upper) * (1 - fraction));
}

double total_count(const std::vector<Bucket>& buckets) {
  double total = 0;
  for (const Bucket& bucket : buckets) total += bucket.count;
  return total;
}

// The bucket that the observation of a rank is in, and how many are in it and those before it.
struct RankedBucket {
  Bucket bucket;
  double count;
};

template <typename Iterator>
RankedBucket find_rank(Iterator begin, Iterator end, double rank) {
  RankedBucket found{};
  for (; begin != end; ++begin) {
    found.bucket = *begin;
    if (begin->count == 0) continue;
    found.count += begin->count;
    if (found.count >= rank) break;
  }
  return found;
}

}  // namespace

HistogramReading native_quantile(double q, const FloatHistogram& histogram) {
  if (is_invalid_quantile(q)) return {value_of_invalid_quantile(q)};
  if (histogram.count == 0) return {normal_nan()};

  const bool has_nan_sum = std::isnan(histogram.sum);
  // From the nearer end, where the counts that add up are smaller; but NaNs count as the highest
  // observations, which leaves only the lower end to count from.
  const bool ascending = has_nan_sum || q < 0.5;
  const double rank = (ascending ? q : 1 - q) * histogram.count;
  const std::vector<Bucket> buckets = histogram.buckets();
  auto [bucket, count] = ascending ? find_rank(buckets.begin(), buckets.end(), rank)
                                   : find_rank(buckets.rbegin(), buckets.rend(), rank);
  if (histogram.uses_custom_buckets()) {
    if (bucket.lower == -kInfinity) {
      if (bucket.upper <= 0) return {bucket.upper};
      bucket.lower = 0;
    } else if (bucket.upper == kInfinity) {
      return {bucket.lower};
    }
  } else if (bucket.lower < 0 && bucket.upper > 0) {
    narrow_zero_bucket(histogram, bucket);
  }
  count = std::min(count, histogram.count);  // Rounding may have taken it beyond.
  if (count < rank) {
    if (has_nan_sum) return {normal_nan(), NanRemark::ResultIsNan};
    return {bucket.upper};
  }
  const double rank_in_bucket = ascending ? rank - (count - bucket.count) : count - rank;
  // A sum may also be NaN from infinities of both signs; only observations outside of all buckets
  // tell.
  const bool has_nans = has_nan_sum && total_count(buckets) < histogram.count;
  const bool is_linear = histogram.uses_custom_buckets() || spans_zero(bucket);
  return {value_at(bucket, rank_in_bucket / bucket.count, is_linear),
          has_nans ? NanRemark::SkewedHigher : NanRemark::None};
}

namespace {

// Walks up the buckets and finds how many observations lie below a bound.
class RankBelow {
 public:
  explicit RankBelow(double bound) : bound_(bound) {}

  // `before` observations lie below the bucket.
  void visit(const Bucket& bucket, double before, bool is_linear) {
    if (found_) return;
    if (bucket.lower >= bound_) {
      found_ = true;
      rank_ = before;
    } else if (bucket.upper > bound_) {
      found_ = true;
      // Nothing is known about where in an infinitely wide bucket observations are: those in the
      // lowest are taken to lie below the bound, those in the highest above it.
      rank_ = bucket.lower == -kInfinity
                  ? bucket.count
                  : before + bucket.count * fraction_below(bucket, bound_, is_linear);
    }
  }
  double rank(double total) const { return found_ ? std::min(rank_, total) : total; }

 private:
  double bound_;
  bool found_ = false;
  double rank_ = 0;
};

}  // namespace

HistogramReading native_fraction(double lower, double upper, const FloatHistogram& histogram) {
  if (histogram.count == 0 || std::isnan(lower) || std::isnan(upper)) return {normal_nan()};
  if (lower >= upper) return {0};

  RankBelow below_lower(lower);
  RankBelow below_upper(upper);
  double before = 0;
  for (Bucket bucket : histogram.buckets()) {
    const bool is_linear = histogram.uses_custom_buckets() || spans_zero(bucket);
    if (spans_zero(bucket)) narrow_zero_bucket(histogram, bucket);
    below_lower.visit(bucket, before, is_linear);
    below_upper.visit(bucket, before, is_linear);
    before += bucket.count;
  }
  const bool has_nan_sum = std::isnan(histogram.sum);
  const double total = has_nan_sum ? before : histogram.count;
  const bool has_nans = has_nan_sum && total < histogram.count;
  return {(below_upper.rank(total) - below_lower.rank(total)) / histogram.count,
          has_nans ? NanRemark::Excluded : NanRemark::None};
}

double native_variance(const FloatHistogram& histogram) {
  const double mean = histogram.sum / histogram.count;
  KahanSum squares;
  for (const Bucket& bucket : histogram.buckets()) {
    if (bucket.count == 0) continue;
    double representative = 0;
    if (histogram.uses_custom_buckets()) {
      representative = (bucket.upper + bucket.lower) / 2;
    } else if (!spans_zero(bucket)) {
      representative = std::copysign(std::sqrt(bucket.upper * bucket.lower), bucket.upper);
    }
    const double distance = representative - mean;
    squares.add(bucket.count * distance * distance);
  }
  return squares.total() / histogram.count;
}

}  // namespace promenade::promql
