// Each series is read once; then one sweep moves over its samples and the steps together.
#include "promql/evaluator/selector.h"

#include <algorithm>

#include "model/histogram.h"
#include "promql/evaluator/extended_range.h"
#include "promql/evaluator/histogram_counts.h"

namespace promenade::promql {
namespace {

// The index after the last sample at or before `time_ms`, searched from `from` on.
template <typename TimeAt>
size_t advance(size_t from, size_t count, int64_t time_ms, const TimeAt& time_at) {
  while (from < count && time_at(from) <= time_ms) ++from;
  return from;
}

bool is_stale(const FloatHistogram& histogram) {
  return is_stale_nan(histogram.sum);
}

double in_seconds(int64_t time_ms) {
  return static_cast<double>(time_ms) / 1000;
}

int64_t start_of_float(const SampleColumns& samples, size_t i) {
  return samples.start_times_ms.empty() ? 0 : samples.start_times_ms[i];
}

// A series of floats only: the usual case. A stale marker has the very bits that mean "absent".
void look_up_floats(const EvaluationContext& context, const SampleColumns& samples,
                    const LookupPlan& plan, Row& out) {
  const auto time_at = [&](size_t i) { return samples.times_ms[i]; };
  const int64_t lookback_ms = context.options.lookback.ms;
  size_t next = 0;
  for (size_t step = 0; step < plan.grid.count; ++step) {
    const int64_t reference_ms = plan.shift.reference_ms(plan.grid.time_ms(step));
    next = advance(next, samples.times_ms.size(), reference_ms, time_at);
    if (next == 0) continue;
    const int64_t time_ms = samples.times_ms[next - 1];
    if (time_ms < context.window_first_ms(reference_ms, lookback_ms)) continue;
    const double value = samples.values[next - 1];
    if (plan.value == SelectedValue::Sample) {
      out.values[step] = value;
    } else if (!is_stale_nan(value)) {
      const bool wants_start = plan.value == SelectedValue::StartSeconds;
      out.values[step] = in_seconds(wants_start ? start_of_float(samples, next - 1) : time_ms);
    }
  }
}

void look_up_mixed(const EvaluationContext& context, const SampleColumns& samples,
                   const LookupPlan& plan, Row& out) {
  const auto float_time_at = [&](size_t i) { return samples.times_ms[i]; };
  const auto histogram_time_at = [&](size_t i) { return samples.histograms[i].time_ms; };
  const int64_t lookback_ms = context.options.lookback.ms;
  size_t next_float = 0;
  size_t next_histogram = 0;
  for (size_t step = 0; step < plan.grid.count; ++step) {
    const int64_t reference_ms = plan.shift.reference_ms(plan.grid.time_ms(step));
    next_float = advance(next_float, samples.times_ms.size(), reference_ms, float_time_at);
    next_histogram =
        advance(next_histogram, samples.histograms.size(), reference_ms, histogram_time_at);
    const int64_t float_ms = next_float ? samples.times_ms[next_float - 1] : INT64_MIN;
    const int64_t histogram_ms =
        next_histogram ? samples.histograms[next_histogram - 1].time_ms : INT64_MIN;
    const int64_t newest_ms = std::max(float_ms, histogram_ms);
    if (newest_ms < context.window_first_ms(reference_ms, lookback_ms)) continue;

    const bool is_float = float_ms == newest_ms;
    if (is_float ? is_stale_nan(samples.values[next_float - 1])
                 : is_stale(*samples.histograms[next_histogram - 1].histogram)) {
      continue;
    }
    if (plan.value == SelectedValue::TimestampSeconds) {
      out.values[step] = in_seconds(newest_ms);
    } else if (plan.value == SelectedValue::StartSeconds) {
      out.values[step] = in_seconds(is_float ? start_of_float(samples, next_float - 1)
                                             : samples.histograms[next_histogram - 1].start_ms);
    } else if (is_float) {
      out.values[step] = samples.values[next_float - 1];
    } else {
      out.set_histogram(step, samples.histograms[next_histogram - 1].histogram);
    }
  }
}

class SelectedRows final : public RowSource {
 public:
  SelectedRows(const EvaluationContext& context, const Expr& selector, const LookupPlan& plan,
               std::vector<SelectedSeries> series)
      : context_(context),
        selector_(selector),
        plan_(plan),
        series_(std::move(series)),
        range_(lookup_range(context, plan)) {
    if (plan_.value == SelectedValue::Sample) return;
    drop_name_ = context_.options.delayed_name_removal;
    if (drop_name_) return;
    for (const SelectedSeries& one : series_) {
      nameless_.push_back(without_metric_name(*one.labels));
    }
  }

  size_t row_count() const override { return series_.size(); }
  const Labels& labels(size_t row) const override {
    return nameless_.empty() ? *series_[row].labels : nameless_[row];
  }
  bool drop_name(size_t) const override { return drop_name_; }

  Result<void> produce(size_t row, RowScratch& scratch, Row& out,
                       Annotations& annotations) override {
    const auto& selector = *selector_.as<VectorSelector>();
    reset_row(out, plan_.grid.count);
    scratch.samples.clear();
    if (selector.edges == RangeEdges::Smoothed && plan_.value == SelectedValue::Sample) {
      const TimeRange wider{range_.start, range_.end + context_.options.lookback};
      TRY(context_.store.read(series_[row].ref, wider, scratch.samples));
      if (plan_.reads_counts_only) keep_counts_only(scratch.samples.histograms);
      look_up_smoothed(context_, scratch, plan_, series_[row].labels->metric_name(), selector_.span,
                       out, annotations);
    } else {
      TRY(context_.store.read(series_[row].ref, range_, scratch.samples));
      if (plan_.reads_counts_only) keep_counts_only(scratch.samples.histograms);
      look_up(context_, scratch.samples, plan_, out);
    }
    context_.budget.count_read(scratch.samples.values.size() + scratch.samples.histograms.size());
    return {};
  }

 private:
  const EvaluationContext& context_;
  const Expr& selector_;
  LookupPlan plan_;
  std::vector<SelectedSeries> series_;
  TimeRange range_;
  std::vector<Labels> nameless_;  // Only when the names are dropped at once.
  bool drop_name_ = false;
};

}  // namespace

TimeRange lookup_range(const EvaluationContext& context, const LookupPlan& plan) {
  const int64_t first_ms = plan.shift.reference_ms(plan.grid.time_ms(0));
  const int64_t last_ms = plan.shift.reference_ms(plan.grid.time_ms(plan.grid.count - 1));
  return {{context.window_first_ms(first_ms, context.options.lookback.ms)}, {last_ms}};
}

void look_up(const EvaluationContext& context, const SampleColumns& samples, const LookupPlan& plan,
             Row& out) {
  if (samples.histograms.empty()) {
    look_up_floats(context, samples, plan, out);
  } else {
    look_up_mixed(context, samples, plan, out);
  }
}

Result<std::unique_ptr<RowSource>> select_rows(const EvaluationContext& context,
                                               const Expr& selector, const LookupPlan& plan) {
  const auto& node = *selector.as<VectorSelector>();
  TimeRange range = lookup_range(context, plan);
  if (node.edges == RangeEdges::Smoothed) range.end = range.end + context.options.lookback;
  std::vector<SelectedSeries> series = TRY(context.store.select(node.matchers, range));
  return std::unique_ptr<RowSource>(
      std::make_unique<SelectedRows>(context, selector, plan, std::move(series)));
}

}  // namespace promenade::promql
