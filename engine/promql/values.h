#pragma once  // engine/promql/values.h
// The evaluator's intermediate values: every subexpression evaluated at every step of the query,
// a column for each series. Internal to engine/promql.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/labels.h"
#include "model/sample.h"
#include "promql/annotations.h"
#include "promql/ast.h"
#include "promql/engine.h"

namespace promenade::promql {

class QueryBudget;

// The steps that a subexpression is evaluated at: start_ms + i * step_ms for i < count. A
// subquery evaluates its operand on a grid of its own.
struct StepGrid {
  int64_t start_ms = 0;
  int64_t step_ms = 1;
  size_t count = 1;
  int64_t time_ms(size_t i) const { return start_ms + static_cast<int64_t>(i) * step_ms; }
};

// "No sample at this step" in a column of doubles. No operator can produce this bit pattern.
inline double absent() {
  return stale_nan();
}
inline bool is_absent(double value) {
  return is_stale_nan(value);
}

// One series of an instant vector over all steps.
struct Row {
  Labels labels;
  // With delayed name removal: __name__ is still in `labels` but goes at the end. Without it,
  // operators that drop the name remove it at once and this stays false.
  bool drop_name = false;
  // One value a step, absent() where there is none.
  std::vector<double> values;
  // Empty when the row has no histogram at all; else one a step, null where there is none. At a
  // step where a histogram stands, values[i] is absent().
  std::vector<HistogramPtr> histograms;

  bool has_histograms() const { return !histograms.empty(); }
  bool present(size_t step) const {
    return !is_absent(values[step]) || (has_histograms() && histograms[step] != nullptr);
  }
  // Puts a histogram at a step, making room on the first one.
  void set_histogram(size_t step, HistogramPtr histogram) {
    if (histograms.empty()) histograms.resize(values.size());
    histograms[step] = std::move(histogram);
    values[step] = absent();
  }
};

struct VectorValue {
  std::vector<Row> rows;
};
struct ScalarValue {
  std::vector<double> values;  // One a step; a scalar is never absent.
};
struct StringValue {
  std::string text;
};
using Value = std::variant<ScalarValue, VectorValue, StringValue>;

// One series of a range vector: its samples once, and for each step the half-open index range of
// those inside the step's window. Stale markers are not among the samples.
struct RangeWindows {
  std::span<const int64_t> times_ms;
  std::span<const double> values;
  // One a float, or empty; and whether those in `histograms` count (use_start_timestamps).
  std::span<const int64_t> start_times_ms;
  bool uses_start_times = false;
  std::span<const uint32_t> begin;  // One a step.
  std::span<const uint32_t> end;
  std::span<const HistogramSample> histograms;
  std::span<const uint32_t> histogram_begin;  // One a step; empty when there are no histograms.
  std::span<const uint32_t> histogram_end;

  StepGrid grid;
  int64_t range_ms = 0;
  // The windows end at grid.time_ms(i) - offset_ms, or all at pinned_ms when `@` is given.
  int64_t offset_ms = 0;
  std::optional<int64_t> pinned_end_ms;
  bool zero_before_threshold = false;  // As in EngineOptions.

  size_t step_count() const { return begin.size(); }
  int64_t window_end_ms(size_t step) const {
    return pinned_end_ms ? *pinned_end_ms : grid.time_ms(step) - offset_ms;
  }
  int64_t window_start_ms(size_t step) const { return window_end_ms(step) - range_ms; }
  std::span<const double> window_values(size_t step) const {
    return values.subspan(begin[step], end[step] - begin[step]);
  }
  std::span<const int64_t> window_times(size_t step) const {
    return times_ms.subspan(begin[step], end[step] - begin[step]);
  }
  std::span<const HistogramSample> window_histograms(size_t step) const {
    if (histogram_begin.empty()) return {};
    return histograms.subspan(histogram_begin[step], histogram_end[step] - histogram_begin[step]);
  }
};

// What a range function gets besides the windows of one series.
struct RangeCall {
  const Call* call = nullptr;
  SourceSpan span;               // Of the whole call.
  SourceSpan arg_span;           // Of the range vector argument.
  std::string_view metric_name;  // "" when the series has none.
  // Its __type__, when that is what tells counters (EngineOptions::type_and_unit_labels).
  std::optional<std::string_view> metric_type;
  std::span<const ScalarValue> scalars;  // The scalar arguments, in the order of the signature.
  Annotations* annotations = nullptr;
  const QueryBudget* budget = nullptr;  // Null in tests of a kernel alone.

  // For kernels whose work on one series has no small bound: now and then, whether to go on.
  Result<void> check_time() const;
};

// Folds all windows of one series into its column. `out.values` arrives with one absent() a step;
// `out.labels` are settled by the caller. Called once for each series, possibly from several
// threads with distinct `out` and `annotations`.
using RangeKernel = Result<void> (*)(const RangeWindows& windows, const RangeCall& call, Row& out);
// Null when `name` is not a function of a range vector that works a series at a time.
RangeKernel find_range_kernel(std::string_view name);
// Whether the function's result keeps the metric name (last_over_time, first_over_time).
bool keeps_metric_name(std::string_view name);

// Functions of instant vectors, scalars and strings: arguments evaluated, in the order of the call.
struct VectorCall {
  const Call* call = nullptr;
  SourceSpan span;
  StepGrid grid;
  QueryRange query;         // Of the whole query, for start(), end(), range(), step().
  std::vector<Value> args;  // The function may consume them.
  bool delayed_name_removal = false;
  bool is_range_query = false;
  Annotations* annotations = nullptr;
};
using VectorFunction = Result<Value> (*)(VectorCall& call);
// Null when `name` is not such a function (or is one that the evaluator itself must do: timestamp,
// absent, absent_over_time, info, and all that take a range vector).
VectorFunction find_vector_function(std::string_view name);

// The labels without __name__, __type__ and __unit__.
Labels without_metric_name(const Labels& labels);
// Drops the metric name from a row now, or marks it for later.
void drop_metric_name(Row& row, bool delayed);

// Merges rows with equal labels whose present steps do not overlap; fails with Execution
// ("vector cannot contain metrics with the same labelset") where they do.
Result<void> merge_equal_rows(std::vector<Row>& rows);

}  // namespace promenade::promql
