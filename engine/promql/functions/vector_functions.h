#pragma once  // engine/promql/vector_functions.h
// The functions of instant vectors, scalars and strings (VectorFunction in values.h), a table for
// each subject. find_vector_function() looks through them all.
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "promql/values.h"

namespace promenade::promql {

struct NamedFunction {
  std::string_view name;
  VectorFunction function;
};

std::span<const NamedFunction> math_functions();    // abs() ... tanh(), round(), clamp().
std::span<const NamedFunction> scalar_functions();  // scalar(), vector(), pi(), max_of() ...
std::span<const NamedFunction> time_functions();    // time(), hour() ... year(), start(), step().
std::span<const NamedFunction> label_functions();   // label_replace(), label_join().
std::span<const NamedFunction> sort_functions();    // sort(), sort_by_label() ...
std::span<const NamedFunction> histogram_functions();  // histogram_quantile() ...

// The arguments of a call, whose types the parser has checked.
inline std::vector<Row>& rows_of(VectorCall& call, size_t arg) {
  return std::get<VectorValue>(call.args[arg]).rows;
}
inline const std::vector<double>& scalars_of(const VectorCall& call, size_t arg) {
  return std::get<ScalarValue>(call.args[arg]).values;
}
inline const std::string& text_of(const VectorCall& call, size_t arg) {
  return std::get<StringValue>(call.args[arg]).text;
}
inline SourceSpan span_of(const VectorCall& call, size_t arg) {
  return call.call->args[arg]->span;
}

// The result of a function that drops metric names: fails where two elements become the same.
inline Result<Value> without_names(const VectorCall& call, std::vector<Row> rows) {
  for (Row& row : rows) drop_metric_name(row, call.delayed_name_removal);
  if (!call.delayed_name_removal) TRY(merge_equal_rows(rows));
  return Value(VectorValue{std::move(rows)});
}

// Replaces every float of the rows by function(float, step). Histograms are not among the results.
template <typename Function>
void map_floats(std::vector<Row>& rows, Function function) {
  for (Row& row : rows) {
    row.histograms.clear();
    for (size_t step = 0; step < row.values.size(); ++step) {
      double& value = row.values[step];
      if (!is_absent(value)) value = function(value, step);
    }
  }
}

// Go's math.Max and math.Min: NaN wins over all but the infinity on the function's own side, and -0
// is less than +0.
double go_max(double a, double b);
double go_min(double a, double b);

}  // namespace promenade::promql
