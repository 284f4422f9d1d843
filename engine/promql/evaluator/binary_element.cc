// The table of operators by operand types.
#include "promql/evaluator/binary_element.h"

#include <cmath>
#include <memory>

#include "base/strings.h"
#include "model/histogram.h"
#include "promql/annotation_texts.h"
#include "promql/functions/histogram_trim.h"

namespace promenade::promql {
namespace {

std::string_view type_name(const ElementSample& sample) {
  return sample.histogram ? "histogram" : "float";
}

ElementResult incompatible(BinaryOp op, const ElementSample& left, const ElementSample& right) {
  const std::string name(to_string(op));
  ElementResult result;
  result.is_valid = false;
  result.remark = {ElementRemark::Kind::Info,
                   "incompatible sample types encountered for binary operator " + quote(name) +
                       ": " + std::string(type_name(left)) + " " + name + " " +
                       std::string(type_name(right))};
  return result;
}

ElementResult of_histogram(FloatHistogram histogram) {
  ElementResult result;
  result.histogram = std::make_shared<FloatHistogram>(std::move(histogram));
  return result;
}

ElementResult of_floats(BinaryOp op, double left, double right) {
  ElementResult result;
  if (is_comparison(op)) {
    result.keep = compares(op, left, right);
    result.value = left;
  } else {
    result.value = scalar_operation(op, left, right);
  }
  return result;
}

ElementResult scaled(const FloatHistogram& histogram, BinaryOp op, double factor) {
  FloatHistogram result = histogram;
  if (op == BinaryOp::Mul) {
    result.multiply(factor);
  } else {
    result.divide(factor);
  }
  result.compact();
  return of_histogram(std::move(result));
}

ElementResult histogram_and_float(BinaryOp op, const ElementSample& left,
                                  const ElementSample& right) {
  const FloatHistogram& histogram = **left.histogram;
  switch (op) {
    case BinaryOp::Mul:
    case BinaryOp::Div:
      return scaled(histogram, op, right.value);
    case BinaryOp::TrimUpper:
      return of_histogram(trim_upper(histogram, right.value));
    case BinaryOp::TrimLower:
      return of_histogram(trim_lower(histogram, right.value));
    default:
      return incompatible(op, left, right);
  }
}

ElementResult sum_or_difference(BinaryOp op, const FloatHistogram& left,
                                const FloatHistogram& right) {
  const bool is_sum = op == BinaryOp::Add;
  const std::string_view operation = is_sum ? "addition" : "subtraction";
  FloatHistogram value = left;
  const auto notes = is_sum ? value.add(right) : value.subtract(right);
  ElementResult result;
  if (!notes) {
    result.is_valid = false;
    result.remark = {
        ElementRemark::Kind::Warning,
        "incompatible bucket layout encountered for binary operator " + std::string(to_string(op))};
    return result;
  }
  if (notes->counter_reset_collision) {
    // As in Prometheus 3.14, the element goes with the warning.
    result.is_valid = false;
    result.remark = {ElementRemark::Kind::Warning, counter_reset_collision(operation)};
    return result;
  }
  if (!is_sum) value.counter_reset_hint = CounterResetHint::Gauge;
  value.compact();
  result = of_histogram(std::move(value));
  if (notes->custom_bounds_reconciled) {
    result.remark = {ElementRemark::Kind::Info, custom_buckets_reconciled(operation)};
  }
  return result;
}

ElementResult of_histograms(BinaryOp op, const ElementSample& left, const ElementSample& right) {
  switch (op) {
    case BinaryOp::Add:
    case BinaryOp::Sub:
      return sum_or_difference(op, **left.histogram, **right.histogram);
    case BinaryOp::Equal:
    case BinaryOp::NotEqual: {
      ElementResult result;
      const bool is_equal = (*left.histogram)->equals(**right.histogram);
      result.keep = is_equal == (op == BinaryOp::Equal);
      result.histogram = *left.histogram;
      return result;
    }
    default:
      return incompatible(op, left, right);
  }
}

}  // namespace

void ElementRemark::add_to(Annotations& annotations, SourceSpan span) const {
  if (kind == Kind::Info) annotations.info(text, span);
  if (kind == Kind::Warning) annotations.warn(text, span);
}

bool compares(BinaryOp op, double left, double right) {
  switch (op) {
    case BinaryOp::Equal:
      return left == right;
    case BinaryOp::NotEqual:
      return left != right;
    case BinaryOp::Less:
      return left < right;
    case BinaryOp::LessEqual:
      return left <= right;
    case BinaryOp::Greater:
      return left > right;
    default:
      return left >= right;
  }
}

double scalar_operation(BinaryOp op, double left, double right) {
  switch (op) {
    case BinaryOp::Add:
      return left + right;
    case BinaryOp::Sub:
      return left - right;
    case BinaryOp::Mul:
      return left * right;
    case BinaryOp::Div:
      return left / right;
    case BinaryOp::Mod:
      return std::fmod(left, right);
    case BinaryOp::Pow:
      return std::pow(left, right);
    case BinaryOp::Atan2:
      return std::atan2(left, right);
    default:
      return compares(op, left, right) ? 1 : 0;
  }
}

ElementResult element_operation(BinaryOp op, const ElementSample& left,
                                const ElementSample& right) {
  const bool is_trim = op == BinaryOp::TrimUpper || op == BinaryOp::TrimLower;
  if (left.histogram && right.histogram) return of_histograms(op, left, right);
  if (left.histogram) return histogram_and_float(op, left, right);
  if (right.histogram) {
    return op == BinaryOp::Mul ? scaled(**right.histogram, op, left.value)
                               : incompatible(op, left, right);
  }
  return is_trim ? incompatible(op, left, right) : of_floats(op, left.value, right.value);
}

bool changes_metric(BinaryOp op) {
  switch (op) {
    case BinaryOp::Add:
    case BinaryOp::Sub:
    case BinaryOp::Mul:
    case BinaryOp::Div:
    case BinaryOp::Mod:
    case BinaryOp::Pow:
    case BinaryOp::Atan2:
      return true;
    default:
      return false;
  }
}

}  // namespace promenade::promql
