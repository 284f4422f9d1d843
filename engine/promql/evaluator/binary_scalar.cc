// Operators with a scalar on one side at least.
#include "promql/evaluator/binary.h"
#include "promql/evaluator/binary_element.h"
#include "promql/evaluator/row_source.h"

namespace promenade::promql {
namespace {

class ScalarOperator {
 public:
  ScalarOperator(const BinaryCall& call, const ScalarValue& scalar, ScalarSide side)
      : call_(call),
        op_(call.binary.op),
        scalar_(scalar),
        scalar_is_left_(side == ScalarSide::Left),
        is_trim_(op_ == BinaryOp::TrimUpper || op_ == BinaryOp::TrimLower),
        remarks_(call.step_count) {}

  void apply(Row& row) {
    if (row.has_histograms() || is_trim_) {
      for (size_t step = 0; step < row.values.size(); ++step) {
        if (row.present(step)) apply_to_element(row, step);
      }
    } else if (is_comparison(op_)) {
      compare_column(row);
    } else {
      compute_column(row);
    }
    if (changes_metric(op_) || call_.binary.return_bool) {
      drop_metric_name(row, call_.delayed_name_removal);
    }
  }

  // The last remark of each step.
  void report() {
    for (const ElementRemark& remark : remarks_) remark.add_to(call_.annotations, call_.span);
  }

 private:
  double left(double value, size_t step) const {
    return scalar_is_left_ ? scalar_.values[step] : value;
  }
  double right(double value, size_t step) const {
    return scalar_is_left_ ? value : scalar_.values[step];
  }

  void compute_column(Row& row) {
    for (size_t step = 0; step < row.values.size(); ++step) {
      double& value = row.values[step];
      if (is_absent(value)) continue;
      value = scalar_operation(op_, left(value, step), right(value, step));
    }
  }

  void compare_column(Row& row) {
    for (size_t step = 0; step < row.values.size(); ++step) {
      double& value = row.values[step];
      if (is_absent(value)) continue;
      const bool holds = compares(op_, left(value, step), right(value, step));
      if (call_.binary.return_bool) {
        value = holds ? 1 : 0;
      } else if (!holds) {
        value = absent();
      }
    }
  }

  void apply_to_element(Row& row, size_t step) {
    const bool is_float = !is_absent(row.values[step]);
    const ElementSample element{row.values[step], is_float ? nullptr : &row.histograms[step]};
    const ElementSample scalar{scalar_.values[step], nullptr};
    ElementResult result = scalar_is_left_ ? element_operation(op_, scalar, element)
                                           : element_operation(op_, element, scalar);
    if (result.remark.kind != ElementRemark::Kind::None) remarks_[step] = result.remark;
    if (!result.is_valid) {
      clear(row, step);
    } else if (is_comparison(op_)) {
      // A comparison keeps the element's own value, whichever side it stands on.
      if (call_.binary.return_bool) {
        clear(row, step);
        row.values[step] = result.keep ? 1 : 0;
      } else if (!result.keep) {
        clear(row, step);
      }
    } else if (result.histogram) {
      row.set_histogram(step, std::move(result.histogram));
    } else {
      row.values[step] = result.value;
    }
  }

  static void clear(Row& row, size_t step) {
    row.values[step] = absent();
    if (row.has_histograms()) row.histograms[step] = nullptr;
  }

  const BinaryCall& call_;
  BinaryOp op_;
  const ScalarValue& scalar_;
  bool scalar_is_left_;
  bool is_trim_;
  std::vector<ElementRemark> remarks_;
};

}  // namespace

ScalarValue binary_scalars(const BinaryCall& call, ScalarValue left, const ScalarValue& right) {
  for (size_t step = 0; step < left.values.size(); ++step) {
    left.values[step] = scalar_operation(call.binary.op, left.values[step], right.values[step]);
  }
  return left;
}

Result<std::vector<Row>> binary_with_scalar(const BinaryCall& call, std::vector<Row> rows,
                                            const ScalarValue& scalar, ScalarSide side) {
  ScalarOperator apply(call, scalar, side);
  for (Row& row : rows) apply.apply(row);
  apply.report();
  remove_empty_rows(rows);
  if (!call.delayed_name_removal) TRY(merge_equal_rows(rows));
  return rows;
}

}  // namespace promenade::promql
