// engine/model/histogram_combine.cc
// Addition, subtraction and reset detection: all bring two histograms to one layout first, the
// coarser schema, the wider zero bucket, the common custom bounds. After Prometheus's
// model/histogram/float_histogram.go.
#include <algorithm>

#include "model/histogram.h"
#include "model/histogram_layout.h"

namespace promenade {
namespace {

// An exponential histogram taken apart.
struct Parts {
  int32_t schema;
  double zero_threshold;
  double zero_count;
  BucketList positive;
  BucketList negative;

  explicit Parts(const FloatHistogram& histogram)
      : schema(histogram.schema),
        zero_threshold(histogram.zero_threshold),
        zero_count(histogram.zero_count),
        positive(to_list(histogram.positive_spans, histogram.positive_buckets)),
        negative(to_list(histogram.negative_spans, histogram.negative_buckets)) {}
};

// The first bucket bound at or above `threshold` that does not cut a populated bucket.
double raise_above_cut(const BucketList& list, int32_t schema, double threshold) {
  for (const IndexedCount& bucket : list) {
    const double upper = exponential_bound(bucket.index, schema);
    const bool is_cut =
        exponential_bound(bucket.index - 1, schema) < threshold && upper > threshold;
    if (is_cut && bucket.count != 0) return upper;
  }
  return threshold;
}

// Where a zero bucket of at least `threshold` may end.
double zero_threshold_for(const Parts& parts, double threshold) {
  while (true) {
    const double raised = raise_above_cut(parts.negative, parts.schema,
                                          raise_above_cut(parts.positive, parts.schema, threshold));
    if (raised == threshold) return threshold;
    threshold = raised;
  }
}

double absorb(BucketList& list, int32_t schema, double threshold) {
  double absorbed = 0;
  for (const IndexedCount& bucket : list) {
    if (exponential_bound(bucket.index, schema) <= threshold) absorbed += bucket.count;
  }
  drop_within(list, schema, threshold);
  return absorbed;
}

// Widens the zero bucket to `threshold`, which must not cut a populated bucket.
void widen_zero_bucket(Parts& parts, double threshold) {
  if (threshold == parts.zero_threshold) return;
  parts.zero_count += absorb(parts.positive, parts.schema, threshold);
  parts.zero_count += absorb(parts.negative, parts.schema, threshold);
  parts.zero_threshold = threshold;
}

void reconcile_zero_buckets(Parts& a, Parts& b) {
  while (a.zero_threshold != b.zero_threshold) {
    Parts& narrower = a.zero_threshold < b.zero_threshold ? a : b;
    const double wider = std::max(a.zero_threshold, b.zero_threshold);
    widen_zero_bucket(narrower, zero_threshold_for(narrower, wider));
  }
}

void reconcile_schemas(Parts& a, Parts& b) {
  const int32_t schema = std::min(a.schema, b.schema);
  for (Parts* parts : {&a, &b}) {
    parts->positive = at_schema(parts->positive, parts->schema, schema);
    parts->negative = at_schema(parts->negative, parts->schema, schema);
    parts->schema = schema;
  }
}

void combine_exponential(FloatHistogram& target, const FloatHistogram& other, double factor) {
  Parts a(target);
  Parts b(other);
  reconcile_zero_buckets(a, b);
  reconcile_schemas(a, b);
  target.schema = a.schema;
  target.zero_threshold = a.zero_threshold;
  target.zero_count = a.zero_count + factor * b.zero_count;
  from_list(combine(a.positive, b.positive, factor), 0, target.positive_spans,
            target.positive_buckets);
  from_list(combine(a.negative, b.negative, factor), 0, target.negative_spans,
            target.negative_buckets);
}

// Returns whether the bounds differed.
bool combine_custom(FloatHistogram& target, const FloatHistogram& other, double factor) {
  BucketList a = to_list(target.positive_spans, target.positive_buckets);
  BucketList b = to_list(other.positive_spans, other.positive_buckets);
  const bool differ = target.custom_values != other.custom_values;
  if (differ) {
    const std::vector<double> bounds = common_bounds(target.custom_values, other.custom_values);
    a = at_bounds(a, target.custom_values, bounds);
    b = at_bounds(b, other.custom_values, bounds);
    target.custom_values = bounds;
  }
  from_list(combine(a, b, factor), 0, target.positive_spans, target.positive_buckets);
  return differ;
}

// The hint of a combination. Returns whether a reset met its opposite.
bool settle_hint(CounterResetHint& hint, CounterResetHint other) {
  if (hint == other || hint == CounterResetHint::Gauge) return false;
  if (other == CounterResetHint::Gauge) {
    hint = CounterResetHint::Gauge;
    return false;
  }
  const bool collision = hint != CounterResetHint::Unknown && other != CounterResetHint::Unknown;
  hint = CounterResetHint::Unknown;
  return collision;
}

Result<FloatHistogram::CombineNotes> combine_histograms(FloatHistogram& target,
                                                        const FloatHistogram& other,
                                                        double factor) {
  if (target.uses_custom_buckets() != other.uses_custom_buckets()) {
    return fail(ErrorCode::Execution,
                "cannot combine a histogram of exponential buckets with one of custom buckets");
  }
  FloatHistogram::CombineNotes notes;
  notes.counter_reset_collision = settle_hint(target.counter_reset_hint, other.counter_reset_hint);
  if (target.uses_custom_buckets()) {
    notes.custom_bounds_reconciled = combine_custom(target, other, factor);
  } else {
    combine_exponential(target, other, factor);
  }
  target.count += factor * other.count;
  target.sum += factor * other.sum;
  return notes;
}

bool has_custom_reset(const FloatHistogram& current, const FloatHistogram& previous) {
  const std::vector<double> bounds = common_bounds(current.custom_values, previous.custom_values);
  const auto at_common = [&](const FloatHistogram& histogram) {
    return at_bounds(to_list(histogram.positive_spans, histogram.positive_buckets),
                     histogram.custom_values, bounds);
  };
  return has_decreased(at_common(previous), at_common(current));
}

bool has_exponential_reset(const FloatHistogram& current, const FloatHistogram& previous) {
  if (current.schema > previous.schema || current.zero_threshold < previous.zero_threshold) {
    return true;
  }
  Parts now(current);
  Parts before(previous);
  if (zero_threshold_for(before, now.zero_threshold) != now.zero_threshold) return true;
  widen_zero_bucket(before, now.zero_threshold);
  if (now.zero_count < before.zero_count) return true;
  reconcile_schemas(now, before);
  return has_decreased(before.positive, now.positive) ||
         has_decreased(before.negative, now.negative);
}

}  // namespace

Result<FloatHistogram::CombineNotes> FloatHistogram::add(const FloatHistogram& other) {
  return combine_histograms(*this, other, 1);
}

Result<FloatHistogram::CombineNotes> FloatHistogram::subtract(const FloatHistogram& other) {
  return combine_histograms(*this, other, -1);
}

bool FloatHistogram::detect_reset(const FloatHistogram& previous) const {
  if (counter_reset_hint == CounterResetHint::Reset) return true;
  if (counter_reset_hint == CounterResetHint::NotReset) return false;
  if (count < previous.count || uses_custom_buckets() != previous.uses_custom_buckets())
    return true;
  return uses_custom_buckets() ? has_custom_reset(*this, previous)
                               : has_exponential_reset(*this, previous);
}

}  // namespace promenade
