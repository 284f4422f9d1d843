#pragma once  // engine/promql/explain/rate_steps.h
// The arithmetic behind rate(), increase() and delta(), series by series.
#include <vector>

#include "promql/evaluator/context.h"
#include "promql/evaluator/range_vector.h"
#include "promql/explain.h"

namespace promenade::promql {

bool has_rate_steps(const Expr& expr);

// Of the first series of `input`, the argument of the call `expr`, over its one step.
Result<std::vector<RateSteps>> rate_steps(const EvaluationContext& context, const Expr& expr,
                                          const RangeInput& input, const ExplainOptions& options);

}  // namespace promenade::promql
