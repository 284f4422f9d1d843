#pragma once  // engine/promql/explain/node_result.h
// What is shown of a node's value: a few of its series, their points thinned out, and a summary of
// all of them.
#include <vector>

#include "promql/evaluator/range_vector.h"
#include "promql/explain.h"
#include "promql/values.h"

namespace promenade::promql {

// Fills in result, series_count, series_left_out, is_thinned, labels and bytes.
void show_value(const Value& value, const StepGrid& grid, const ExplainOptions& options,
                ExplainNode& node);
// The same of a range vector: a series for each that has samples, in the order of their labels if
// this is the result of the query or of several steps.
Result<void> show_range_vector(const RangeInput& input, bool is_whole_query,
                               const ExplainOptions& options, ExplainNode& node);

// At most kExplainPointsMax points in place of more: of equal parts the lowest and the highest, and
// the last of all. Whether there were more.
bool thin_out(std::vector<Point>& points);

}  // namespace promenade::promql
