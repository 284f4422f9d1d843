#pragma once  // engine/promql/explain/quantile_steps.h
// How histogram_quantile() found its results.
#include <vector>

#include "promql/explain.h"
#include "promql/values.h"

namespace promenade::promql {

bool has_quantile_steps(const Expr& expr);

// Of the first histograms in `rows`, the second argument of the call, at their only step.
std::vector<QuantileSteps> quantile_steps(double quantile, const std::vector<Row>& rows,
                                          const ExplainOptions& options);

}  // namespace promenade::promql
