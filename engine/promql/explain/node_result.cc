// engine/promql/explain/node_result.cc
// Summaries are of all series, results of the first few.
#include "promql/explain/node_result.h"

#include <algorithm>
#include <map>
#include <set>

#include "model/histogram.h"
#include "promql/budget.h"
#include "promql/evaluator/extended_range.h"

namespace promenade::promql {
namespace {

constexpr size_t kExamplesMax = 3;

Labels visible_labels(const Labels& labels, bool drop_name) {
  return drop_name ? without_metric_name(labels) : labels;
}

class LabelCounter {
 public:
  void add(const Labels& labels) {
    for (const Label& label : labels) {
      values_[std::string(label.name)].insert(std::string(label.value));
    }
  }
  std::vector<LabelSummary> summaries() const {
    std::vector<LabelSummary> result;
    for (const auto& [name, values] : values_) {
      LabelSummary& summary = result.emplace_back();
      summary.name = name;
      summary.value_count = values.size();
      auto value = values.begin();
      for (size_t i = 0; i < kExamplesMax && value != values.end(); ++i) {
        summary.examples.push_back(*value++);
      }
    }
    return result;
  }

 private:
  std::map<std::string, std::set<std::string>> values_;
};

std::vector<Point> points_of(const std::vector<double>& values,
                             const std::vector<HistogramPtr>& histograms, const StepGrid& grid) {
  std::vector<Point> points;
  for (size_t step = 0; step < values.size(); ++step) {
    if (!is_absent(values[step])) {
      points.push_back({grid.time_ms(step), values[step], nullptr});
    } else if (!histograms.empty() && histograms[step]) {
      points.push_back({grid.time_ms(step), 0, histograms[step]});
    }
  }
  return points;
}

uint64_t bytes_of(const std::vector<double>& values, const std::vector<HistogramPtr>& histograms) {
  uint64_t bytes = 0;
  for (const double value : values) bytes += is_absent(value) ? 0 : 8;
  for (const HistogramPtr& histogram : histograms) {
    if (histogram) bytes += 16 * sample_weight(*histogram);
  }
  return bytes;
}

void show_scalar(const ScalarValue& scalar, const StepGrid& grid, ExplainNode& node) {
  node.bytes = 8 * scalar.values.size();
  if (grid.count == 1) {
    node.result.value = scalar.values.front();
    return;
  }
  MatrixSeries series{{}, points_of(scalar.values, {}, grid)};
  node.is_thinned = thin_out(series.points);
  node.result.value = Matrix{std::move(series)};
}

// The first rows, in the order of the result: over several steps that of the labels.
std::vector<const Row*> shown_rows(const std::vector<Row>& rows, bool is_sorted, size_t count_max) {
  std::vector<const Row*> shown;
  for (const Row& row : rows) shown.push_back(&row);
  const size_t count = std::min(count_max, shown.size());
  if (is_sorted) {
    std::partial_sort(shown.begin(), shown.begin() + static_cast<ptrdiff_t>(count), shown.end(),
                      [](const Row* a, const Row* b) { return a->labels < b->labels; });
  }
  shown.resize(count);
  return shown;
}

void show_rows(const std::vector<Row>& rows, const StepGrid& grid, size_t shown_max,
               ExplainNode& node) {
  LabelCounter labels;
  for (const Row& row : rows) {
    const Labels visible = visible_labels(row.labels, row.drop_name);
    labels.add(visible);
    node.bytes += visible.bytes().size() + bytes_of(row.values, row.histograms);
  }
  node.labels = labels.summaries();
  node.series_count = rows.size();
  Vector vector;
  Matrix matrix;
  for (const Row* row : shown_rows(rows, grid.count > 1, shown_max)) {
    Labels visible = visible_labels(row->labels, row->drop_name);
    std::vector<Point> points = points_of(row->values, row->histograms, grid);
    if (grid.count == 1) {
      vector.push_back({std::move(visible), points.empty() ? Point{} : points.front()});
    } else {
      node.is_thinned |= thin_out(points);
      matrix.push_back({std::move(visible), std::move(points)});
    }
  }
  node.series_left_out = rows.size() - std::max(vector.size(), matrix.size());
  if (grid.count == 1) {
    node.result.value = std::move(vector);
  } else {
    node.result.value = std::move(matrix);
  }
}

// Floats and histograms in one order of time.
std::vector<Point> points_of(const SampleColumns& samples) {
  std::vector<Point> points;
  for (size_t i = 0; i < samples.times_ms.size(); ++i) {
    points.push_back({samples.times_ms[i], samples.values[i], nullptr});
  }
  for (const HistogramSample& sample : samples.histograms) {
    points.push_back({sample.time_ms, 0, sample.histogram});
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const Point& a, const Point& b) { return a.time_ms < b.time_ms; });
  return points;
}

// At one instant, anchored and smoothed windows have a point at either edge.
std::vector<Point> window_points(const WindowPlan& plan, const SampleColumns& samples) {
  const bool has_edges = plan.edges != RangeEdges::Default && plan.grid.count == 1;
  if (!has_edges || !samples.histograms.empty()) return points_of(samples);
  const int64_t end_ms = plan.shift.reference_ms(plan.grid.start_ms);
  return points_with_edges(samples.times_ms, samples.values, end_ms - plan.range_ms, end_ms,
                           plan.edges);
}

std::vector<size_t> order_of(const RangeInput& input, bool is_sorted) {
  std::vector<size_t> order(input.series_count());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (!is_sorted) return order;
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return input.labels(a) < input.labels(b); });
  return order;
}

double height(const Point& point) {
  return point.histogram ? point.histogram->count : point.value;
}

}  // namespace

void show_value(const Value& value, const StepGrid& grid, const ExplainOptions& options,
                ExplainNode& node) {
  node.result.time = Timestamp{grid.start_ms};
  if (const auto* string = std::get_if<StringValue>(&value)) {
    node.bytes = string->text.size();
    node.result.value = string->text;
  } else if (const auto* scalar = std::get_if<ScalarValue>(&value)) {
    show_scalar(*scalar, grid, node);
  } else {
    show_rows(std::get<VectorValue>(value).rows, grid, options.series_shown_max, node);
  }
}

Result<void> show_range_vector(const RangeInput& input, bool is_whole_query,
                               const ExplainOptions& options, ExplainNode& node) {
  node.result.time = Timestamp{input.plan().grid.start_ms};
  LabelCounter labels;
  Matrix matrix;
  SampleColumns samples;
  const bool is_sorted = is_whole_query || input.plan().grid.count > 1;
  for (const size_t i : order_of(input, is_sorted)) {
    TRY(input.load(i, samples));
    const bool is_shown = matrix.size() < options.series_shown_max;
    // Otherwise all the samples are inside of the windows, and counting them is enough.
    const bool has_edges = input.plan().edges != RangeEdges::Default;
    std::vector<Point> points;
    if (is_shown || has_edges) points = window_points(input.plan(), samples);
    const size_t count =
        is_shown || has_edges ? points.size() : samples.values.size() + samples.histograms.size();
    if (count == 0) continue;
    Labels visible = visible_labels(input.labels(i), input.drop_name(i));
    ++node.series_count;
    node.bytes += visible.bytes().size() + 16 * count;
    labels.add(visible);
    if (!is_shown) continue;
    node.is_thinned |= thin_out(points);
    matrix.push_back({std::move(visible), std::move(points)});
  }
  node.series_left_out = node.series_count - matrix.size();
  node.labels = labels.summaries();
  node.result.value = std::move(matrix);
  return {};
}

bool thin_out(std::vector<Point>& points) {
  if (points.size() <= kExplainPointsMax) return false;
  // One place is for the last point.
  constexpr size_t kParts = (kExplainPointsMax - 1) / 2;
  std::vector<Point> kept;
  const size_t count = points.size() - 1;
  for (size_t part = 0; part < kParts; ++part) {
    const auto begin = static_cast<size_t>(uint64_t{part} * count / kParts);
    const auto end = static_cast<size_t>((uint64_t{part} + 1) * count / kParts);
    size_t low = begin;
    size_t high = begin;
    for (size_t i = begin + 1; i < end; ++i) {
      if (height(points[i]) < height(points[low])) low = i;
      if (height(points[i]) > height(points[high])) high = i;
    }
    kept.push_back(points[std::min(low, high)]);
    if (low != high) kept.push_back(points[std::max(low, high)]);
  }
  kept.push_back(points.back());
  points = std::move(kept);
  return true;
}

}  // namespace promenade::promql
