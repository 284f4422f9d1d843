// Where range vectors come from, and the sweep that finds their windows.
#include "promql/evaluator/range_vector.h"

#include <algorithm>
#include <limits>

#include "model/histogram.h"
#include "promql/evaluator/histogram_counts.h"

namespace promenade::promql {
namespace {

// A subquery whose grid is so long that not even this many columns would fit isn't begun.
constexpr uint64_t kColumnsMin = 4;

TimeRange window_range(const EvaluationContext& context, const WindowPlan& plan) {
  const int64_t first_ms = plan.shift.reference_ms(plan.grid.time_ms(0));
  const int64_t last_ms = plan.shift.reference_ms(plan.grid.time_ms(plan.grid.count - 1));
  return {{context.window_first_ms(first_ms, plan.range_ms + plan.before_ms)},
          {last_ms + plan.after_ms}};
}

class StoredRange final : public RangeInput {
 public:
  StoredRange(const EvaluationContext& context, const WindowPlan& plan,
              std::vector<SelectedSeries> series)
      : RangeInput(plan),
        context_(context),
        series_(std::move(series)),
        range_(window_range(context, plan)) {}

  size_t series_count() const override { return series_.size(); }
  const Labels& labels(size_t series) const override { return *series_[series].labels; }
  bool drop_name(size_t) const override { return false; }

  Result<void> load(size_t series, SampleColumns& out) const override {
    out.clear();
    TRY(context_.store.read(series_[series].ref, range_, out));
    remove_stale_markers(out);
    if (plan_.reads_counts_only) keep_counts_only(out.histograms);
    context_.budget.count_read(out.values.size() + out.histograms.size());
    return {};
  }

 private:
  const EvaluationContext& context_;
  std::vector<SelectedSeries> series_;
  TimeRange range_;
};

// Hints between neighbouring samples say nothing about samples picked at other distances.
HistogramPtr without_reset_hint(const HistogramPtr& histogram) {
  const CounterResetHint hint = histogram->counter_reset_hint;
  if (hint == CounterResetHint::Unknown || hint == CounterResetHint::Gauge) return histogram;
  auto copy = std::make_shared<FloatHistogram>(*histogram);
  copy->counter_reset_hint = CounterResetHint::Unknown;
  return copy;
}

class ComputedRange final : public RangeInput {
 public:
  ComputedRange(const WindowPlan& plan, const StepGrid& inner, std::vector<Row> rows)
      : RangeInput(plan), inner_(inner), rows_(std::move(rows)) {}

  size_t series_count() const override { return rows_.size(); }
  const Labels& labels(size_t series) const override { return rows_[series].labels; }
  bool drop_name(size_t series) const override { return rows_[series].drop_name; }

  Result<void> load(size_t series, SampleColumns& out) const override {
    out.clear();
    const Row& row = rows_[series];
    for (size_t step = 0; step < inner_.count; ++step) {
      if (!is_absent(row.values[step])) {
        out.times_ms.push_back(inner_.time_ms(step));
        out.values.push_back(row.values[step]);
      } else if (row.has_histograms() && row.histograms[step]) {
        out.histograms.push_back({inner_.time_ms(step), without_reset_hint(row.histograms[step])});
      }
    }
    return {};
  }

 private:
  StepGrid inner_;
  std::vector<Row> rows_;
};

// Both ends of all windows, as indices; ends never move back from step to step.
template <typename TimeAt>
void slide(const EvaluationContext& context, const WindowPlan& plan, size_t count,
           const TimeAt& time_at, std::vector<uint32_t>& begins, std::vector<uint32_t>& ends) {
  begins.resize(plan.grid.count);
  ends.resize(plan.grid.count);
  uint32_t begin = 0;
  uint32_t end = 0;
  for (size_t step = 0; step < plan.grid.count; ++step) {
    const int64_t reference_ms = plan.shift.reference_ms(plan.grid.time_ms(step));
    const int64_t first_ms = context.window_first_ms(reference_ms, plan.range_ms + plan.before_ms);
    const int64_t last_ms = reference_ms + plan.after_ms;
    while (end < count && time_at(end) <= last_ms) ++end;
    while (begin < end && time_at(begin) < first_ms) ++begin;
    begins[step] = begin;
    ends[step] = end;
  }
}

}  // namespace

void remove_stale_markers(SampleColumns& samples) {
  const size_t count = samples.values.size();
  size_t kept = 0;
  while (kept < count && !is_stale_nan(samples.values[kept])) ++kept;
  const bool has_starts = !samples.start_times_ms.empty();
  for (size_t i = kept; i < count; ++i) {
    if (is_stale_nan(samples.values[i])) continue;
    if (has_starts) samples.start_times_ms[kept] = samples.start_times_ms[i];
    samples.times_ms[kept] = samples.times_ms[i];
    samples.values[kept++] = samples.values[i];
  }
  samples.times_ms.resize(kept);
  samples.values.resize(kept);
  if (has_starts) samples.start_times_ms.resize(kept);
  auto& histograms = samples.histograms;
  histograms.erase(std::remove_if(histograms.begin(), histograms.end(),
                                  [](const HistogramSample& sample) {
                                    return is_stale_nan(sample.histogram->sum);
                                  }),
                   histograms.end());
}

Result<std::unique_ptr<RangeInput>> select_range(const EvaluationContext& context,
                                                 const Expr& matrix_selector,
                                                 const StepGrid& grid) {
  const auto& matrix = *matrix_selector.as<MatrixSelector>();
  const auto& selector = *matrix.selector->as<VectorSelector>();
  WindowPlan plan;
  plan.grid = grid;
  plan.shift = context.preparation.shift(selector.shift);
  plan.range_ms = context.preparation.duration_ms(*matrix.range);
  plan.edges = selector.edges;
  plan.reads_counts_only = context.preparation.reads_counts_only(*matrix.selector);
  plan.span = matrix_selector.span;
  if (plan.edges != RangeEdges::Default) plan.before_ms = context.options.lookback.ms;
  if (plan.edges == RangeEdges::Smoothed) plan.after_ms = context.options.lookback.ms;
  std::vector<SelectedSeries> series =
      TRY(context.store.select(selector.matchers, window_range(context, plan)));
  return std::unique_ptr<RangeInput>(
      std::make_unique<StoredRange>(context, plan, std::move(series)));
}

StepGrid subquery_grid(const EvaluationContext& context, const WindowPlan& plan, int64_t step_ms) {
  const TimeRange range = window_range(context, plan);
  // The first multiple at or after the range's start; division truncates towards zero.
  int64_t start_ms = range.start.ms / step_ms * step_ms;
  if (start_ms < range.start.ms) start_ms += step_ms;
  StepGrid grid{start_ms, step_ms, 0};
  if (start_ms <= range.end.ms) {
    // More than a 32-bit size_t can count is too many in any case; the query's budget says so.
    const auto count = static_cast<uint64_t>((range.end.ms - start_ms) / step_ms) + 1;
    grid.count = static_cast<size_t>(std::min<uint64_t>(count, std::numeric_limits<size_t>::max()));
  }
  return grid;
}

Result<SubqueryPlan> plan_subquery(const EvaluationContext& context, const Expr& expr,
                                   const StepGrid& grid) {
  const auto& subquery = *expr.as<Subquery>();
  SubqueryPlan plan;
  plan.windows.grid = grid;
  plan.windows.shift = context.preparation.shift(subquery.shift);
  plan.windows.range_ms = context.preparation.duration_ms(*subquery.range);
  plan.windows.span = expr.span;
  const int64_t step_ms = subquery.step ? context.preparation.duration_ms(*subquery.step)
                                        : context.options.subquery_step_default.ms;
  if (step_ms <= 0) return fail(ErrorCode::Execution, "subquery step must be at least 1ms");
  plan.inner = subquery_grid(context, plan.windows, step_ms);
  TRY(context.budget.check_held_with(kColumnsMin * column_weight(plan.inner.count)));
  return plan;
}

std::unique_ptr<RangeInput> range_of_rows(const WindowPlan& plan, const StepGrid& inner,
                                          std::vector<Row> rows) {
  return std::make_unique<ComputedRange>(plan, inner, std::move(rows));
}

RangeWindows slide_windows(const EvaluationContext& context, const WindowPlan& plan,
                           RowScratch& scratch) {
  const SampleColumns& samples = scratch.samples;
  RangeWindows windows;
  windows.grid = plan.grid;
  windows.range_ms = plan.range_ms;
  windows.zero_before_threshold = context.options.zero_before_threshold;
  windows.offset_ms = plan.shift.offset_ms;
  // An offset moves a pinned window too.
  if (plan.shift.pinned_ms) windows.pinned_end_ms = plan.shift.reference_ms(0);

  slide(
      context, plan, samples.times_ms.size(), [&](size_t i) { return samples.times_ms[i]; },
      scratch.begin, scratch.end);
  windows.times_ms = samples.times_ms;
  windows.values = samples.values;
  windows.uses_start_times = context.options.use_start_timestamps;
  if (windows.uses_start_times) windows.start_times_ms = samples.start_times_ms;
  windows.begin = scratch.begin;
  windows.end = scratch.end;
  if (!samples.histograms.empty()) {
    slide(
        context, plan, samples.histograms.size(),
        [&](size_t i) { return samples.histograms[i].time_ms; }, scratch.histogram_begin,
        scratch.histogram_end);
    windows.histograms = samples.histograms;
    windows.histogram_begin = scratch.histogram_begin;
    windows.histogram_end = scratch.histogram_end;
  }
  return windows;
}

uint64_t widest_window(const RangeWindows& windows) {
  uint64_t widest = 0;
  for (size_t step = 0; step < windows.step_count(); ++step) {
    uint64_t size = windows.end[step] - windows.begin[step];
    for (const HistogramSample& sample : windows.window_histograms(step)) {
      size += sample_weight(*sample.histogram);
    }
    widest = std::max(widest, size);
  }
  return widest;
}

}  // namespace promenade::promql
