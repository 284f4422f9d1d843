#pragma once  // engine/promql/evaluator/column_operation.h
// Arithmetic and comparisons of whole columns of floats: what most binary operators come to.
#include <cstddef>

#include "promql/ast.h"
#include "promql/values.h"

namespace promenade::promql {

// A value a step, or one that holds at every step. Refers to its values.
class Operand {
 public:
  explicit Operand(const std::vector<double>& column) : values_(column.data()) {}
  static Operand constant(const double& value) { return Operand(&value, true); }

  bool is_constant() const { return is_constant_; }
  const double* values() const { return values_; }
  double at(size_t step) const { return values_[is_constant_ ? 0 : step]; }

 private:
  Operand(const double* values, bool is_constant) : values_(values), is_constant_(is_constant) {}

  const double* values_;
  bool is_constant_ = false;
};

// What a comparison of two values gives where it holds; where it doesn't, Truth is 0 and the others
// are absent.
enum class Compared { Left, Right, Truth };

// Writes `left` op `right` at `count` steps to `out`, which may be the column of one of them.
// Absent where either is.
void compute_column(BinaryOp op, Operand left, Operand right, size_t count, double* out);
void compare_column(BinaryOp op, Operand left, Operand right, Compared result, size_t count,
                    double* out);

}  // namespace promenade::promql
