// rate(), increase() and delta() of `anchored` and `smoothed` selectors (Prometheus's
// promql/functions.go, extendedRate). Their windows reach beyond the range, by the look-back before
// its start and, smoothed, after its end; the values at the two edges are carried over or
// interpolated, and nothing is extrapolated.
#include <algorithm>
#include <memory>

#include "promql/kernels/kernels.h"
#include "promql/kernels/kernels_rate.h"

namespace promenade::promql::kernels {

RangeEdges edges_of(const Call& call) {
  for (const ExprPtr& arg : call.args) {
    if (const auto* matrix = strip_parens(*arg).as<MatrixSelector>()) {
      return strip_parens(*matrix->selector).as<VectorSelector>()->edges;
    }
  }
  return RangeEdges::Default;
}

namespace {

// The edges of the range proper, in time, and the samples that stand for them.
struct Edges {
  int64_t start_ms;
  int64_t end_ms;
  bool smoothed;
  size_t first = 0;  // The last sample at or before the start, else the first one.
  size_t last = 0;   // The last sample; smoothed, the first one at or after the end.
  bool has_increase = false;
};

// `time_of(i)` for i < count, which is not 0.
template <typename TimeOf>
Edges find_edges(const RangeWindows& windows, size_t step, bool smoothed, size_t count,
                 TimeOf time_of) {
  Edges edges{windows.window_start_ms(step), windows.window_end_ms(step), smoothed};
  edges.last = count - 1;
  size_t after_start = 0;
  while (after_start < count - 1 && time_of(after_start) <= edges.start_ms) ++after_start;
  edges.first = after_start == 0 ? 0 : after_start - 1;
  if (smoothed) {
    edges.last = edges.first;
    while (edges.last < count - 1 && time_of(edges.last) < edges.end_ms) ++edges.last;
  }
  edges.has_increase =
      time_of(edges.last) > edges.start_ms && !(smoothed && time_of(edges.first) > edges.end_ms);
  return edges;
}

struct FloatWindow {
  std::span<const int64_t> times_ms;
  std::span<const double> values;

  // Between samples i and i + 1. A counter that fell in between is taken to start from 0.
  double interpolated(size_t i, int64_t at_ms, bool is_counter) const {
    const double to = values[i + 1];
    const double from = is_counter && to < values[i] ? 0 : values[i];
    return from + (to - from) * static_cast<double>(at_ms - times_ms[i]) /
                      static_cast<double>(times_ms[i + 1] - times_ms[i]);
  }
};

// What resets took away between `left` and `right`, with the samples `between` them.
double reset_correction(double left, double right, std::span<const double> between) {
  double correction = 0;
  double previous = left;
  for (const double value : between) {
    if (value < previous) correction += previous;
    previous = value;
  }
  return right < previous ? correction + previous : correction;
}

double float_increase(const FloatWindow& window, const Edges& edges, bool is_counter) {
  const auto& times = window.times_ms;
  const bool cuts_left = edges.smoothed && times[edges.first] < edges.start_ms;
  const bool cuts_right = edges.smoothed && edges.last > 0 && times[edges.last] > edges.end_ms;
  const double left = cuts_left ? window.interpolated(edges.first, edges.start_ms, is_counter)
                                : window.values[edges.first];
  const double right = cuts_right ? window.interpolated(edges.last - 1, edges.end_ms, is_counter)
                                  : window.values[edges.last];
  if (!is_counter) return right - left;
  const size_t begin = times[edges.first] <= edges.start_ms ? edges.first + 1 : edges.first;
  const size_t end = times[edges.last] >= edges.end_ms ? edges.last : edges.last + 1;
  const size_t between = begin < end ? end - begin : 0;
  return right - left + reset_correction(left, right, window.values.subspan(begin, between));
}

// The same of histograms. Every operation may fail for incompatible layouts; `notes` then says so.
class HistogramIncrease {
 public:
  HistogramIncrease(std::span<const HistogramSample> samples, const Edges& edges, bool is_counter,
                    RangeNotes& notes)
      : samples_(samples), edges_(edges), is_counter_(is_counter), notes_(notes) {}

  std::optional<FloatHistogram> compute() {
    if (!check_samples()) return std::nullopt;
    const auto left = left_edge();
    const auto right = right_edge();
    if (!left || !right) return std::nullopt;
    if (!is_counter_) {
      notes_.not_a_gauge |= left->counter_reset_hint != CounterResetHint::Gauge ||
                            right->counter_reset_hint != CounterResetHint::Gauge;
    }
    FloatHistogram increase = *right;
    if (!subtract(increase, *left)) return std::nullopt;
    if (is_counter_ && !correct(increase, *left, *right)) return std::nullopt;
    increase.counter_reset_hint = CounterResetHint::Gauge;
    return increase;
  }

 private:
  // Of the samples that the edges enclose.
  bool check_samples() {
    const bool custom = samples_[edges_.first].histogram->uses_custom_buckets();
    for (size_t i = edges_.first; i <= edges_.last; ++i) {
      const FloatHistogram& histogram = *samples_[i].histogram;
      if (histogram.uses_custom_buckets() != custom) {
        notes_.mixed_layouts = true;
        return false;
      }
      notes_.not_a_counter |=
          is_counter_ && histogram.counter_reset_hint == CounterResetHint::Gauge;
    }
    return true;
  }

  std::optional<FloatHistogram> left_edge() {
    if (edges_.smoothed && samples_[edges_.first].time_ms < edges_.start_ms) {
      return interpolated(edges_.first, edges_.start_ms);
    }
    return *samples_[edges_.first].histogram;
  }
  std::optional<FloatHistogram> right_edge() {
    if (edges_.smoothed && edges_.last > 0 && samples_[edges_.last].time_ms > edges_.end_ms) {
      return interpolated(edges_.last - 1, edges_.end_ms);
    }
    return *samples_[edges_.last].histogram;
  }

  // Between samples i and i + 1, component by component.
  std::optional<FloatHistogram> interpolated(size_t i, int64_t at_ms) {
    const HistogramSample& from = samples_[i];
    const HistogramSample& to = samples_[i + 1];
    if (at_ms == from.time_ms) return *from.histogram;
    if (at_ms == to.time_ms) return *to.histogram;
    const double fraction =
        static_cast<double>(at_ms - from.time_ms) / static_cast<double>(to.time_ms - from.time_ms);
    FloatHistogram result = *to.histogram;
    if (is_counter_ && to.histogram->detect_reset(*from.histogram)) {
      result.multiply(fraction);
      return result;
    }
    if (!subtract(result, *from.histogram)) return std::nullopt;
    result.multiply(fraction);
    if (!add(result, *from.histogram)) return std::nullopt;
    return result;
  }

  // Adds what was lost at every reset between the edges, which stand for the first and the last
  // sample.
  bool correct(FloatHistogram& increase, const FloatHistogram& left, const FloatHistogram& right) {
    size_t next = edges_.first + 1;
    const FloatHistogram* previous = &left;
    if (edges_.smoothed && samples_[edges_.first].time_ms < edges_.start_ms &&
        samples_[next].histogram->detect_reset(*samples_[edges_.first].histogram)) {
      // The interpolation at the left edge went across this reset and dealt with it.
      previous = samples_[next].histogram.get();
      ++next;
    }
    if (next > edges_.last) return true;
    for (; next < edges_.last; ++next) {
      const FloatHistogram& current = *samples_[next].histogram;
      if (current.detect_reset(*previous) && !add(increase, *previous)) return false;
      previous = &current;
    }
    return !right.detect_reset(*previous) || add(increase, *previous);
  }

  bool add(FloatHistogram& to, const FloatHistogram& other) {
    return note(to.add(other), notes_.reconciled_addition);
  }
  bool subtract(FloatHistogram& from, const FloatHistogram& other) {
    return note(from.subtract(other), notes_.reconciled_subtraction);
  }
  bool note(const Result<FloatHistogram::CombineNotes>& combined, bool& reconciled) {
    if (!combined) {
      notes_.mixed_layouts = true;
      return false;
    }
    reconciled |= combined->custom_bounds_reconciled;
    return true;
  }

  std::span<const HistogramSample> samples_;
  const Edges& edges_;
  bool is_counter_;
  RangeNotes& notes_;
};

void extended_floats(const RangeWindows& windows, size_t step, const ExtendedRate& rate, Row& out) {
  const FloatWindow window{windows.window_times(step), windows.window_values(step)};
  const Edges edges = find_edges(windows, step, rate.smoothed, window.times_ms.size(),
                                 [&](size_t i) { return window.times_ms[i]; });
  if (!edges.has_increase) return;
  out.values[step] = float_increase(window, edges, rate.is_counter) / rate.divisor;
}

void extended_histograms(const RangeWindows& windows, size_t step, const ExtendedRate& rate,
                         Row& out, RangeNotes& notes) {
  const auto samples = windows.window_histograms(step);
  const Edges edges = find_edges(windows, step, rate.smoothed, samples.size(),
                                 [&](size_t i) { return samples[i].time_ms; });
  if (!edges.has_increase) return;
  auto increase = HistogramIncrease(samples, edges, rate.is_counter, notes).compute();
  if (!increase) return;
  if (rate.divisor != 1) increase->divide(rate.divisor);
  increase->compact();
  out.set_histogram(step, std::make_shared<const FloatHistogram>(std::move(*increase)));
}

}  // namespace

void extended_rate(const RangeWindows& windows, const ExtendedRate& rate, Row& out,
                   RangeNotes& notes) {
  for (size_t step = 0; step < windows.step_count(); ++step) {
    const bool has_floats = float_count(windows, step) > 0;
    const bool has_histograms = histogram_count(windows, step) > 0;
    if (has_floats && has_histograms) {
      notes.mixed_types = true;
    } else if (has_histograms) {
      extended_histograms(windows, step, rate, out, notes);
    } else if (has_floats) {
      extended_floats(windows, step, rate, out);
    }
  }
}

}  // namespace promenade::promql::kernels
