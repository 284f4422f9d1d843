#pragma once  // engine/promql/range_vector.h
// Range vectors: the samples of each series once, and for every step the part of them that its
// window covers
// (https://prometheus.io/docs/prometheus/latest/querying/basics/#range-vector-selectors). They come
// from the store or from a subquery; functions of range vectors can't tell.
#include <memory>

#include "base/result.h"
#include "promql/evaluator/context.h"
#include "promql/evaluator/row_source.h"
#include "promql/values.h"

namespace promenade::promql {

// Where the windows lie. `before_ms` and `after_ms` widen them beyond the range, for anchored and
// smoothed selectors, which look at the samples around it as well: their kernels find the range
// proper by time.
struct WindowPlan {
  StepGrid grid;
  ResolvedShift shift;
  int64_t range_ms = 0;
  int64_t before_ms = 0;
  int64_t after_ms = 0;
  RangeEdges edges = RangeEdges::Default;
  bool reads_counts_only = false;  // Of histograms; see Preparation.
  SourceSpan span;                 // Of the range vector expression.
};

class RangeInput {
 public:
  virtual ~RangeInput() = default;
  const WindowPlan& plan() const { return plan_; }

  virtual size_t series_count() const = 0;
  // Valid as long as this object.
  virtual const Labels& labels(size_t series) const = 0;
  virtual bool drop_name(size_t series) const = 0;
  // Replaces the content of `out` by the samples of one series, without stale markers. Called from
  // several threads with distinct `out`.
  virtual Result<void> load(size_t series, SampleColumns& out) const = 0;

 protected:
  explicit RangeInput(const WindowPlan& plan) : plan_(plan) {}
  WindowPlan plan_;
};

// The windows of a matrix selector, over `grid`.
Result<std::unique_ptr<RangeInput>> select_range(const EvaluationContext& context,
                                                 const Expr& matrix_selector, const StepGrid& grid);

// The grid that a subquery evaluates its operand on, for windows of `plan`: multiples of `step_ms`
// since the epoch. Its count is 0 when no such instant lies in any window.
StepGrid subquery_grid(const EvaluationContext& context, const WindowPlan& plan, int64_t step_ms);

struct SubqueryPlan {
  WindowPlan windows;
  StepGrid inner;  // subquery_grid().
};
// Fails with Limit for a grid that could not be evaluated anyway.
Result<SubqueryPlan> plan_subquery(const EvaluationContext& context, const Expr& subquery,
                                   const StepGrid& grid);
// A subquery's rows, computed over `inner`, as samples.
std::unique_ptr<RangeInput> range_of_rows(const WindowPlan& plan, const StepGrid& inner,
                                          std::vector<Row> rows);

// Takes the stale markers out: a window holds samples only.
void remove_stale_markers(SampleColumns& samples);

// Finds the windows of the series in `scratch.samples`. The result refers to `scratch`.
RangeWindows slide_windows(const EvaluationContext& context, const WindowPlan& plan,
                           RowScratch& scratch);
// The samples in the largest window: what Prometheus would hold of this series at once.
uint64_t widest_window(const RangeWindows& windows);

}  // namespace promenade::promql
