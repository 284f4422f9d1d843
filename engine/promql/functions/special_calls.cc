// absent(), absent_over_time() and timestamp(); info() is in info_call.cc.
#include "promql/functions/special_calls.h"

#include <set>
#include <string>

namespace promenade::promql {
namespace {

const VectorSelector* selector_of(const Expr& argument) {
  const Expr& expr = strip_parens(argument);
  if (const auto* matrix = expr.as<MatrixSelector>()) return matrix->selector->as<VectorSelector>();
  return expr.as<VectorSelector>();
}

// What can be said of the missing series. As ever in Prometheus, a label that is matched twice is
// left out, even when both matchers agree.
Labels absent_labels(const Expr& argument) {
  const VectorSelector* selector = selector_of(argument);
  if (!selector) return {};
  LabelsBuilder builder;
  std::set<std::string> seen;
  for (const Matcher& matcher : selector->matchers) {
    if (matcher.name() == kMetricName) continue;
    if (matcher.type() == MatchType::Equal && seen.insert(matcher.name()).second) {
      builder.set(matcher.name(), matcher.value());
    } else {
      builder.remove(matcher.name());
    }
  }
  return builder.build();
}

}  // namespace

std::vector<Row> absent_rows(const Expr& argument, const std::vector<Row>& rows,
                             size_t step_count) {
  Row result;
  result.labels = absent_labels(argument);
  result.values.assign(step_count, 1);
  for (const Row& row : rows) {
    for (size_t step = 0; step < step_count; ++step) {
      if (row.present(step)) result.values[step] = absent();
    }
  }
  std::vector<Row> results;
  if (has_samples(result)) results.push_back(std::move(result));
  return results;
}

std::vector<Row> evaluation_times(std::vector<Row> rows, const StepGrid& grid, bool delayed) {
  for (Row& row : rows) {
    for (size_t step = 0; step < grid.count; ++step) {
      if (!row.present(step)) continue;
      row.values[step] = static_cast<double>(grid.time_ms(step)) / 1000;
    }
    row.histograms.clear();
    drop_metric_name(row, delayed);
  }
  return rows;
}

}  // namespace promenade::promql
