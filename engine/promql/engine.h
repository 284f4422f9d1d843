#pragma once  // engine/promql/engine.h
// Evaluates a query over a store. A range query is the same program as an instant one over more
// steps: every operator works on whole columns at once, so that what is the same at every
// step is worked out once.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "base/time.h"
#include "model/labels.h"
#include "model/queryable.h"
#include "promql/annotations.h"
#include "promql/ast.h"

namespace promenade::promql {

struct EngineOptions {
  Duration lookback = Duration::minutes(5);
  // The step of a subquery that names none (global.evaluation_interval).
  Duration subquery_step_default = Duration::minutes(1);
  // Samples a query may hold at once (--query.max-samples).
  uint64_t samples_max = 50'000'000;
  Duration timeout = Duration::minutes(2);
  // Keep the metric name until the end of the query (feature promql-delayed-name-removal).
  bool delayed_name_removal = false;
  // Counters are reset where their samples' start times say so (feature use-start-timestamps).
  bool use_start_timestamps = false;
  // Counters are told by their __type__ and not by their name (feature type-and-unit-labels).
  bool type_and_unit_labels = false;
  // Windows closed on both sides, as Prometheus 2 had them, instead of 3's left-open ones.
  bool windows_closed_left = false;
  // rate() and increase() as Prometheus 2.42 had them: the point where a counter would have been 0
  // bounds the extrapolation before it is asked whether the window's edge is too far away, not
  // after.
  bool zero_before_threshold = false;
  // Monotonic nanoseconds, for the timeout and the statistics. Null: neither.
  std::function<int64_t()> monotonic_ns;
  // Asked now and then; true stops the query with Canceled. Null: never.
  // Both are called by whichever thread of the Executor is at work.
  std::function<bool()> is_canceled;
};

// start, start + step, ... <= end. An instant query has start == end.
struct QueryRange {
  Timestamp start;
  Timestamp end;
  Duration step = Duration::milliseconds(1);
  size_t step_count() const { return static_cast<size_t>((end.ms - start.ms) / step.ms) + 1; }
};

// A float, or a histogram when that is not null.
struct Point {
  int64_t time_ms;
  double value;
  HistogramPtr histogram;
};
struct VectorElement {
  Labels labels;
  Point point;
};
struct MatrixSeries {
  Labels labels;
  std::vector<Point> points;  // In time order.
};
using Scalar = double;
using Vector = std::vector<VectorElement>;
using Matrix = std::vector<MatrixSeries>;

struct QueryStatistics {
  uint64_t samples_read = 0;
  uint64_t samples_peak = 0;
  // One after the other: resolving durations and the like, evaluating, sorting a matrix.
  int64_t preparation_ns = 0;
  int64_t evaluation_ns = 0;
  int64_t sort_ns = 0;
};

struct QueryResult {
  std::variant<Scalar, std::string, Vector, Matrix> value;
  Timestamp time;  // Of an instant query.
  Annotations annotations;
  QueryStatistics statistics;
};

// Evaluates `expr` at one instant. Errors: Execution, Timeout, Canceled, Limit.
Result<QueryResult> evaluate_instant(const Expr& expr, Timestamp time, const SampleSource& store,
                                     Executor& executor, const EngineOptions& options);
// Evaluates over a range. The value is a Matrix, sorted by labels. Fails with BadData when the
// expression is a range vector or a string.
Result<QueryResult> evaluate_range(const Expr& expr, const QueryRange& range,
                                   const SampleSource& store, Executor& executor,
                                   const EngineOptions& options);

}  // namespace promenade::promql
