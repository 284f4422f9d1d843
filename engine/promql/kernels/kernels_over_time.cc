// The functions that only look at how many samples a window holds, or at its first and last one.
#include <algorithm>

#include "promql/kernels/kernels.h"

namespace promenade::promql::kernels {

namespace {

// The first or last sample of a window that holds any: a histogram where `histogram` is not
// null, else the float at index `value`.
struct EdgeSample {
  int64_t time_ms;
  size_t value;
  const HistogramSample* histogram;
};

// At equal times the histogram wins.
EdgeSample first_sample(const RangeWindows& windows, size_t step) {
  const auto histograms = windows.window_histograms(step);
  const size_t first = windows.begin[step];
  const bool has_float = float_count(windows, step) > 0;
  if (has_float && (histograms.empty() || windows.times_ms[first] < histograms.front().time_ms)) {
    return {windows.times_ms[first], first, nullptr};
  }
  return {histograms.front().time_ms, 0, &histograms.front()};
}

EdgeSample last_sample(const RangeWindows& windows, size_t step) {
  const auto histograms = windows.window_histograms(step);
  const size_t last = windows.end[step] - 1;
  const bool has_float = float_count(windows, step) > 0;
  if (has_float && (histograms.empty() || windows.times_ms[last] > histograms.back().time_ms)) {
    return {windows.times_ms[last], last, nullptr};
  }
  return {histograms.back().time_ms, 0, &histograms.back()};
}

template <typename Visit>
void for_each_window(const RangeWindows& windows, Visit visit) {
  for (size_t step = 0; step < windows.step_count(); ++step) {
    const size_t count = float_count(windows, step) + histogram_count(windows, step);
    if (count > 0) visit(step, count);
  }
}

void put(const RangeWindows& windows, const EdgeSample& sample, size_t step, Row& out) {
  if (sample.histogram) {
    out.set_histogram(step, sample.histogram->histogram);
  } else {
    out.values[step] = windows.values[sample.value];
  }
}

double seconds(const EdgeSample& sample) {
  return static_cast<double>(sample.time_ms) / 1000;
}

}  // namespace

Result<void> count_over_time(const RangeWindows& windows, const RangeCall&, Row& out) {
  for_each_window(
      windows, [&](size_t step, size_t count) { out.values[step] = static_cast<double>(count); });
  return {};
}

Result<void> present_over_time(const RangeWindows& windows, const RangeCall&, Row& out) {
  for_each_window(windows, [&](size_t step, size_t) { out.values[step] = 1; });
  return {};
}

Result<void> first_over_time(const RangeWindows& windows, const RangeCall&, Row& out) {
  for_each_window(
      windows, [&](size_t step, size_t) { put(windows, first_sample(windows, step), step, out); });
  return {};
}

Result<void> last_over_time(const RangeWindows& windows, const RangeCall&, Row& out) {
  for_each_window(
      windows, [&](size_t step, size_t) { put(windows, last_sample(windows, step), step, out); });
  return {};
}

Result<void> ts_of_first_over_time(const RangeWindows& windows, const RangeCall&, Row& out) {
  for_each_window(windows, [&](size_t step, size_t) {
    out.values[step] = seconds(first_sample(windows, step));
  });
  return {};
}

Result<void> ts_of_last_over_time(const RangeWindows& windows, const RangeCall&, Row& out) {
  for_each_window(windows, [&](size_t step, size_t) {
    out.values[step] = seconds(last_sample(windows, step));
  });
  return {};
}

}  // namespace promenade::promql::kernels
