// Values between samples: on the straight line from one to the next.
#include "promql/evaluator/extended_range.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "model/histogram.h"
#include "promql/annotation_texts.h"
#include "promql/evaluator/range_vector.h"

namespace promenade::promql {
namespace {

// How far `time_ms` is on the way from one time to the next, from 0 to 1.
double share_of_way(int64_t from_ms, int64_t to_ms, int64_t time_ms) {
  return static_cast<double>(time_ms - from_ms) / static_cast<double>(to_ms - from_ms);
}

struct FloatSamples {
  std::span<const int64_t> times_ms;
  std::span<const double> values;

  // Between samples i and i + 1. Without knowing whether this is a counter, a fall is just a fall.
  double between(size_t i, int64_t time_ms) const {
    return values[i] +
           (values[i + 1] - values[i]) * share_of_way(times_ms[i], times_ms[i + 1], time_ms);
  }
};

void smooth_floats(const FloatSamples& samples, int64_t time_ms, Row& out, size_t step) {
  const auto found = std::lower_bound(samples.times_ms.begin(), samples.times_ms.end(), time_ms);
  const auto next = static_cast<size_t>(found - samples.times_ms.begin());
  if (next < samples.values.size() && *found == time_ms) {
    out.values[step] = samples.values[next];
  } else if (next > 0 && next < samples.values.size()) {
    out.values[step] = samples.between(next - 1, time_ms);
  } else if (next > 0) {
    out.values[step] = samples.values[next - 1];
  }
}

// Where remarks about one series go.
struct Remarks {
  Annotations& annotations;
  std::string_view metric_name;
  SourceSpan span;
};

// Notes what combining two histograms had to do; false when it could not be done.
bool note(const Result<FloatHistogram::CombineNotes>& notes, std::string_view operation,
          const Remarks& remarks) {
  if (!notes) {
    remarks.annotations.warn(mixed_bucket_layouts(remarks.metric_name), remarks.span);
    return false;
  }
  if (notes->custom_bounds_reconciled) {
    remarks.annotations.info(custom_buckets_reconciled(operation), remarks.span);
  }
  return true;
}

// A counter that was reset in between is taken to have started again from nothing.
HistogramPtr between(const HistogramSample& before, const HistogramSample& after, int64_t time_ms,
                     const Remarks& remarks) {
  if (before.histogram->uses_custom_buckets() != after.histogram->uses_custom_buckets()) {
    remarks.annotations.warn(mixed_bucket_layouts(remarks.metric_name), remarks.span);
    return nullptr;
  }
  const bool is_counter = before.histogram->counter_reset_hint != CounterResetHint::Gauge ||
                          after.histogram->counter_reset_hint != CounterResetHint::Gauge;
  const double share = share_of_way(before.time_ms, after.time_ms, time_ms);
  auto result = std::make_shared<FloatHistogram>(*after.histogram);
  if (is_counter && after.histogram->detect_reset(*before.histogram)) {
    result->multiply(share);
    return result;
  }
  if (!note(result->subtract(*before.histogram), "subtraction", remarks)) return nullptr;
  result->multiply(share);
  if (!note(result->add(*before.histogram), "addition", remarks)) return nullptr;
  return result;
}

void smooth_histograms(std::span<const HistogramSample> samples, int64_t time_ms,
                       const Remarks& remarks, Row& out, size_t step) {
  size_t next = 0;
  while (next < samples.size() && samples[next].time_ms < time_ms) ++next;
  if (next < samples.size() && samples[next].time_ms == time_ms) {
    out.set_histogram(step, samples[next].histogram);
  } else if (next > 0 && next < samples.size()) {
    if (HistogramPtr result = between(samples[next - 1], samples[next], time_ms, remarks)) {
      out.set_histogram(step, std::move(result));
    }
  } else if (next > 0) {
    // The hint was about the sample before it, not about the value that is carried on.
    auto carried = std::make_shared<FloatHistogram>(*samples[next - 1].histogram);
    carried->counter_reset_hint = CounterResetHint::Unknown;
    out.set_histogram(step, std::move(carried));
  }
}

}  // namespace

void look_up_smoothed(const EvaluationContext& context, RowScratch& scratch, const LookupPlan& plan,
                      std::string_view metric_name, SourceSpan span, Row& out,
                      Annotations& annotations) {
  WindowPlan around;
  around.grid = plan.grid;
  around.shift = plan.shift;
  around.before_ms = context.options.lookback.ms;
  around.after_ms = context.options.lookback.ms;
  remove_stale_markers(scratch.samples);
  const RangeWindows windows = slide_windows(context, around, scratch);
  const Remarks remarks{annotations, metric_name, span};
  for (size_t step = 0; step < plan.grid.count; ++step) {
    const int64_t time_ms = plan.shift.reference_ms(plan.grid.time_ms(step));
    const FloatSamples floats{windows.window_times(step), windows.window_values(step)};
    const auto histograms = windows.window_histograms(step);
    if (!floats.values.empty() && !histograms.empty()) {
      annotations.warn(mixed_floats_histograms(metric_name), span);
    } else if (!histograms.empty()) {
      smooth_histograms(histograms, time_ms, remarks, out, step);
    } else {
      smooth_floats(floats, time_ms, out, step);
    }
  }
}

std::vector<Point> points_with_edges(std::span<const int64_t> times_ms,
                                     std::span<const double> values, int64_t start_ms,
                                     int64_t end_ms, RangeEdges edges) {
  const FloatSamples samples{times_ms, values};
  const bool is_smoothed = edges == RangeEdges::Smoothed;
  if (times_ms.empty()) return {};
  // The last sample at or before the start, else the first; the last one, or, smoothed, the first
  // at or after the end.
  size_t first = 0;
  while (first + 1 < times_ms.size() && times_ms[first + 1] <= start_ms) ++first;
  size_t last = times_ms.size() - 1;
  while (is_smoothed && last > 0 && times_ms[last - 1] >= end_ms) --last;
  if (times_ms[last] <= start_ms) return {};

  const bool cuts_left = is_smoothed && times_ms[first] < start_ms;
  const bool cuts_right = is_smoothed && last > 0 && times_ms[last] > end_ms;
  std::vector<Point> points;
  points.push_back(
      {start_ms, cuts_left ? samples.between(first, start_ms) : values[first], nullptr});
  for (size_t i = first; i <= last; ++i) {
    if (start_ms < times_ms[i] && times_ms[i] < end_ms) {
      points.push_back({times_ms[i], values[i], nullptr});
    }
  }
  points.push_back(
      {end_ms, cuts_right ? samples.between(last - 1, end_ms) : values[last], nullptr});
  return points;
}

}  // namespace promenade::promql
