#pragma once  // engine/promql/range_call.h
// Calls of functions of range vectors: rate(x[5m]), sum_over_time(y[1h:1m]), ...
#include <memory>
#include <vector>

#include "base/result.h"
#include "promql/evaluator/context.h"
#include "promql/evaluator/range_vector.h"
#include "promql/evaluator/row_source.h"
#include "promql/values.h"

namespace promenade::promql {

// The index of the range vector among the call's arguments, or -1.
int range_argument(const Call& call);

// Whether the function may be used with the input's edges: an Execution error otherwise.
Result<void> check_edges(std::string_view function, RangeEdges edges);

// A row for each series of `input`: the function's result at every step. `expr` is the call;
// `scalars` are its other arguments.
Result<std::unique_ptr<RowSource>> call_range_function(const EvaluationContext& context,
                                                       const Expr& expr,
                                                       std::unique_ptr<RangeInput> input,
                                                       std::vector<ScalarValue> scalars);

}  // namespace promenade::promql
