// The entry points: prepare, evaluate, and turn columns into the result's shape.
#include "promql/engine.h"

#include <algorithm>
#include <string>

#include "promql/evaluator/evaluator.h"
#include "promql/evaluator/extended_range.h"

namespace promenade::promql {
namespace {

void sort_by_labels(Matrix& matrix) {
  std::sort(matrix.begin(), matrix.end(),
            [](const MatrixSeries& a, const MatrixSeries& b) { return a.labels < b.labels; });
}

QueryResult result_of(std::variant<Scalar, std::string, Vector, Matrix> value, Timestamp time,
                      Evaluator& evaluator, const QueryBudget& budget, int64_t preparation_ns) {
  QueryResult result;
  result.value = std::move(value);
  result.time = time;
  result.annotations = std::move(evaluator.annotations());
  result.statistics = budget.statistics();
  result.statistics.preparation_ns = preparation_ns;
  result.statistics.evaluation_ns = budget.elapsed_ns();
  if (auto* matrix = std::get_if<Matrix>(&result.value)) {
    sort_by_labels(*matrix);
    result.statistics.sort_ns = budget.elapsed_ns() - result.statistics.evaluation_ns;
  }
  return result;
}

int64_t now_ns(const EngineOptions& options) {
  return options.monotonic_ns ? options.monotonic_ns() : 0;
}

// What delayed name removal put off.
Result<void> remove_dropped_names(std::vector<Row>& rows) {
  for (Row& row : rows) {
    if (!row.drop_name) continue;
    row.labels = without_metric_name(row.labels);
    row.drop_name = false;
  }
  return merge_equal_rows(rows);
}

Vector to_vector(std::vector<Row> rows, Timestamp time) {
  Vector vector;
  vector.reserve(rows.size());
  for (Row& row : rows) {
    if (!row.present(0)) continue;
    HistogramPtr histogram = row.has_histograms() ? row.histograms[0] : nullptr;
    const double value = histogram ? 0 : row.values[0];
    vector.push_back({std::move(row.labels), {time.ms, value, std::move(histogram)}});
  }
  return vector;
}

MatrixSeries to_series(Row row, const StepGrid& grid) {
  MatrixSeries series;
  series.labels = std::move(row.labels);
  size_t count = 0;
  for (size_t step = 0; step < grid.count; ++step) count += row.present(step) ? 1 : 0;
  series.points.reserve(count);
  for (size_t step = 0; step < grid.count; ++step) {
    if (!is_absent(row.values[step])) {
      series.points.push_back({grid.time_ms(step), row.values[step], nullptr});
    } else if (row.has_histograms() && row.histograms[step]) {
      series.points.push_back({grid.time_ms(step), 0, std::move(row.histograms[step])});
    }
  }
  return series;
}

Matrix to_matrix(std::vector<Row> rows, const StepGrid& grid) {
  Matrix matrix;
  matrix.reserve(rows.size());
  for (Row& row : rows) {
    MatrixSeries series = to_series(std::move(row), grid);
    if (!series.points.empty()) matrix.push_back(std::move(series));
  }
  return matrix;
}

// The samples of the only window, floats and histograms in one order of time.
std::vector<Point> window_points(const RangeWindows& windows) {
  std::vector<Point> points;
  const auto times_ms = windows.window_times(0);
  const auto values = windows.window_values(0);
  size_t next = 0;
  for (const HistogramSample& sample : windows.window_histograms(0)) {
    for (; next < times_ms.size() && times_ms[next] < sample.time_ms; ++next) {
      points.push_back({times_ms[next], values[next], nullptr});
    }
    points.push_back({sample.time_ms, 0, sample.histogram});
  }
  for (; next < times_ms.size(); ++next) points.push_back({times_ms[next], values[next], nullptr});
  return points;
}

Result<std::vector<Point>> shown_points(const WindowPlan& plan, const RangeWindows& windows) {
  if (plan.edges == RangeEdges::Default) return window_points(windows);
  if (!windows.window_histograms(0).empty()) {
    const std::string modifier = plan.edges == RangeEdges::Anchored ? "anchored" : "smoothed";
    return fail(ErrorCode::Execution, modifier + " modifier is not supported with histograms");
  }
  return points_with_edges(windows.window_times(0), windows.window_values(0),
                           windows.window_start_ms(0), windows.window_end_ms(0), plan.edges);
}

// A range vector as it is: an instant query whose root is a matrix selector or a subquery.
Result<Matrix> show_range_vector(const EvaluationContext& context, Evaluator& evaluator,
                                 const Expr& expr, const StepGrid& grid) {
  const auto input = TRY(evaluator.evaluate_range_vector(expr, grid));
  Matrix matrix;
  RowScratch scratch;
  for (size_t i = 0; i < input->series_count(); ++i) {
    TRY(input->load(i, scratch.samples));
    const RangeWindows windows = slide_windows(context, input->plan(), scratch);
    MatrixSeries series;
    series.labels = input->drop_name(i) ? without_metric_name(input->labels(i)) : input->labels(i);
    series.points = TRY(shown_points(input->plan(), windows));
    TRY(context.budget.hold(series.points.size()));
    if (!series.points.empty()) matrix.push_back(std::move(series));
  }
  return matrix;
}

}  // namespace

Result<QueryResult> evaluate_instant(const Expr& expr, Timestamp time, const SampleSource& store,
                                     Executor& executor, const EngineOptions& options) {
  const QueryRange query{time, time};
  const int64_t begun_ns = now_ns(options);
  const Preparation preparation = TRY(Preparation::create(expr, query));
  const int64_t preparation_ns = now_ns(options) - begun_ns;
  QueryBudget budget(options);
  const EvaluationContext context{store, executor, options, query, preparation, budget};
  Evaluator evaluator(context);
  const StepGrid grid{time.ms, 1, 1};
  if (expr.type == ValueType::Matrix) {
    Matrix matrix = TRY(show_range_vector(context, evaluator, expr, grid));
    return result_of(std::move(matrix), time, evaluator, budget, preparation_ns);
  }
  Value value = TRY(evaluator.evaluate(expr, grid));
  if (auto* string = std::get_if<StringValue>(&value)) {
    return result_of(std::move(string->text), time, evaluator, budget, preparation_ns);
  }
  if (const auto* scalar = std::get_if<ScalarValue>(&value)) {
    return result_of(scalar->values.front(), time, evaluator, budget, preparation_ns);
  }
  auto& rows = std::get<VectorValue>(value).rows;
  TRY(remove_dropped_names(rows));
  return result_of(to_vector(std::move(rows), time), time, evaluator, budget, preparation_ns);
}

Result<QueryResult> evaluate_range(const Expr& expr, const QueryRange& range,
                                   const SampleSource& store, Executor& executor,
                                   const EngineOptions& options) {
  if (expr.type != ValueType::Scalar && expr.type != ValueType::Vector) {
    return bad_data("invalid expression type \"" + std::string(document_name(expr.type)) +
                    "\" for range query, must be Scalar or instant Vector");
  }
  const int64_t begun_ns = now_ns(options);
  const Preparation preparation = TRY(Preparation::create(expr, range));
  const int64_t preparation_ns = now_ns(options) - begun_ns;
  QueryBudget budget(options);
  // Not even one column would fit. Counted in 64 bits, which size_t doesn't have in WebAssembly.
  const auto step_count = static_cast<uint64_t>((range.end - range.start).ms / range.step.ms) + 1;
  TRY(budget.check_held_with(column_weight(step_count)));
  const EvaluationContext context{store, executor, options, range, preparation, budget};
  Evaluator evaluator(context);
  const StepGrid grid{range.start.ms, range.step.ms, range.step_count()};
  Value value = TRY(evaluator.evaluate(expr, grid));
  std::vector<Row> rows;
  if (auto* scalar = std::get_if<ScalarValue>(&value)) {
    rows.push_back({});
    rows.front().values = std::move(scalar->values);
  } else {
    rows = std::move(std::get<VectorValue>(value).rows);
    TRY(remove_dropped_names(rows));
  }
  return result_of(to_matrix(std::move(rows), grid), range.start, evaluator, budget,
                   preparation_ns);
}

}  // namespace promenade::promql
