// resets() and changes(): how often neighbouring samples of a window differ. Every sample of the
// series is compared with the one before it once; a window's answer is then the difference of two
// counts.
#include <cmath>
#include <vector>

#include "model/histogram.h"
#include "promql/kernels/counter_starts.h"
#include "promql/kernels/kernels.h"

namespace promenade::promql::kernels {

namespace {

// Whether something happened between two neighbouring samples of one type. A change of type
// always counts.
struct Comparison {
  bool (*floats)(double previous, double current);
  bool (*histograms)(const FloatHistogram& previous, const FloatHistogram& current);
  bool (*times)(SampleTimes previous, SampleTimes current);
};

constexpr Comparison kReset = {[](double previous, double current) { return current < previous; },
                               [](const FloatHistogram& previous, const FloatHistogram& current) {
                                 return current.detect_reset(previous);
                               },
                               began_anew};

constexpr Comparison kChange = {[](double previous, double current) {
                                  return current != previous &&
                                         !(std::isnan(current) && std::isnan(previous));
                                },
                                [](const FloatHistogram& previous, const FloatHistogram& current) {
                                  return !current.equals(previous);
                                },
                                [](SampleTimes, SampleTimes) { return false; }};

bool is_event(const RangeWindows& windows, bool is_float, size_t i, const Comparison& comparison) {
  if (is_float) {
    return comparison.floats(windows.values[i - 1], windows.values[i]) ||
           comparison.times(float_times(windows, i - 1), float_times(windows, i));
  }
  return comparison.histograms(*windows.histograms[i - 1].histogram,
                               *windows.histograms[i].histogram) ||
         comparison.times(histogram_times(windows, i - 1), histogram_times(windows, i));
}

// How many events there were up to each sample, floats and histograms of the series in one order of
// time.
std::vector<uint32_t> count_events(const RangeWindows& windows, const Comparison& comparison) {
  const size_t total = windows.times_ms.size() + windows.histograms.size();
  std::vector<uint32_t> counts;
  counts.reserve(total);
  size_t f = 0;
  size_t h = 0;
  bool was_float = true;
  while (f + h < total) {
    const bool is_float =
        h == windows.histograms.size() ||
        (f < windows.times_ms.size() && windows.times_ms[f] <= windows.histograms[h].time_ms);
    size_t& next = is_float ? f : h;
    const bool event =
        !counts.empty() && (is_float != was_float || is_event(windows, is_float, next, comparison));
    counts.push_back((counts.empty() ? 0 : counts.back()) + (event ? 1 : 0));
    was_float = is_float;
    ++next;
  }
  return counts;
}

// The samples of a window at or before the start of its range, of which an `anchored` one has some.
size_t count_before_range(const RangeWindows& windows, size_t step) {
  const int64_t start_ms = windows.window_start_ms(step);
  size_t count = 0;
  for (const int64_t time_ms : windows.window_times(step)) {
    if (time_ms > start_ms) break;
    ++count;
  }
  for (const HistogramSample& sample : windows.window_histograms(step)) {
    if (sample.time_ms > start_ms) break;
    ++count;
  }
  return count;
}

void fold_events(const RangeWindows& windows, const RangeCall& call, const Comparison& comparison,
                 Row& out) {
  const std::vector<uint32_t> counts = count_events(windows, comparison);
  const bool anchored = edges_of(*call.call) == RangeEdges::Anchored;
  const bool has_histograms = !windows.histogram_begin.empty();
  for (size_t step = 0; step < windows.step_count(); ++step) {
    // A window is contiguous in each type, and so it is in both together.
    size_t first = windows.begin[step] + (has_histograms ? windows.histogram_begin[step] : 0);
    const size_t end = windows.end[step] + (has_histograms ? windows.histogram_end[step] : 0);
    if (anchored) {
      // The last sample before the range is what the first one in it is compared with.
      const size_t before = count_before_range(windows, step);
      if (first + before == end) continue;
      if (before > 0) first += before - 1;
    }
    if (first < end) out.values[step] = counts[end - 1] - counts[first];
  }
}

}  // namespace

Result<void> resets(const RangeWindows& windows, const RangeCall& call, Row& out) {
  fold_events(windows, call, kReset, out);
  return {};
}
Result<void> changes(const RangeWindows& windows, const RangeCall& call, Row& out) {
  fold_events(windows, call, kChange, out);
  return {};
}

}  // namespace promenade::promql::kernels
