// Differences of native histograms over a window (histogramRate in promql/functions.go).
#include <algorithm>

#include "promql/kernels/counter_starts.h"
#include "promql/kernels/kernels_rate.h"

namespace promenade::promql::kernels {

bool HistogramResets::before(size_t index) {
  if (known_[index] == Answer::Unknown) {
    const auto samples = windows_.histograms;
    const bool reset =
        samples[index].histogram->detect_reset(*samples[index - 1].histogram) ||
        began_anew(histogram_times(windows_, index - 1), histogram_times(windows_, index));
    known_[index] = reset ? Answer::Yes : Answer::No;
  }
  return known_[index] == Answer::Yes;
}

namespace {

bool is_gauge(const HistogramSample& sample) {
  return sample.histogram->counter_reset_hint == CounterResetHint::Gauge;
}

void note_kind(std::span<const HistogramSample> window, bool is_counter, RangeNotes& notes) {
  if (is_counter) {
    notes.not_a_counter |= std::any_of(window.begin(), window.end(), is_gauge);
  } else {
    notes.not_a_gauge |= !is_gauge(window.front()) || !is_gauge(window.back());
  }
}

// The coarsest schema that the result has to have, or nothing when exponential and custom buckets
// meet. `base` is the first sample whose layout counts.
std::optional<int32_t> common_schema(std::span<const HistogramSample> samples, size_t base,
                                     size_t begin, size_t end, bool is_counter) {
  const bool custom = samples[base].histogram->uses_custom_buckets();
  const HistogramSample& last = samples[end - 1];
  if (last.histogram->uses_custom_buckets() != custom) return std::nullopt;
  int32_t schema = std::min(samples[base].histogram->schema, last.histogram->schema);
  if (!is_counter) return schema;
  for (size_t i = begin + 1; i + 1 < end; ++i) {
    if (samples[i].histogram->uses_custom_buckets() != custom) return std::nullopt;
    schema = std::min(schema, samples[i].histogram->schema);
  }
  return schema;
}

}  // namespace

std::optional<FloatHistogram> histogram_difference(const HistogramWindow& window,
                                                   HistogramResets& resets, RangeNotes& notes) {
  const auto& [samples, begin, end, is_counter, begins_at_zero] = window;
  const auto mixed_layouts = [&notes] {
    notes.mixed_layouts = true;
    return std::nullopt;
  };
  // Usually the first sample is subtracted. When the counter begins at zero it is not, and with a
  // reset right after it, it is added as well, which comes to nothing: then not even its layout
  // enters the result.
  const bool is_reset_after_first = is_counter && end - begin > 1 && resets.before(begin + 1);
  const bool is_subtracted = !begins_at_zero && !is_reset_after_first;
  const bool is_added = begins_at_zero && is_reset_after_first;
  const size_t base = is_subtracted || is_added ? begin : std::min(begin + 1, end - 1);
  const auto schema = common_schema(samples, base, begin, end, is_counter);
  if (!schema) return mixed_layouts();
  FloatHistogram difference = *samples[end - 1].histogram;
  if (difference.schema > *schema) difference.reduce_schema(*schema);
  // Conflicting reset hints are no news here: resets are what this function deals with.
  if (is_subtracted) {
    const auto combined = difference.subtract(*samples[begin].histogram);
    if (!combined) return mixed_layouts();
    notes.reconciled_subtraction |= combined->custom_bounds_reconciled;
  }
  for (size_t i = begin + (is_added ? 1 : 2); is_counter && i < end; ++i) {
    if (!resets.before(i)) continue;
    const auto combined = difference.add(*samples[i - 1].histogram);
    if (!combined) return mixed_layouts();
    notes.reconciled_addition |= combined->custom_bounds_reconciled;
  }
  note_kind(samples.subspan(begin, end - begin), is_counter, notes);
  difference.counter_reset_hint = CounterResetHint::Gauge;
  difference.compact();
  return difference;
}

}  // namespace promenade::promql::kernels
