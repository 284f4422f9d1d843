// Count and sum of what is left are estimated from the buckets, but only when something was cut
// off.
#include "promql/functions/histogram_trim.h"

#include <cmath>
#include <limits>
#include <utility>

namespace promenade::promql {
namespace {

enum class Keep { Below, Above };
enum class Interpolation { Linear, Exponential };

struct Kept {
  double count;
  double midpoint;  // What each observation left is taken to be, for the sum.
};

double zero_if_infinite(double value) {
  return std::isinf(value) ? 0 : value;
}

// Where the observations between two bounds lie in the middle.
double midpoint(double lower, double upper, Interpolation interpolation, double sign) {
  if (std::isinf(lower)) {
    if (std::isinf(upper)) return 0;
    return upper > 0 ? upper / 2 : upper;
  }
  if (std::isinf(upper)) return lower;
  if (interpolation == Interpolation::Linear) return (lower + upper) / 2;
  return sign * std::sqrt(std::abs(lower * upper));
}

// The share of a bucket's observations at or below `limit`, which lies inside it.
double share_below(const Bucket& bucket, double limit, Interpolation interpolation) {
  if (interpolation == Interpolation::Linear) {
    return (limit - bucket.lower) / (bucket.upper - bucket.lower);
  }
  const double log_lower = std::log2(std::abs(bucket.lower));
  const double log_upper = std::log2(std::abs(bucket.upper));
  const double log_limit = std::log2(std::abs(limit));
  if (limit > 0) return (log_limit - log_lower) / (log_upper - log_lower);
  return 1 - (log_limit - log_upper) / (log_lower - log_upper);
}

// The first custom bucket, from -Inf. With a positive bound it is taken to start at 0; else nothing
// is known of where its observations lie.
Kept cut_lowest(const Bucket& bucket, double limit, Keep keep) {
  const bool starts_at_zero = bucket.upper > 0 && !std::isinf(bucket.upper);
  if (keep == Keep::Below) {
    if (starts_at_zero && limit > 0) return {bucket.count * limit / bucket.upper, limit / 2};
    if (bucket.upper <= 0) return {bucket.count, limit};
  } else if (starts_at_zero && limit >= 0) {
    return {bucket.count * (1 - limit / bucket.upper), (limit + bucket.upper) / 2};
  }
  return {0, zero_if_infinite(bucket.upper)};
}

// The last custom bucket, to +Inf: its observations may be anywhere above its lower bound.
Kept cut_highest(const Bucket& bucket, double limit, Keep keep) {
  if (keep == Keep::Above && limit >= bucket.lower) return {bucket.count, limit};
  return {0, zero_if_infinite(bucket.lower)};
}

Kept cut(const Bucket& bucket, double limit, Keep keep, Interpolation interpolation, double sign) {
  if (std::isinf(bucket.lower)) return cut_lowest(bucket, limit, keep);
  if (std::isinf(bucket.upper)) return cut_highest(bucket, limit, keep);
  const double below = bucket.count * share_below(bucket, limit, interpolation);
  if (keep == Keep::Below) {
    return {below, midpoint(bucket.lower, limit, interpolation, sign)};
  }
  return {bucket.count - below, midpoint(limit, bucket.upper, interpolation, sign)};
}

Kept kept_of(const Bucket& bucket, double limit, Keep keep, Interpolation interpolation,
             double sign) {
  const bool is_whole = keep == Keep::Below ? bucket.upper <= limit : bucket.lower >= limit;
  if (is_whole) {
    return {bucket.count, midpoint(bucket.lower, bucket.upper, interpolation, sign)};
  }
  const bool is_cut = keep == Keep::Below ? bucket.lower < limit : bucket.upper > limit;
  if (!is_cut) return {0, 0};
  return cut(bucket, limit, keep, interpolation, sign);
}

// Counts what is left over while the buckets are gone through.
class Trimmer {
 public:
  Trimmer(FloatHistogram& histogram, double limit, Keep keep)
      : histogram_(histogram), limit_(limit), keep_(keep) {}

  void trim() {
    const Interpolation interpolation =
        histogram_.uses_custom_buckets() ? Interpolation::Linear : Interpolation::Exponential;
    const bool has_positive =
        trim_side(histogram_.positive_spans, histogram_.positive_buckets, interpolation, 1);
    const bool has_negative =
        trim_side(histogram_.negative_spans, histogram_.negative_buckets, interpolation, -1);
    if (histogram_.zero_count > 0) trim_zero_bucket(has_positive, has_negative);
    if (!is_changed_) return;
    histogram_.count = count_;
    histogram_.sum = sum_;
    histogram_.compact();
  }

 private:
  // Returns whether any of the buckets was populated.
  bool trim_side(const std::vector<BucketSpan>& spans, std::vector<double>& counts,
                 Interpolation interpolation, double sign) {
    bool is_populated = false;
    int32_t index = 0;
    size_t next = 0;
    for (const BucketSpan& span : spans) {
      index += span.offset;
      for (uint32_t i = 0; i < span.length; ++i, ++index, ++next) {
        if (counts[next] == 0) continue;
        is_populated = true;
        const Bucket bucket = bucket_at(index, counts[next], sign);
        counts[next] = keep_part(counts[next], kept_of(bucket, limit_, keep_, interpolation, sign));
      }
    }
    return is_populated;
  }

  // Narrower when there are observations on one side of zero only.
  void trim_zero_bucket(bool has_positive, bool has_negative) {
    const double lower = has_positive && !has_negative ? 0 : -histogram_.zero_threshold;
    const double upper = has_negative && !has_positive ? 0 : histogram_.zero_threshold;
    const Bucket bucket{lower, upper, true, true, histogram_.zero_count, 0};
    const bool is_outside = keep_ == Keep::Below ? limit_ <= lower : limit_ >= upper;
    const Kept kept =
        is_outside ? Kept{0, 0} : kept_of(bucket, limit_, keep_, Interpolation::Linear, 1);
    histogram_.zero_count = keep_part(histogram_.zero_count, kept);
  }

  double keep_part(double count, const Kept& kept) {
    count_ += kept.count;
    sum_ += kept.midpoint * kept.count;
    if (kept.count != count) is_changed_ = true;
    return kept.count;
  }

  Bucket bucket_at(int32_t index, double count, double sign) const {
    if (histogram_.uses_custom_buckets()) {
      const auto& bounds = histogram_.custom_values;
      const auto upper = static_cast<size_t>(index);
      return {index == 0 ? -INFINITY : bounds[upper - 1],
              upper < bounds.size() ? bounds[upper] : INFINITY,
              false,
              true,
              count,
              index};
    }
    const double outer = exponential_bound(index);
    const double inner = exponential_bound(index - 1);
    return sign > 0 ? Bucket{inner, outer, false, true, count, index}
                    : Bucket{-outer, -inner, true, false, count, index};
  }

  double exponential_bound(int32_t index) const {
    constexpr double kExponentMax = 1024;  // The last finite bucket ends at the largest double.
    const double exponent = std::ldexp(static_cast<double>(index), -histogram_.schema);
    return exponent == kExponentMax ? std::numeric_limits<double>::max() : std::exp2(exponent);
  }

  FloatHistogram& histogram_;
  double limit_;
  Keep keep_;
  double count_ = 0;
  double sum_ = 0;
  bool is_changed_ = false;
};

}  // namespace

FloatHistogram trim_upper(FloatHistogram histogram, double limit) {
  Trimmer(histogram, limit, Keep::Below).trim();
  return histogram;
}

FloatHistogram trim_lower(FloatHistogram histogram, double limit) {
  Trimmer(histogram, limit, Keep::Above).trim();
  return histogram;
}

}  // namespace promenade::promql
