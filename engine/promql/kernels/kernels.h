#pragma once  // engine/promql/kernels.h
// The functions of range vectors: each folds all windows of one series into its column (RangeKernel
// in values.h). Meanings are those of
// https://prometheus.io/docs/prometheus/latest/querying/functions/.
#include "promql/values.h"

namespace promenade::promql::kernels {

using Kernel = Result<void>(const RangeWindows& windows, const RangeCall& call, Row& out);

// kernels_rate.cc, and kernels_rate_extended.cc for `anchored` and `smoothed`.
Kernel rate, increase, delta;
// kernels_instant_rate.cc
Kernel irate, idelta;
// kernels_changes.cc
Kernel resets, changes;
// kernels_regression.cc
Kernel deriv, predict_linear, double_exponential_smoothing;
// kernels_sum.cc
Kernel sum_over_time, avg_over_time;
// kernels_extremes.cc
Kernel min_over_time, max_over_time, ts_of_min_over_time, ts_of_max_over_time;
// kernels_over_time.cc
Kernel count_over_time, present_over_time;
Kernel first_over_time, last_over_time, ts_of_first_over_time, ts_of_last_over_time;
// kernels_quantile.cc
Kernel quantile_over_time, mad_over_time;
// kernels_variance.cc
Kernel stddev_over_time, stdvar_over_time;

inline size_t float_count(const RangeWindows& windows, size_t step) {
  return windows.end[step] - windows.begin[step];
}
inline size_t histogram_count(const RangeWindows& windows, size_t step) {
  if (windows.histogram_begin.empty()) return 0;
  return windows.histogram_end[step] - windows.histogram_begin[step];
}

// What `anchored` or `smoothed` on the call's selector asks for.
RangeEdges edges_of(const Call& call);

}  // namespace promenade::promql::kernels
