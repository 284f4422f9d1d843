#pragma once  // engine/promql/range_notes.h
// What a range function noticed while it went over the windows of one series. Flags during the
// loop, texts once at the end: most series have nothing to report, and none pays for it at every
// step.
#include "promql/values.h"

namespace promenade::promql {

struct RangeNotes {
  // Warnings.
  bool mixed_types = false;    // Floats and histograms in a window that may not hold both.
  bool mixed_layouts = false;  // Exponential and custom buckets.
  bool not_a_counter = false;
  bool not_a_gauge = false;
  bool conflicting_resets = false;
  bool overlapping_starts = false;
  // Infos: custom buckets with different bounds.
  bool reconciled_addition = false;
  bool reconciled_subtraction = false;
  bool reconciled_aggregation = false;

  // Adds the texts to the call's annotations, at the range vector argument.
  void report(const RangeCall& call) const;
};

// For functions that only look at floats: an info when a window holds histograms beside them.
void note_ignored_histograms(const RangeWindows& windows, const RangeCall& call, SourceSpan at);

}  // namespace promenade::promql
