#pragma once  // engine/promql/evaluator.h
// Evaluates a syntax tree over a grid of steps, node by node. Each operator lives in a file of its
// own; this decides which one, evaluates the operands, and keeps the accounts.
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "base/result.h"
#include "promql/evaluator/binary.h"
#include "promql/evaluator/context.h"
#include "promql/evaluator/range_vector.h"
#include "promql/evaluator/row_source.h"
#include "promql/values.h"

namespace promenade::promql {

class Evaluator {
 public:
  explicit Evaluator(const EvaluationContext& context) : context_(context) {}

  // The value of `expr` at every step of `grid`, which has at least one. Not for range vectors.
  Result<Value> evaluate(const Expr& expr, const StepGrid& grid);
  // A range vector: a matrix selector or a subquery, over the steps of `grid`.
  Result<std::unique_ptr<RangeInput>> evaluate_range_vector(const Expr& expr, const StepGrid& grid);

  Annotations& annotations() { return annotations_; }

 private:
  // The rows of an instant vector, computed on demand where that is possible.
  Result<std::unique_ptr<RowSource>> open_rows(const Expr& expr, const StepGrid& grid);
  Result<std::vector<Row>> evaluate_rows(const Expr& expr, const StepGrid& grid);
  Result<ScalarValue> evaluate_scalar(const Expr& expr, const StepGrid& grid);
  // Of an aggregation that is written more than once, evaluated the first time only.
  Result<Value> evaluate_repeated(const Expr& expr, size_t repetition, const StepGrid& grid);
  Result<Value> evaluate_once(const Expr& expr, const StepGrid& grid);
  Result<Value> evaluate_invariant(const Expr& expr, const StepGrid& grid);
  Result<Value> evaluate_varying(const Expr& expr, const StepGrid& grid);

  Result<Value> evaluate_call(const Expr& expr, const StepGrid& grid);
  Result<Value> evaluate_vector_function(const Expr& expr, const StepGrid& grid);
  Result<std::unique_ptr<RowSource>> open_range_call(const Expr& expr, const StepGrid& grid);
  Result<std::vector<Row>> evaluate_absent_over_time(const Expr& expr, const StepGrid& grid);
  Result<std::vector<Row>> evaluate_aggregate(const Expr& expr, const StepGrid& grid);
  Result<Value> evaluate_binary(const Expr& expr, const StepGrid& grid);
  // A vector and a number.
  Result<Value> evaluate_with_constant(const BinaryCall& call, const StepGrid& grid);
  // The left and the right one.
  using Sides = std::pair<Value, Value>;
  Result<Sides> evaluate_sides(const Binary& binary, const StepGrid& grid);
  Result<Sides> evaluate_sides_at_once(const Binary& binary, const StepGrid& grid);
  bool is_worth_sharing(const Binary& binary) const;
  Result<Value> evaluate_unary(const Unary& unary, const StepGrid& grid);

  bool is_delayed() const { return context_.options.delayed_name_removal; }

  const EvaluationContext& context_;
  Annotations annotations_;
  // Values of repeated aggregations by number, start, step and count of the grid.
  using RepeatedKey = std::tuple<size_t, int64_t, int64_t, size_t>;
  std::map<RepeatedKey, Value> repeated_;
  bool is_one_by_one_ = false;  // No sides are evaluated at once any more.
};

}  // namespace promenade::promql
