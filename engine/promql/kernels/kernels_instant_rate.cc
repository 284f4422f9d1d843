// irate() and idelta(): the difference between the last two samples of a window.
#include <memory>

#include "model/histogram.h"
#include "promql/evaluator/range_notes.h"
#include "promql/kernels/counter_starts.h"
#include "promql/kernels/kernels.h"

namespace promenade::promql::kernels {

namespace {

// A float, or a histogram when that is not null.
struct AnySample {
  int64_t time_ms = 0;
  double value = 0;
  const FloatHistogram* histogram = nullptr;
  int64_t start_ms = 0;

  SampleTimes times() const { return {time_ms, start_ms}; }
};

// The last two samples of either type; false when there are fewer. At equal times the histogram
// counts as the older.
bool last_two(const RangeWindows& windows, size_t step, AnySample& previous, AnySample& last) {
  const auto times = windows.window_times(step);
  const auto values = windows.window_values(step);
  const auto histograms = windows.window_histograms(step);
  size_t floats_left = times.size();
  size_t histograms_left = histograms.size();
  if (floats_left + histograms_left < 2) return false;
  for (AnySample* sample : {&last, &previous}) {
    if (histograms_left == 0 ||
        (floats_left > 0 && times[floats_left - 1] >= histograms[histograms_left - 1].time_ms)) {
      --floats_left;
      const int64_t start_ms = float_times(windows, windows.begin[step] + floats_left).start_ms;
      *sample = {times[floats_left], values[floats_left], nullptr, start_ms};
    } else {
      --histograms_left;
      const HistogramSample& found = histograms[histograms_left];
      const int64_t start_ms = windows.uses_start_times ? found.start_ms : 0;
      *sample = {found.time_ms, 0, found.histogram.get(), start_ms};
    }
  }
  return true;
}

double seconds_between(const AnySample& previous, const AnySample& last) {
  return static_cast<double>(last.time_ms - previous.time_ms) / 1000;
}

// Null when the bucket layouts don't go together.
HistogramPtr histogram_change(const AnySample& previous, const AnySample& last, bool is_rate,
                              RangeNotes& notes) {
  const bool both_gauges = last.histogram->counter_reset_hint == CounterResetHint::Gauge &&
                           previous.histogram->counter_reset_hint == CounterResetHint::Gauge;
  const bool any_gauge = last.histogram->counter_reset_hint == CounterResetHint::Gauge ||
                         previous.histogram->counter_reset_hint == CounterResetHint::Gauge;
  notes.not_a_counter |= is_rate && any_gauge;
  notes.not_a_gauge |= !is_rate && !both_gauges;
  FloatHistogram change = *last.histogram;
  if (!is_rate || !(last.histogram->detect_reset(*previous.histogram) ||
                    began_anew(previous.times(), last.times()))) {
    const auto combined = change.subtract(*previous.histogram);
    if (!combined) {
      notes.mixed_layouts = true;
      return nullptr;
    }
    notes.reconciled_subtraction |= combined->custom_bounds_reconciled;
  }
  change.counter_reset_hint = CounterResetHint::Gauge;
  change.compact();
  if (is_rate) change.divide(seconds_between(previous, last));
  return std::make_shared<const FloatHistogram>(std::move(change));
}

double float_change(const AnySample& previous, const AnySample& last, bool is_rate) {
  const bool reset =
      is_rate && (last.value < previous.value || began_anew(previous.times(), last.times()));
  const double change = reset ? last.value : last.value - previous.value;
  return is_rate ? change / seconds_between(previous, last) : change;
}

Result<void> change_of_last_two(const RangeWindows& windows, const RangeCall& call, bool is_rate,
                                Row& out) {
  RangeNotes notes;
  for (size_t step = 0; step < windows.step_count(); ++step) {
    AnySample previous;
    AnySample last;
    if (!last_two(windows, step, previous, last) || previous.time_ms == last.time_ms) continue;
    if ((previous.histogram == nullptr) != (last.histogram == nullptr)) {
      notes.mixed_types = true;
    } else if (last.histogram == nullptr) {
      out.values[step] = float_change(previous, last, is_rate);
    } else if (HistogramPtr change = histogram_change(previous, last, is_rate, notes)) {
      out.set_histogram(step, std::move(change));
    }
  }
  notes.report(call);
  return {};
}

}  // namespace

Result<void> irate(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return change_of_last_two(windows, call, true, out);
}
Result<void> idelta(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return change_of_last_two(windows, call, false, out);
}

}  // namespace promenade::promql::kernels
