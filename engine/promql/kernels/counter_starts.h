#pragma once  // engine/promql/kernels/counter_starts.h
// What start times tell about a counter that its values alone don't: that it began anew although
// its value did not fall, and when it was 0. Start times come from the outside, so those that can't
// be are taken for unknown.
#include <cstddef>
#include <cstdint>

#include "promql/values.h"

namespace promenade::promql::kernels {

// When a sample was taken, and when its counter began to count; 0 when that is not known.
struct SampleTimes {
  int64_t time_ms;
  int64_t start_ms;
};

// Whether the counter began anew between two neighbouring samples.
inline bool began_anew(SampleTimes previous, SampleTimes current) {
  if (current.start_ms == 0 || current.start_ms >= current.time_ms) return false;
  if (current.start_ms > previous.time_ms) return true;
  // Deltas: each begins where the one before it ended. A cumulative counter whose start is unknown
  // names the time of its first sample instead, which has no start itself, or its own time.
  return current.start_ms == previous.time_ms && previous.start_ms != 0 &&
         previous.start_ms < previous.time_ms;
}

// Whether the later sample counts what the earlier one, of another start, has counted already.
inline bool overlaps(SampleTimes previous, SampleTimes current) {
  return current.start_ms != 0 && current.start_ms < previous.time_ms &&
         current.start_ms != previous.start_ms;
}

// When the counter was 0 inside of the window that begins at `window_start_ms` and whose first
// sample is `first`; 0 when that is not known.
inline int64_t zero_within(int64_t window_start_ms, SampleTimes first) {
  return window_start_ms < first.start_ms && first.start_ms < first.time_ms ? first.start_ms : 0;
}

inline SampleTimes float_times(const RangeWindows& windows, size_t i) {
  return {windows.times_ms[i], windows.start_times_ms.empty() ? 0 : windows.start_times_ms[i]};
}
inline SampleTimes histogram_times(const RangeWindows& windows, size_t i) {
  const HistogramSample& sample = windows.histograms[i];
  return {sample.time_ms, windows.uses_start_times ? sample.start_ms : 0};
}

}  // namespace promenade::promql::kernels
