#pragma once  // engine/promql/extended_range.h
// `smoothed` instant selectors, and `anchored` and `smoothed` matrix selectors that are shown as
// they are (Prometheus's promql/engine.go). Range functions get their windows widened and see to
// the edges themselves (kernels_rate_extended.cc).
#include <span>
#include <string_view>
#include <vector>

#include "promql/evaluator/context.h"
#include "promql/evaluator/selector.h"
#include "promql/values.h"

namespace promenade::promql {

// An instant selector with `smoothed`: interpolates between the neighbours within the look-back on
// either side of each step. `out`'s columns are all absent. Takes stale markers out of
// `scratch.samples`.
void look_up_smoothed(const EvaluationContext& context, RowScratch& scratch, const LookupPlan& plan,
                      std::string_view metric_name, SourceSpan span, Row& out,
                      Annotations& annotations);

// The samples of one widened window, cut to (start, end], with a point at each edge. Empty when no
// sample is after the start.
std::vector<Point> points_with_edges(std::span<const int64_t> times_ms,
                                     std::span<const double> values, int64_t start_ms,
                                     int64_t end_ms, RangeEdges edges);

}  // namespace promenade::promql
