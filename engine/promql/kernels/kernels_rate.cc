// rate(), increase() and delta(): the difference between the last and the first sample of a window,
// for counters with resets mended, extrapolated to the edges of the window
// (https://prometheus.io/docs/prometheus/latest/querying/functions/#rate, extrapolatedRate in
// promql/functions.go).
#include "promql/kernels/kernels_rate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "base/strings.h"
#include "promql/kernels/kernels.h"
#include "promql/kernels/running_sum.h"
#include "promql/kernels/sliding.h"

namespace promenade::promql::kernels {

double extrapolation_factor(const WindowShape& shape, double zero_fraction) {
  const double sampled = static_cast<double>(shape.last_ms - shape.first_ms) / 1000;
  double to_start = static_cast<double>(shape.first_ms - shape.start_ms) / 1000;
  double to_end = static_cast<double>(shape.end_ms - shape.last_ms) / 1000;
  const double interval = sampled / static_cast<double>(shape.sample_count - 1);
  // An edge within 1.1 sampling intervals is taken to be covered by the series. Farther away, the
  // series is taken to begin or end inside the window, half an interval beyond its outermost
  // sample.
  const double threshold = interval * 1.1;
  if (to_start >= threshold) to_start = interval / 2;
  // A counter was not below zero before its first sample.
  const double to_zero = sampled * zero_fraction;
  if (to_zero < to_start) to_start = to_zero;
  if (to_end >= threshold) to_end = interval / 2;
  return sampled == 0 ? 1 : (sampled + to_start + to_end) / sampled;
}

namespace {

enum class RateFunction { Rate, Increase, Delta };
bool is_counter_function(RateFunction function) {
  return function != RateFunction::Delta;
}

constexpr double kNeverZero = std::numeric_limits<double>::infinity();

// What a counter lost by the resets inside a window: the sum of the values just before each of
// them.
class ResetCorrection {
 public:
  explicit ResetCorrection(std::span<const double> values) : values_(values) {}

  void restart(size_t begin, size_t end) {
    lost_.clear();
    reset_count_ = 0;
    infinite_count_ = 0;
    for (size_t i = begin + 1; i < end; ++i) enter(i);
  }
  void enter(size_t i) {
    if (values_[i] < values_[i - 1]) gain(values_[i - 1]);
  }
  void leave(size_t i) {
    if (values_[i + 1] < values_[i]) lose(values_[i]);
  }
  bool is_precise() const { return reset_count_ == 0 || infinite_count_ > 0 || lost_.is_precise(); }

  // Of the window [begin, end), which is the present one.
  double value(size_t begin, size_t end) const {
    if (reset_count_ == 0) return 0;
    if (infinite_count_ == 0 && std::isfinite(lost_.total())) return lost_.total();
    return plain_sum(begin, end);
  }

 private:
  void gain(double value) {
    ++reset_count_;
    if (std::isinf(value)) {
      ++infinite_count_;
    } else {
      lost_.add(value);
    }
  }
  void lose(double value) {
    if (--reset_count_ == 0) lost_.clear();
    if (std::isinf(value)) {
      --infinite_count_;
    } else if (reset_count_ > 0) {
      lost_.subtract(value);
    }
  }
  double plain_sum(size_t begin, size_t end) const {
    double sum = 0;
    for (size_t i = begin + 1; i < end; ++i) {
      if (values_[i] < values_[i - 1]) sum += values_[i - 1];
    }
    return sum;
  }

  std::span<const double> values_;
  RunningSum lost_;
  size_t reset_count_ = 0;
  size_t infinite_count_ = 0;
};

// No correction for delta(), which is about gauges.
struct NoCorrection {
  void restart(size_t, size_t) {}
  void enter(size_t) {}
  void leave(size_t) {}
  bool is_precise() const { return true; }
  double value(size_t, size_t) const { return 0; }
};

WindowShape shape_of(const RangeWindows& windows, size_t step, int64_t first_ms, int64_t last_ms,
                     size_t sample_count) {
  const int64_t end_ms = windows.window_end_ms(step);
  return {end_ms - windows.range_ms, end_ms, first_ms, last_ms, sample_count};
}

// For rate(), the range in seconds; the others are not divided.
double divisor_of(const RangeWindows& windows, RateFunction function) {
  return function == RateFunction::Rate ? static_cast<double>(windows.range_ms) / 1000 : 1;
}

double extrapolated(const RangeWindows& windows, size_t step, double correction, bool is_counter,
                    double divisor) {
  const size_t first = windows.begin[step];
  const size_t last = windows.end[step] - 1;
  const double raw = windows.values[last] - windows.values[first] + correction;
  const bool has_zero = is_counter && raw > 0 && windows.values[first] >= 0;
  const WindowShape shape =
      shape_of(windows, step, windows.times_ms[first], windows.times_ms[last], last - first + 1);
  const double zero_fraction = has_zero ? windows.values[first] / raw : kNeverZero;
  return raw * (extrapolation_factor(shape, zero_fraction) / divisor);
}

template <typename Correction>
void rate_of_floats(const RangeWindows& windows, Correction correction, RateFunction function,
                    Row& out, RangeNotes& notes) {
  const bool is_counter = is_counter_function(function);
  const double divisor = divisor_of(windows, function);
  slide(windows, correction, [&](size_t step) {
    if (histogram_count(windows, step) > 0) {
      notes.mixed_types = true;
      return;
    }
    if (float_count(windows, step) < 2) return;
    const double lost = correction.value(windows.begin[step], windows.end[step]);
    out.values[step] = extrapolated(windows, step, lost, is_counter, divisor);
  });
}

void rate_of_histograms(const RangeWindows& windows, RateFunction function, Row& out,
                        RangeNotes& notes) {
  HistogramResets resets(windows.histograms);
  const bool is_counter = is_counter_function(function);
  for (size_t step = 0; step < windows.step_count(); ++step) {
    const size_t count = histogram_count(windows, step);
    if (count < 2 || float_count(windows, step) > 0) continue;
    const size_t begin = windows.histogram_begin[step];
    auto difference =
        histogram_difference(windows.histograms, begin, begin + count, is_counter, resets, notes);
    if (!difference) continue;
    const HistogramSample& first = windows.histograms[begin];
    const HistogramSample& last = windows.histograms[begin + count - 1];
    const bool has_zero = is_counter && difference->count > 0 && first.histogram->count >= 0;
    const WindowShape shape = shape_of(windows, step, first.time_ms, last.time_ms, count);
    const double zero_fraction = has_zero ? first.histogram->count / difference->count : kNeverZero;
    difference->multiply(extrapolation_factor(shape, zero_fraction) /
                         divisor_of(windows, function));
    out.set_histogram(step, std::make_shared<const FloatHistogram>(std::move(*difference)));
  }
}

bool has_counter_name(std::string_view name) {
  for (const std::string_view suffix : {"_total", "_sum", "_count", "_bucket"}) {
    if (name.ends_with(suffix)) return true;
  }
  return false;
}

bool has_float_result(const Row& row) {
  return !std::all_of(row.values.begin(), row.values.end(), is_absent);
}

Result<void> rate_like(const RangeWindows& windows, const RangeCall& call, RateFunction function,
                       Row& out) {
  RangeNotes notes;
  const RangeEdges edges = edges_of(*call.call);
  if (edges != RangeEdges::Default) {
    extended_rate(windows,
                  {edges == RangeEdges::Smoothed, is_counter_function(function),
                   divisor_of(windows, function)},
                  out, notes);
  } else if (is_counter_function(function)) {
    rate_of_floats(windows, ResetCorrection(windows.values), function, out, notes);
  } else {
    rate_of_floats(windows, NoCorrection(), function, out, notes);
  }
  if (edges == RangeEdges::Default && !windows.histogram_begin.empty()) {
    rate_of_histograms(windows, function, out, notes);
  }
  notes.report(call);
  if (is_counter_function(function) && !call.metric_name.empty() &&
      !has_counter_name(call.metric_name) && has_float_result(out)) {
    call.annotations->info(
        "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: " +
            quote(call.metric_name),
        call.arg_span);
  }
  return {};
}

}  // namespace

Result<void> rate(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return rate_like(windows, call, RateFunction::Rate, out);
}
Result<void> increase(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return rate_like(windows, call, RateFunction::Increase, out);
}
Result<void> delta(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return rate_like(windows, call, RateFunction::Delta, out);
}

}  // namespace promenade::promql::kernels
