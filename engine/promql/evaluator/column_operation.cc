// One loop for each common operator, over blocks small enough for the cache: the loop reads two
// columns, writes a third and has no branches, which is what compilers make vector instructions of.
#include "promql/evaluator/column_operation.h"

#include <algorithm>
#include <array>

#include "promql/evaluator/binary_element.h"

namespace promenade::promql {
namespace {

using Block = std::array<double, 256>;

// Calls operate(left, right, size, out) for block after block; `out` is apart from both.
template <typename Operate>
void for_each_block(Operand left, Operand right, size_t count, double* out,
                    const Operate& operate) {
  Block left_block;
  Block right_block;
  Block result;
  const size_t size_max = std::min(count, result.size());
  if (left.is_constant()) std::fill_n(left_block.begin(), size_max, left.at(0));
  if (right.is_constant()) std::fill_n(right_block.begin(), size_max, right.at(0));
  for (size_t begin = 0; begin < count; begin += size_max) {
    const size_t size = std::min(size_max, count - begin);
    operate(left.is_constant() ? left_block.data() : left.values() + begin,
            right.is_constant() ? right_block.data() : right.values() + begin, size, result.data());
    std::copy_n(result.begin(), size, out + begin);
  }
}

// of(a, b) is worked out even where one is absent, so it had better be cheap.
template <typename Of>
void fill(const double* left, const double* right, size_t size, double* results, const Of& of) {
  for (size_t i = 0; i < size; ++i) {
    const double result = of(left[i], right[i]);
    results[i] = is_absent(left[i]) || is_absent(right[i]) ? absent() : result;
  }
}

template <typename Of>
void compute(Operand left, Operand right, size_t count, double* out, const Of& of) {
  for_each_block(left, right, count, out,
                 [&of](const double* a, const double* b, size_t size, double* results) {
                   fill(a, b, size, results, of);
                 });
}

// From 1 where a comparison holds to the value that is kept there.
void keep_where_true(const double* kept, size_t size, double* truths) {
  for (size_t i = 0; i < size; ++i) truths[i] = truths[i] == 1 ? kept[i] : absent();
}

template <typename Holds>
void compare(Operand left, Operand right, Compared result, size_t count, double* out,
             const Holds& holds) {
  for_each_block(left, right, count, out,
                 [&holds, result](const double* a, const double* b, size_t size, double* results) {
                   fill(a, b, size, results,
                        [&holds](double x, double y) { return holds(x, y) ? 1.0 : 0.0; });
                   if (result != Compared::Truth) {
                     keep_where_true(result == Compared::Left ? a : b, size, results);
                   }
                 });
}

}  // namespace

void compute_column(BinaryOp op, Operand left, Operand right, size_t count, double* out) {
  switch (op) {
    case BinaryOp::Add:
      return compute(left, right, count, out, [](double a, double b) { return a + b; });
    case BinaryOp::Sub:
      return compute(left, right, count, out, [](double a, double b) { return a - b; });
    case BinaryOp::Mul:
      return compute(left, right, count, out, [](double a, double b) { return a * b; });
    case BinaryOp::Div:
      return compute(left, right, count, out, [](double a, double b) { return a / b; });
    default:
      break;
  }
  for (size_t step = 0; step < count; ++step) {
    const double a = left.at(step);
    const double b = right.at(step);
    out[step] = is_absent(a) || is_absent(b) ? absent() : scalar_operation(op, a, b);
  }
}

void compare_column(BinaryOp op, Operand left, Operand right, Compared result, size_t count,
                    double* out) {
  switch (op) {
    case BinaryOp::Equal:
      return compare(left, right, result, count, out, [](double a, double b) { return a == b; });
    case BinaryOp::NotEqual:
      return compare(left, right, result, count, out, [](double a, double b) { return a != b; });
    case BinaryOp::Less:
      return compare(left, right, result, count, out, [](double a, double b) { return a < b; });
    case BinaryOp::LessEqual:
      return compare(left, right, result, count, out, [](double a, double b) { return a <= b; });
    case BinaryOp::Greater:
      return compare(left, right, result, count, out, [](double a, double b) { return a > b; });
    default:
      return compare(left, right, result, count, out, [](double a, double b) { return a >= b; });
  }
}

}  // namespace promenade::promql
