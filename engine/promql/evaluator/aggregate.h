#pragma once  // engine/promql/aggregate.h
// The 14 aggregations: series in, groups out
// (https://prometheus.io/docs/prometheus/latest/querying/operators/#aggregation-operators).
#include <optional>
#include <vector>

#include "base/result.h"
#include "promql/evaluator/context.h"
#include "promql/evaluator/row_source.h"
#include "promql/values.h"

namespace promenade::promql {

// sum, avg, count, group, min, max, stddev, stdvar: folds each row of `input` into its group.
Result<std::vector<Row>> aggregate_folding(const EvaluationContext& context,
                                           const Aggregate& aggregate, RowSource& input,
                                           size_t step_count, Annotations& annotations);

// topk, bottomk, limitk, limit_ratio: some of the rows, with their labels. `parameter` has one
// value a step. `expr` is the whole aggregation. With one step, groups are together, topk's and
// bottomk's sorted.
Result<std::vector<Row>> aggregate_choosing(const Expr& expr, std::vector<Row> rows,
                                            const std::vector<double>& parameter,
                                            Annotations& annotations);

// quantile.
std::vector<Row> aggregate_quantile(const Aggregate& aggregate, const std::vector<Row>& rows,
                                    const std::vector<double>& parameter, Annotations& annotations);

// count_values.
Result<std::vector<Row>> aggregate_count_values(const Aggregate& aggregate,
                                                const std::vector<Row>& rows);

}  // namespace promenade::promql
