// Between scalars and vectors, and functions of scalars alone.
#include <cmath>
#include <numbers>

#include "model/sample.h"
#include "promql/functions/vector_functions.h"

namespace promenade::promql {

namespace {

// The only float at a step, or NaN when there is none or more than one. Histograms don't count.
double only_float(const std::vector<Row>& rows, size_t step) {
  const Row* found = nullptr;
  for (const Row& row : rows) {
    if (is_absent(row.values[step])) continue;
    if (found) return normal_nan();
    found = &row;
  }
  return found ? found->values[step] : normal_nan();
}

Result<Value> scalar(VectorCall& call) {
  const std::vector<Row>& rows = rows_of(call, 0);
  ScalarValue result;
  result.values.reserve(call.grid.count);
  for (size_t step = 0; step < call.grid.count; ++step) {
    result.values.push_back(only_float(rows, step));
  }
  return Value(std::move(result));
}

Result<Value> vector(VectorCall& call) {
  VectorValue result;
  result.rows.emplace_back();
  result.rows[0].values = scalars_of(call, 0);
  return Value(std::move(result));
}

Result<Value> pi(VectorCall& call) {
  return Value(ScalarValue{std::vector<double>(call.grid.count, std::numbers::pi)});
}

template <double (*choose)(double, double)>
Result<Value> choose_scalar(VectorCall& call) {
  ScalarValue result = std::get<ScalarValue>(call.args[0]);
  for (size_t step = 0; step < result.values.size(); ++step) {
    result.values[step] = choose(result.values[step], scalars_of(call, 1)[step]);
  }
  return Value(std::move(result));
}

constexpr NamedFunction kFunctions[] = {
    {"max_of", choose_scalar<go_max>},
    {"min_of", choose_scalar<go_min>},
    {"pi", pi},
    {"scalar", scalar},
    {"vector", vector},
};

}  // namespace

std::span<const NamedFunction> scalar_functions() {
  return kFunctions;
}

}  // namespace promenade::promql
