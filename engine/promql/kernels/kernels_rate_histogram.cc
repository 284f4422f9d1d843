// Differences of native histograms over a window (histogramRate in promql/functions.go).
#include <algorithm>

#include "promql/kernels/kernels_rate.h"

namespace promenade::promql::kernels {

bool HistogramResets::before(size_t index) {
  if (known_[index] == Answer::Unknown) {
    const bool reset = samples_[index].histogram->detect_reset(*samples_[index - 1].histogram);
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

std::optional<FloatHistogram> histogram_difference(std::span<const HistogramSample> samples,
                                                   size_t begin, size_t end, bool is_counter,
                                                   HistogramResets& resets, RangeNotes& notes) {
  const auto mixed_layouts = [&notes] {
    notes.mixed_layouts = true;
    return std::nullopt;
  };
  // With a reset right after it, nothing of the first sample enters the result, not even its
  // layout.
  const bool first_is_lost = is_counter && resets.before(begin + 1);
  const auto schema =
      common_schema(samples, first_is_lost ? begin + 1 : begin, begin, end, is_counter);
  if (!schema) return mixed_layouts();
  FloatHistogram difference = *samples[end - 1].histogram;
  if (difference.schema > *schema) difference.reduce_schema(*schema);
  // Conflicting reset hints are no news here: resets are what this function deals with.
  if (!first_is_lost) {
    const auto combined = difference.subtract(*samples[begin].histogram);
    if (!combined) return mixed_layouts();
    notes.reconciled_subtraction |= combined->custom_bounds_reconciled;
  }
  for (size_t i = begin + (first_is_lost ? 2 : 1); is_counter && i < end; ++i) {
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
