// engine/tsdb/histogram_chunks.cc
// The rules of appendable() in Prometheus's float_histogram.go, which look at the samples
// themselves: a hint that there was no reset does not count, one that there was does.
#include "tsdb/histogram_chunks.h"

namespace promenade::tsdb {
namespace {

HistogramPtr with_hint(HistogramPtr histogram, CounterResetHint hint) {
  if (histogram->counter_reset_hint == hint) return histogram;
  auto copy = std::make_shared<FloatHistogram>(*histogram);
  copy->counter_reset_hint = hint;
  return copy;
}

// Whether `histogram`, whose hint is not about resets, continues the chunk that `previous` is in.
bool continues_chunk(const FloatHistogram& previous, const FloatHistogram& histogram) {
  if (previous.counter_reset_hint == CounterResetHint::Gauge) return false;
  if (is_stale_nan(histogram.sum)) return true;
  if (is_stale_nan(previous.sum)) return false;
  return histogram.schema == previous.schema &&
         histogram.zero_threshold == previous.zero_threshold &&
         histogram.custom_values == previous.custom_values && !histogram.detect_reset(previous);
}

}  // namespace

HistogramPtr as_read_back(HistogramPtr histogram, const FloatHistogram* previous) {
  if (histogram->counter_reset_hint == CounterResetHint::Gauge) return histogram;
  const bool is_reset = histogram->counter_reset_hint == CounterResetHint::Reset;
  histogram = with_hint(std::move(histogram), CounterResetHint::Unknown);
  if (is_reset || previous == nullptr || !continues_chunk(*previous, *histogram)) return histogram;
  return with_hint(std::move(histogram), CounterResetHint::NotReset);
}

}  // namespace promenade::tsdb
