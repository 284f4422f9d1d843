// Whole columns against the operation of two values, step by step.
#include "promql/evaluator/column_operation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"
#include "promql/evaluator/binary_element.h"

namespace promenade::promql {
namespace {

constexpr BinaryOp kArithmetic[] = {BinaryOp::Add, BinaryOp::Sub, BinaryOp::Mul,  BinaryOp::Div,
                                    BinaryOp::Mod, BinaryOp::Pow, BinaryOp::Atan2};
constexpr BinaryOp kComparisons[] = {BinaryOp::Equal,   BinaryOp::NotEqual,
                                     BinaryOp::Less,    BinaryOp::LessEqual,
                                     BinaryOp::Greater, BinaryOp::GreaterEqual};

// Few different values, so that some are equal, and all the special ones.
std::vector<double> column(size_t count, Random& random) {
  const double values[] = {absent(), normal_nan(), 0, -0.0, 1, 2, 3.5, -7, INFINITY, -INFINITY};
  std::vector<double> result;
  for (size_t i = 0; i < count; ++i) result.push_back(values[random.below(std::size(values))]);
  return result;
}

// Absent, NaN or the very number.
void expect_equal(const std::vector<double>& found, const std::vector<double>& expected,
                  const std::string& what) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(is_absent(found[i]), is_absent(expected[i])) << what << " at " << i;
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(found[i])) << what << " at " << i;
    } else {
      EXPECT_EQ(promenade::bit_cast<uint64_t>(found[i]), promenade::bit_cast<uint64_t>(expected[i]))
          << what << " at " << i;
    }
  }
}

double compared(BinaryOp op, double left, double right, Compared result) {
  const bool holds = compares(op, left, right);
  if (result == Compared::Truth) return holds ? 1 : 0;
  if (!holds) return absent();
  return result == Compared::Left ? left : right;
}

// The operation by every possible pair of operands: two columns, and a column and a constant.
template <typename Columns, typename Elements>
void check(const std::string& what, const Columns& of_columns, const Elements& of_elements) {
  Random random(5);
  // Around the size of a block, and the single step of an instant query.
  for (const size_t count : {1u, 255u, 256u, 257u, 1000u}) {
    const std::vector<double> left = column(count, random);
    const std::vector<double> right = column(count, random);
    const double constant = 2;
    const auto expected = [&](const Operand& a, const Operand& b) {
      std::vector<double> result;
      for (size_t i = 0; i < count; ++i) {
        const bool is_any_absent = is_absent(a.at(i)) || is_absent(b.at(i));
        result.push_back(is_any_absent ? absent() : of_elements(a.at(i), b.at(i)));
      }
      return result;
    };
    const Operand operands[] = {Operand(left), Operand(right), Operand::constant(constant)};
    for (const Operand& a : operands) {
      for (const Operand& b : operands) {
        if (a.is_constant() && b.is_constant()) continue;
        std::vector<double> out(count);
        of_columns(a, b, count, out.data());
        expect_equal(out, expected(a, b), what);
      }
    }
    // In place.
    std::vector<double> out = left;
    of_columns(Operand(out), Operand(right), count, out.data());
    expect_equal(out, expected(operands[0], operands[1]), what + " in place of the left");
    out = right;
    of_columns(Operand(left), Operand(out), count, out.data());
    expect_equal(out, expected(operands[0], operands[1]), what + " in place of the right");
  }
}

TEST(ColumnOperation, ComputesAsElementByElement) {
  for (const BinaryOp op : kArithmetic) {
    check(
        std::string(to_string(op)),
        [op](Operand a, Operand b, size_t count, double* out) {
          compute_column(op, a, b, count, out);
        },
        [op](double a, double b) { return scalar_operation(op, a, b); });
  }
}

TEST(ColumnOperation, ComparesAsElementByElement) {
  for (const BinaryOp op : kComparisons) {
    for (const Compared result : {Compared::Left, Compared::Right, Compared::Truth}) {
      check(
          std::string(to_string(op)),
          [op, result](Operand a, Operand b, size_t count, double* out) {
            compare_column(op, a, b, result, count, out);
          },
          [op, result](double a, double b) { return compared(op, a, b, result); });
    }
  }
}

}  // namespace
}  // namespace promenade::promql
