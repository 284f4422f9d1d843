#pragma once  // engine/promql/special_calls.h
// Functions that need more than their arguments' values: the matchers of a selector, or the store.
#include <vector>

#include "base/result.h"
#include "promql/evaluator/context.h"
#include "promql/evaluator/row_source.h"
#include "promql/values.h"

namespace promenade::promql {

// absent() and absent_over_time(): 1 where `rows` has nothing. `argument` is the expression that
// they came from; its equality matchers are the result's labels.
std::vector<Row> absent_rows(const Expr& argument, const std::vector<Row>& rows, size_t step_count);

// timestamp() of anything but a selector: the evaluation time of each element.
std::vector<Row> evaluation_times(std::vector<Row> rows, const StepGrid& grid, bool delayed);

// info(): `rows` with the labels of the info series that go with them. `call` is the call.
Result<std::vector<Row>> info_rows(const EvaluationContext& context, const Call& call,
                                   std::vector<Row> rows, const StepGrid& grid);
// What it selects the info series by.
Result<std::vector<Matcher>> info_matchers(const Call& call);

}  // namespace promenade::promql
