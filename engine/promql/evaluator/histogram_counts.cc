// Count, sum and schema stay; the hint comes from the buckets before they go.
#include "promql/evaluator/histogram_counts.h"

#include "model/histogram.h"

namespace promenade::promql {

void keep_counts_only(std::vector<HistogramSample>& samples) {
  HistogramPtr previous;
  for (HistogramSample& sample : samples) {
    const HistogramPtr whole = sample.histogram;
    if (is_stale_nan(whole->sum)) continue;
    auto counts = std::make_shared<FloatHistogram>();
    counts->counter_reset_hint = whole->counter_reset_hint;
    counts->schema = whole->schema;
    counts->count = whole->count;
    counts->sum = whole->sum;
    if (whole->counter_reset_hint == CounterResetHint::Unknown && previous != nullptr) {
      counts->counter_reset_hint =
          whole->detect_reset(*previous) ? CounterResetHint::Reset : CounterResetHint::NotReset;
    }
    sample.histogram = std::move(counts);
    previous = whole;
  }
}

}  // namespace promenade::promql
