#pragma once  // engine/promql/binary.h
// Binary operators over whole columns
// (https://prometheus.io/docs/prometheus/latest/querying/operators/#binary-operators).
#include <vector>

#include "base/result.h"
#include "promql/ast.h"
#include "promql/evaluator/column_operation.h"
#include "promql/evaluator/context.h"
#include "promql/values.h"

namespace promenade::promql {

// What an operator needs to know besides its operands.
struct BinaryCall {
  const EvaluationContext& context;
  const Binary& binary;
  SourceSpan span;  // Of the whole operation.
  size_t step_count;
  Annotations& annotations;

  bool delayed_name_removal() const { return context.options.delayed_name_removal; }
};

ScalarValue binary_scalars(const BinaryCall& call, ScalarValue left, const ScalarValue& right);

enum class ScalarSide { Left, Right };
// Each element with the scalar, which stands on `side`.
Result<std::vector<Row>> binary_with_scalar(const BinaryCall& call, std::vector<Row> rows,
                                            Operand scalar, ScalarSide side);

// Arithmetic and comparisons of matched pairs, with on, ignoring, group_left, group_right and fill.
Result<std::vector<Row>> binary_vectors(const BinaryCall& call, const std::vector<Row>& left,
                                        const std::vector<Row>& right);

// and, or, unless.
Result<std::vector<Row>> binary_sets(const BinaryCall& call, std::vector<Row> left,
                                     std::vector<Row> right);

}  // namespace promenade::promql
