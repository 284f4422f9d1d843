#pragma once  // engine/promql/selector.h
// Instant vector selectors: the newest sample of each series at each step, if it is recent enough
// (https://prometheus.io/docs/prometheus/latest/querying/basics/#staleness).
#include <memory>

#include "base/result.h"
#include "promql/evaluator/context.h"
#include "promql/evaluator/row_source.h"
#include "promql/values.h"

namespace promenade::promql {

enum class SelectedValue {
  Sample,
  TimestampSeconds,  // Of the sample, for timestamp().
  StartSeconds,      // When its counter began to count, or 0, for start_timestamp().
};

// What an instant selector reads, besides its matchers.
struct LookupPlan {
  StepGrid grid;
  ResolvedShift shift;
  SelectedValue value = SelectedValue::Sample;
  bool reads_counts_only = false;  // Of histograms; see Preparation.
};

// The series of `selector` over `plan.grid`. Unless it is their samples that are selected, their
// names are dropped.
Result<std::unique_ptr<RowSource>> select_rows(const EvaluationContext& context,
                                               const Expr& selector, const LookupPlan& plan);

// The times that lookups at all steps of `plan` may touch.
TimeRange lookup_range(const EvaluationContext& context, const LookupPlan& plan);

// Writes the lookups of one series into `out`, whose columns are all absent.
void look_up(const EvaluationContext& context, const SampleColumns& samples, const LookupPlan& plan,
             Row& out);

}  // namespace promenade::promql
