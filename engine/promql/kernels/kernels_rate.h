#pragma once  // engine/promql/kernels_rate.h
// The parts of rate(), increase() and delta() that live in several files.
#include <optional>
#include <vector>

#include "model/histogram.h"
#include "promql/evaluator/range_notes.h"
#include "promql/values.h"

namespace promenade::promql::kernels {

// Where a window lies, and where its samples lie in it.
struct WindowShape {
  int64_t start_ms;
  int64_t end_ms;
  int64_t first_ms;
  int64_t last_ms;
  // At least 2; or 1, when zero_ms is known.
  size_t sample_count;
  // When the counter is known to have been 0, before the first sample; else 0. Samples then stand
  // for the time from there on.
  int64_t zero_ms = 0;
  bool zero_before_threshold = false;  // As in EngineOptions.
};

// What the difference between the last and the first sample is multiplied with to stand for the
// whole window. `zero_fraction` is first / increase of a counter: it tells how long before the
// first sample, in units of the time between first and last, the counter would have been 0.
double extrapolation_factor(const WindowShape& shape, double zero_fraction);

// Whether a counter histogram was reset between two neighbouring samples of a series. The question
// is costly and overlapping windows ask it again and again, so answers are remembered.
class HistogramResets {
 public:
  explicit HistogramResets(const RangeWindows& windows)
      : windows_(windows), known_(windows.histograms.size(), Answer::Unknown) {}
  // Between samples `index - 1` and `index`.
  bool before(size_t index);

 private:
  enum class Answer : uint8_t { Unknown, Yes, No };
  const RangeWindows& windows_;
  std::vector<Answer> known_;
};

// Samples [begin, end) of a series, at least two, or one of a counter that begins at zero.
struct HistogramWindow {
  std::span<const HistogramSample> samples;
  size_t begin;
  size_t end;
  bool is_counter;
  bool begins_at_zero;  // The counter was 0 inside the window, before its first sample.
};
// The increase (for counters, resets mended) or difference over a window; nothing when the bucket
// layouts don't go together.
std::optional<FloatHistogram> histogram_difference(const HistogramWindow& window,
                                                   HistogramResets& resets, RangeNotes& notes);

// rate(), increase() and delta() of an `anchored` or `smoothed` selector.
struct ExtendedRate {
  bool smoothed;
  bool is_counter;
  double divisor;  // The range in seconds for rate(), else 1.
};
void extended_rate(const RangeWindows& windows, const ExtendedRate& rate, Row& out,
                   RangeNotes& notes);

}  // namespace promenade::promql::kernels
