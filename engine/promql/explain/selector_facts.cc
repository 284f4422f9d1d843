// engine/promql/explain/selector_facts.cc
// The selector's own look-up again, this time for the times of the samples.
#include "promql/explain/selector_facts.h"

#include <algorithm>

#include "model/histogram.h"
#include "promql/evaluator/selector.h"

namespace promenade::promql {
namespace {

// How many of an empty selector's series are searched for samples beyond the look-back.
constexpr size_t kOlderSeriesMax = 1000;

// The time of the newest sample, stale markers aside; nothing when there is none.
std::optional<int64_t> newest_sample(const SampleColumns& samples) {
  std::optional<int64_t> newest;
  for (size_t i = samples.values.size(); i > 0 && !newest; --i) {
    if (!is_stale_nan(samples.values[i - 1])) newest = samples.times_ms[i - 1];
  }
  for (const HistogramSample& sample : samples.histograms) {
    if (!is_stale_nan(sample.histogram->sum) && (!newest || sample.time_ms > *newest)) {
      newest = sample.time_ms;
    }
  }
  return newest;
}

Result<void> find_older(const EvaluationContext& context, const VectorSelector& selector,
                        TimeRange lookback, SelectorFacts& facts) {
  const TimeRange day{lookback.start - kExplainOlderMax, lookback.end};
  const auto series = TRY(context.store.select(selector.matchers, day));
  SampleColumns samples;
  for (size_t i = 0; i < std::min(series.size(), kOlderSeriesMax); ++i) {
    TRY(context.budget.check_time());
    samples.clear();
    TRY(context.store.read(series[i].ref, day, samples));
    const std::optional<int64_t> newest = newest_sample(samples);
    if (!newest) continue;
    ++facts.older_count;
    facts.newest_older_ms = std::max(*newest, facts.newest_older_ms.value_or(*newest));
  }
  return {};
}

}  // namespace

Result<SelectorFacts> selector_facts(const EvaluationContext& context,
                                     const VectorSelector& selector, const std::vector<Row>& rows,
                                     int64_t time_ms, const ExplainOptions& options) {
  LookupPlan plan{StepGrid{time_ms, 1, 1}, context.preparation.shift(selector.shift),
                  SelectedValue::Sample};
  SelectorFacts facts;
  facts.reference_ms = plan.shift.reference_ms(time_ms);
  facts.lookback_ms = context.options.lookback.ms;
  const TimeRange range = lookup_range(context, plan);
  // Rows are in the order of the series, without those that have no sample.
  size_t row = 0;
  SampleColumns samples;
  for (const SelectedSeries& series : TRY(context.store.select(selector.matchers, range))) {
    const bool is_found = row < rows.size() && rows[row].labels == *series.labels;
    if (is_found && row++ >= options.series_shown_max) continue;
    TRY(context.budget.check_time());
    samples.clear();
    TRY(context.store.read(series.ref, range, samples));
    const std::optional<int64_t> newest = newest_sample(samples);
    if (is_found) {
      facts.sample_ms.push_back(newest.value_or(facts.reference_ms));
    } else if (newest) {
      ++facts.stale_count;
    }
  }
  if (rows.empty() && facts.stale_count == 0) TRY(find_older(context, selector, range, facts));
  return facts;
}

}  // namespace promenade::promql
