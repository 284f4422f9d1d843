// engine/promql/explain/quantile_steps.cc
// The steps of classic_histograms.cc, and for native histograms the bucket that the result lies in.
#include "promql/explain/quantile_steps.h"

#include <cmath>
#include <limits>

#include "model/histogram.h"
#include "promql/evaluator/histogram_groups.h"
#include "promql/functions/functions.h"
#include "promql/functions/native_histograms.h"
#include "promql/functions/quantile.h"

namespace promenade::promql {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Where the steps end before any bucket is looked at.
bool ends_early(QuantileSteps& steps) {
  if (is_invalid_quantile(steps.quantile)) {
    steps.rule =
        "The quantile is not between 0 and 1, which gives this result for every histogram.";
    steps.result = value_of_invalid_quantile(steps.quantile);
    return true;
  }
  if (steps.total == 0) {
    steps.rule = "There are no observations, so no quantile either.";
    steps.result = normal_nan();
    return true;
  }
  return false;
}

void list_buckets(const ClassicBuckets& buckets, QuantileSteps& steps) {
  double lower = buckets.front().upper_bound <= 0 ? -kInfinity : 0;
  for (const ClassicBucket& bucket : buckets) {
    steps.buckets.push_back({lower, bucket.upper_bound, bucket.count});
    lower = bucket.upper_bound;
  }
}

// Names the bucket that the rank falls into and what is done there. The buckets are complete.
void read_bucket(QuantileSteps& steps) {
  const auto& buckets = steps.buckets;
  size_t index = 0;
  while (index + 1 < buckets.size() && !(buckets[index].cumulative >= steps.rank)) ++index;
  steps.bucket = index;
  const QuantileBucket& bucket = buckets[index];
  if (index + 1 == buckets.size()) {
    steps.rule =
        "The rank falls into the bucket without an upper bound, so the result is the highest bound "
        "there is: the true value is somewhere above it.";
    return;
  }
  if (index == 0 && bucket.upper <= 0) {
    steps.rule =
        "The rank falls into the lowest bucket, which has no lower bound, so the result is "
        "its upper bound.";
    return;
  }
  const double before = index == 0 ? 0 : buckets[index - 1].cumulative;
  steps.fraction = (steps.rank - before) / (bucket.cumulative - before);
  steps.rule = "Observations are taken to lie evenly between the bucket's bounds.";
}

void read_classic(ClassicBuckets buckets, QuantileSteps& steps) {
  merge_equal_bounds(buckets);
  steps.total = buckets.back().count;
  const bool is_complete = buckets.back().upper_bound == kInfinity;
  if (is_complete) {
    const MonotonicityFix fix = make_monotonic(buckets);
    if (fix.was_needed) steps.monotonicity_fix = fix.largest_difference;
    steps.total = buckets.back().count;
  }
  steps.rank = steps.quantile * steps.total;
  list_buckets(buckets, steps);
  if (is_invalid_quantile(steps.quantile)) {
    ends_early(steps);
    return;
  }
  steps.result = classic_quantile(steps.quantile, buckets);
  if (!is_complete) {
    steps.rule =
        "There is no bucket with le=\"+Inf\", so nobody knows how many observations there "
        "are in all.";
  } else if (buckets.size() < 2) {
    steps.rule = "A single bucket tells nothing about where the observations are.";
  } else if (!ends_early(steps)) {
    read_bucket(steps);
  }
}

void read_native(const FloatHistogram& histogram, QuantileSteps& steps) {
  steps.is_native = true;
  steps.total = histogram.count;
  steps.rank = steps.quantile * steps.total;
  double cumulative = 0;
  for (const Bucket& bucket : histogram.buckets()) {
    cumulative += bucket.count;
    if (bucket.count != 0) steps.buckets.push_back({bucket.lower, bucket.upper, cumulative});
  }
  if (ends_early(steps)) return;
  steps.result = native_quantile(steps.quantile, histogram).value;
  for (size_t i = 0; i < steps.buckets.size() && !steps.bucket; ++i) {
    const QuantileBucket& bucket = steps.buckets[i];
    if (bucket.lower <= steps.result && steps.result <= bucket.upper) steps.bucket = i;
  }
  steps.rule = histogram.uses_custom_buckets()
                   ? "Observations are taken to lie evenly between the bucket's bounds."
                   : "Observations are taken to lie evenly between the bucket's bounds on a "
                     "logarithmic scale, around zero on a linear one.";
}

}  // namespace

bool has_quantile_steps(const Expr& expr) {
  const auto* call = expr.as<Call>();
  return call && call->function->name == "histogram_quantile";
}

std::vector<QuantileSteps> quantile_steps(double quantile, const std::vector<Row>& rows,
                                          const ExplainOptions& options) {
  Annotations said_by_the_function;
  const HistogramGroups groups(rows, {}, false, said_by_the_function);
  std::vector<QuantileSteps> all;
  const auto add = [&](const Labels& labels) -> QuantileSteps& {
    QuantileSteps& steps = all.emplace_back();
    steps.labels = without_metric_name(labels);
    steps.quantile = quantile;
    return steps;
  };
  for (const auto& group : groups.native()) {
    const FloatHistogram* histogram = group.at(0);
    if (!histogram || all.size() == options.series_shown_max) continue;
    read_native(*histogram, add(group.row->labels));
  }
  ClassicBuckets buckets;
  for (const auto& group : groups.classic()) {
    group.buckets_at(0, buckets);
    if (buckets.empty() || all.size() == options.series_shown_max) continue;
    read_classic(buckets, add(group.labels));
  }
  return all;
}

}  // namespace promenade::promql
