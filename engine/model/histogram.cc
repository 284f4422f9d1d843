// engine/model/histogram.cc
// One histogram on its own: its buckets, its text, scaling, compaction. Combining two is in
// histogram_combine.cc.
#include "model/histogram.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "model/histogram_layout.h"
#include "model/number_format.h"

namespace promenade {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool same_bits(double a, double b) {
  return bit_cast<uint64_t>(a) == bit_cast<uint64_t>(b);
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return same_bits(x, y); });
}

// Bucket for bucket, so that the division into spans does not matter.
bool same_buckets(const BucketList& a, const BucketList& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const IndexedCount& x, const IndexedCount& y) {
                      return x.index == y.index && same_bits(x.count, y.count);
                    });
}

Bucket custom_bucket(const IndexedCount& entry, const std::vector<double>& bounds) {
  const auto bound = [&](int32_t index) {
    if (index < 0) return -kInfinity;
    return static_cast<size_t>(index) < bounds.size() ? bounds[static_cast<size_t>(index)]
                                                      : kInfinity;
  };
  return {
      bound(entry.index - 1), bound(entry.index), entry.index == 0, true, entry.count, entry.index};
}

Bucket positive_bucket(const IndexedCount& entry, int32_t schema) {
  return {exponential_bound(entry.index - 1, schema),
          exponential_bound(entry.index, schema),
          false,
          true,
          entry.count,
          entry.index};
}

Bucket mirrored(const Bucket& bucket) {
  return {-bucket.upper,          -bucket.lower, bucket.upper_inclusive,
          bucket.lower_inclusive, bucket.count,  bucket.index};
}

// The part of a positive bucket that the zero bucket does not cover.
Bucket outside_zero(Bucket bucket, double zero_threshold) {
  if (bucket.lower < zero_threshold && bucket.upper > zero_threshold) {
    bucket.lower = zero_threshold;
  }
  return bucket;
}

void append_bucket(std::string& out, const Bucket& bucket) {
  out += bucket.lower_inclusive ? ", [" : ", (";
  append_go_float(out, bucket.lower);
  out += ',';
  append_go_float(out, bucket.upper);
  out += bucket.upper_inclusive ? "]:" : "):";
  append_go_float(out, bucket.count);
}

void scale(std::vector<double>& counts, double factor) {
  for (double& count : counts) count *= factor;
}

}  // namespace

std::vector<Bucket> FloatHistogram::buckets() const {
  std::vector<Bucket> result;
  result.reserve(negative_buckets.size() + positive_buckets.size() + 1);
  const BucketList positive = to_list(positive_spans, positive_buckets);
  if (uses_custom_buckets()) {
    for (const IndexedCount& entry : positive)
      result.push_back(custom_bucket(entry, custom_values));
    return result;
  }
  const BucketList negative = to_list(negative_spans, negative_buckets);
  for (auto entry = negative.rbegin(); entry != negative.rend(); ++entry) {
    result.push_back(mirrored(outside_zero(positive_bucket(*entry, schema), zero_threshold)));
  }
  if (zero_count != 0) {
    result.push_back({-zero_threshold, zero_threshold, true, true, zero_count, 0});
  }
  for (const IndexedCount& entry : positive) {
    result.push_back(outside_zero(positive_bucket(entry, schema), zero_threshold));
  }
  return result;
}

void FloatHistogram::multiply(double factor) {
  zero_count *= factor;
  count *= factor;
  sum *= factor;
  scale(positive_buckets, factor);
  scale(negative_buckets, factor);
  if (factor < 0) counter_reset_hint = CounterResetHint::Gauge;
}

void FloatHistogram::divide(double divisor) {
  zero_count /= divisor;
  count /= divisor;
  sum /= divisor;
  if (divisor == 0) {
    positive_spans.clear();
    negative_spans.clear();
    positive_buckets.clear();
    negative_buckets.clear();
    return;
  }
  for (double& bucket : positive_buckets) bucket /= divisor;
  for (double& bucket : negative_buckets) bucket /= divisor;
  if (divisor < 0) counter_reset_hint = CounterResetHint::Gauge;
}

void FloatHistogram::compact(int empty_run_max) {
  from_list(to_list(positive_spans, positive_buckets), empty_run_max, positive_spans,
            positive_buckets);
  from_list(to_list(negative_spans, negative_buckets), empty_run_max, negative_spans,
            negative_buckets);
}

void FloatHistogram::reduce_schema(int32_t target) {
  if (uses_custom_buckets() || target >= schema) return;
  from_list(at_schema(to_list(positive_spans, positive_buckets), schema, target), 0, positive_spans,
            positive_buckets);
  from_list(at_schema(to_list(negative_spans, negative_buckets), schema, target), 0, negative_spans,
            negative_buckets);
  schema = target;
}

bool FloatHistogram::equals(const FloatHistogram& other) const {
  if (schema != other.schema || !same_bits(count, other.count) || !same_bits(sum, other.sum)) {
    return false;
  }
  if (uses_custom_buckets() && !same_bits(custom_values, other.custom_values)) return false;
  return zero_threshold == other.zero_threshold && same_bits(zero_count, other.zero_count) &&
         same_buckets(to_list(positive_spans, positive_buckets),
                      to_list(other.positive_spans, other.positive_buckets)) &&
         same_buckets(to_list(negative_spans, negative_buckets),
                      to_list(other.negative_spans, other.negative_buckets));
}

std::string FloatHistogram::to_string() const {
  std::string out = "{count:";
  append_go_float(out, count);
  out += ", sum:";
  append_go_float(out, sum);
  // The bounds are those of the layout, not cut at the zero bucket.
  FloatHistogram plain = *this;
  plain.zero_threshold = 0;
  for (Bucket bucket : plain.buckets()) {
    if (bucket.count == 0) continue;
    const bool is_zero_bucket =
        bucket.lower_inclusive && bucket.upper_inclusive && !uses_custom_buckets();
    if (is_zero_bucket) bucket = {-zero_threshold, zero_threshold, true, true, zero_count, 0};
    append_bucket(out, bucket);
  }
  return out + "}";
}

}  // namespace promenade
