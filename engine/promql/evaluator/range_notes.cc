// Flags to texts, worded as Prometheus words them (util/annotations).
#include "promql/evaluator/range_notes.h"

#include <string>

#include "base/strings.h"
#include "promql/annotation_texts.h"

namespace promenade::promql {

void RangeNotes::report(const RangeCall& call) const {
  const SourceSpan at = call.arg_span;
  const auto named = [&](std::string_view text) {
    return std::string(text) + " " + quote(call.metric_name);
  };
  Annotations& notes = *call.annotations;
  if (mixed_types) notes.warn(mixed_floats_histograms(call.metric_name), at);
  if (mixed_layouts) notes.warn(mixed_bucket_layouts(call.metric_name), at);
  if (not_a_counter) notes.warn(named("this native histogram metric is not a counter:"), at);
  if (not_a_gauge) notes.warn(named("this native histogram metric is not a gauge:"), at);
  if (conflicting_resets) notes.warn(counter_reset_collision("aggregation"), at);
  if (overlapping_starts) {
    notes.warn(
        named("sample has start time that overlaps with previous sample timestamp for metric"), at);
  }
  if (reconciled_addition) notes.info(custom_buckets_reconciled("addition"), at);
  if (reconciled_subtraction) notes.info(custom_buckets_reconciled("subtraction"), at);
  if (reconciled_aggregation) notes.info(custom_buckets_reconciled("aggregation"), at);
}

void note_ignored_histograms(const RangeWindows& windows, const RangeCall& call, SourceSpan at) {
  if (windows.histogram_begin.empty()) return;
  for (size_t step = 0; step < windows.step_count(); ++step) {
    if (windows.window_values(step).empty() || windows.window_histograms(step).empty()) continue;
    call.annotations->info(
        "ignored histograms in a range containing both floats and histograms for metric name " +
            quote(call.metric_name),
        at);
    return;
  }
}

}  // namespace promenade::promql
