// Operators with a scalar on one side at least.
#include "promql/evaluator/binary.h"
#include "promql/evaluator/binary_element.h"
#include "promql/evaluator/row_source.h"

namespace promenade::promql {
namespace {

class ScalarOperator {
 public:
  ScalarOperator(const BinaryCall& call, Operand scalar, ScalarSide side)
      : call_(call),
        op_(call.binary.op),
        scalar_(scalar),
        scalar_is_left_(side == ScalarSide::Left),
        is_trim_(op_ == BinaryOp::TrimUpper || op_ == BinaryOp::TrimLower) {}

  // Of several rows at the same time, each with remarks of its own.
  void apply(Row& row, StepRemarks& remarks) const {
    if (row.has_histograms() || is_trim_) {
      for (size_t step = 0; step < row.values.size(); ++step) {
        if (row.present(step)) apply_to_element(row, step, remarks);
      }
    } else {
      apply_to_column(row.values);
    }
    if (changes_metric(op_) || call_.binary.return_bool) {
      drop_metric_name(row, call_.delayed_name_removal());
    }
  }

 private:
  // A comparison keeps the element's own value, whichever side it stands on.
  void apply_to_column(std::vector<double>& column) const {
    const Operand element(column);
    const Operand left = scalar_is_left_ ? scalar_ : element;
    const Operand right = scalar_is_left_ ? element : scalar_;
    if (!is_comparison(op_)) {
      return compute_column(op_, left, right, column.size(), column.data());
    }
    const Compared kept = scalar_is_left_ ? Compared::Right : Compared::Left;
    compare_column(op_, left, right, call_.binary.return_bool ? Compared::Truth : kept,
                   column.size(), column.data());
  }

  void apply_to_element(Row& row, size_t step, StepRemarks& remarks) const {
    const bool is_float = !is_absent(row.values[step]);
    const ElementSample element{row.values[step], is_float ? nullptr : &row.histograms[step]};
    const ElementSample scalar{scalar_.at(step), nullptr};
    ElementResult result = scalar_is_left_ ? element_operation(op_, scalar, element)
                                           : element_operation(op_, element, scalar);
    remarks.add(step, std::move(result.remark));
    if (!result.is_valid) {
      clear(row, step);
    } else if (is_comparison(op_)) {
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
  Operand scalar_;
  bool scalar_is_left_;
  bool is_trim_;
};

}  // namespace

ScalarValue binary_scalars(const BinaryCall& call, ScalarValue left, const ScalarValue& right) {
  for (size_t step = 0; step < left.values.size(); ++step) {
    left.values[step] = scalar_operation(call.binary.op, left.values[step], right.values[step]);
  }
  return left;
}

Result<std::vector<Row>> binary_with_scalar(const BinaryCall& call, std::vector<Row> rows,
                                            Operand scalar, ScalarSide side) {
  const ScalarOperator scalar_operator(call, scalar, side);
  std::vector<StepRemarks> remarks(shard_count(rows.size()));
  TRY(for_each_shard(call.context, rows.size(), call.annotations,
                     [&](size_t shard, size_t begin, size_t end, Annotations&) -> Result<void> {
                       for (size_t i = begin; i < end; ++i) {
                         scalar_operator.apply(rows[i], remarks[shard]);
                       }
                       return {};
                     }));
  for (size_t shard = 1; shard < remarks.size(); ++shard) {
    remarks.front().merge(std::move(remarks[shard]));
  }
  if (!remarks.empty()) remarks.front().add_to(call.annotations, call.span);
  remove_empty_rows(rows);
  if (!call.delayed_name_removal()) TRY(merge_equal_rows(rows));
  return rows;
}

}  // namespace promenade::promql
