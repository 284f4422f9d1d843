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
#include "promql/kernels/counter_starts.h"
#include "promql/kernels/kernels.h"
#include "promql/kernels/running_sum.h"
#include "promql/kernels/sliding.h"

namespace promenade::promql::kernels {

double extrapolation_factor(const WindowShape& shape, double zero_fraction) {
  double sampled = static_cast<double>(shape.last_ms - shape.first_ms) / 1000;
  double to_start = static_cast<double>(shape.first_ms - shape.start_ms) / 1000;
  double to_end = static_cast<double>(shape.end_ms - shape.last_ms) / 1000;
  const double interval =
      shape.sample_count > 1 ? sampled / static_cast<double>(shape.sample_count - 1) : 0;
  // An edge within 1.1 sampling intervals is taken to be covered by the series. Farther away, the
  // series is taken to begin or end inside the window, half an interval beyond its outermost
  // sample.
  const double threshold = interval * 1.1;
  // A counter was not below zero before its first sample.
  const double to_zero = sampled * zero_fraction;
  if (shape.zero_before_threshold) to_start = std::min(to_start, to_zero);
  if (to_start >= threshold) to_start = interval / 2;
  to_start = std::min(to_start, to_zero);
  if (shape.zero_ms != 0) {
    to_start = 0;
    sampled = static_cast<double>(shape.last_ms - shape.zero_ms) / 1000;
  }
  if (to_end >= threshold) to_end = interval / 2;
  return sampled == 0 ? 1 : (sampled + to_start + to_end) / sampled;
}

namespace {

enum class RateFunction { Rate, Increase, Delta };
bool is_counter_function(RateFunction function) {
  return function != RateFunction::Delta;
}

constexpr double kNeverZero = std::numeric_limits<double>::infinity();

// Whether a counter was reset just before sample i, judged by its values alone, or by its start
// times as well.
struct ResetsOfValues {
  bool operator()(const RangeWindows& windows, size_t i) const {
    return windows.values[i] < windows.values[i - 1];
  }
};
struct ResetsOfStarts {
  bool operator()(const RangeWindows& windows, size_t i) const {
    return windows.values[i] < windows.values[i - 1] ||
           began_anew(float_times(windows, i - 1), float_times(windows, i));
  }
};

// What a counter lost by the resets inside a window: the sum of the values just before each of
// them.
template <typename IsReset>
class ResetCorrection {
 public:
  explicit ResetCorrection(const RangeWindows& windows)
      : windows_(windows), values_(windows.values) {}

  void restart(size_t begin, size_t end) {
    lost_.clear();
    reset_count_ = 0;
    infinite_count_ = 0;
    for (size_t i = begin + 1; i < end; ++i) enter(i);
  }
  void enter(size_t i) {
    if (IsReset()(windows_, i)) gain(values_[i - 1]);
  }
  void leave(size_t i) {
    if (IsReset()(windows_, i + 1)) lose(values_[i]);
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
      if (IsReset()(windows_, i)) sum += values_[i - 1];
    }
    return sum;
  }

  const RangeWindows& windows_;
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

WindowShape shape_of(const RangeWindows& windows, size_t step, SampleTimes first, int64_t last_ms,
                     size_t sample_count, bool is_counter) {
  const int64_t end_ms = windows.window_end_ms(step);
  const int64_t start_ms = end_ms - windows.range_ms;
  const int64_t zero_ms = is_counter ? zero_within(start_ms, first) : 0;
  return {start_ms,
          end_ms,
          first.time_ms,
          last_ms,
          sample_count,
          zero_ms,
          windows.zero_before_threshold};
}
// One sample is enough when the counter's zero is known as well.
bool has_increase(const WindowShape& shape) {
  return shape.sample_count > 1 || shape.zero_ms != 0;
}

// For rate(), the range in seconds; the others are not divided.
double divisor_of(const RangeWindows& windows, RateFunction function) {
  return function == RateFunction::Rate ? static_cast<double>(windows.range_ms) / 1000 : 1;
}

// absent() when the window has too few samples.
double extrapolated(const RangeWindows& windows, size_t step, double correction, bool is_counter,
                    double divisor) {
  const size_t first = windows.begin[step];
  const size_t last = windows.end[step] - 1;
  const WindowShape shape = shape_of(windows, step, float_times(windows, first),
                                     windows.times_ms[last], last - first + 1, is_counter);
  if (!has_increase(shape)) return absent();
  const double before = shape.zero_ms != 0 ? 0 : windows.values[first];
  const double raw = windows.values[last] - before + correction;
  const bool has_zero = is_counter && raw > 0 && before >= 0;
  const double zero_fraction = has_zero ? before / raw : kNeverZero;
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
    const double lost = correction.value(windows.begin[step], windows.end[step]);
    out.values[step] = extrapolated(windows, step, lost, is_counter, divisor);
  });
}

void rate_of_histograms(const RangeWindows& windows, RateFunction function, Row& out,
                        RangeNotes& notes) {
  HistogramResets resets(windows);
  const bool is_counter = is_counter_function(function);
  for (size_t step = 0; step < windows.step_count(); ++step) {
    const size_t count = histogram_count(windows, step);
    if (count == 0 || float_count(windows, step) > 0) continue;
    const size_t begin = windows.histogram_begin[step];
    const HistogramSample& first = windows.histograms[begin];
    const HistogramSample& last = windows.histograms[begin + count - 1];
    const WindowShape shape =
        shape_of(windows, step, histogram_times(windows, begin), last.time_ms, count, is_counter);
    if (!has_increase(shape)) continue;
    auto difference = histogram_difference(
        {windows.histograms, begin, begin + count, is_counter, shape.zero_ms != 0}, resets, notes);
    if (!difference) continue;
    const bool has_zero = is_counter && difference->count > 0 && first.histogram->count >= 0;
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

// What to say of a series that rate() and increase() are not for; "" when they seem to be.
std::string counter_doubt(const RangeCall& call) {
  if (call.metric_name.empty()) return "";
  const std::string doubt = "metric might not be a counter, ";
  if (!call.metric_type) {
    if (has_counter_name(call.metric_name)) return "";
    return doubt + "name does not end in _total/_sum/_count/_bucket: " + quote(call.metric_name);
  }
  if (*call.metric_type == "counter" || *call.metric_type == "histogram") return "";
  return doubt + "__type__ label is not set to \"counter\" or \"histogram\", got " +
         quote(*call.metric_type) + ": " + quote(call.metric_name);
}

bool has_float_result(const Row& row) {
  return !std::all_of(row.values.begin(), row.values.end(), is_absent);
}

// Notes neighbours in a window of `begins` and `ends` whose start times overlap. No pair is looked
// at twice.
void note_overlaps(const RangeWindows& windows, std::span<const uint32_t> begins,
                   std::span<const uint32_t> ends,
                   SampleTimes (*times)(const RangeWindows&, size_t), RangeNotes& notes) {
  size_t next = 1;
  for (size_t step = 0; step < begins.size(); ++step) {
    for (next = std::max<size_t>(next, begins[step] + 1); next < ends[step]; ++next) {
      notes.overlapping_starts |= overlaps(times(windows, next - 1), times(windows, next));
    }
  }
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
    if (windows.start_times_ms.empty()) {
      rate_of_floats(windows, ResetCorrection<ResetsOfValues>(windows), function, out, notes);
    } else {
      rate_of_floats(windows, ResetCorrection<ResetsOfStarts>(windows), function, out, notes);
    }
  } else {
    rate_of_floats(windows, NoCorrection(), function, out, notes);
  }
  if (edges == RangeEdges::Default && !windows.histogram_begin.empty()) {
    rate_of_histograms(windows, function, out, notes);
  }
  if (edges == RangeEdges::Default && is_counter_function(function) && windows.uses_start_times) {
    if (!windows.start_times_ms.empty()) {
      note_overlaps(windows, windows.begin, windows.end, float_times, notes);
    }
    note_overlaps(windows, windows.histogram_begin, windows.histogram_end, histogram_times, notes);
  }
  notes.report(call);
  if (!is_counter_function(function)) return {};
  if (const std::string doubt = counter_doubt(call); !doubt.empty() && has_float_result(out)) {
    call.annotations->info(doubt, call.arg_span);
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
