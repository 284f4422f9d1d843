// min_over_time(), max_over_time() and the times of these. A queue holds the samples that are or
// can still become the extreme of a window, in time order, each beating those after it; every
// sample enters and leaves it once.
#include <cmath>
#include <vector>

#include "promql/evaluator/range_notes.h"
#include "promql/kernels/kernels.h"

namespace promenade::promql::kernels {

namespace {

// Whether a later sample takes the place of an earlier one. Values stay with the first of equals,
// times with the last.
using Beats = bool (*)(double later, double earlier);
constexpr Beats kGreater = [](double later, double earlier) { return later > earlier; };
constexpr Beats kLess = [](double later, double earlier) { return later < earlier; };
constexpr Beats kGreaterOrEqual = [](double later, double earlier) { return later >= earlier; };
constexpr Beats kLessOrEqual = [](double later, double earlier) { return later <= earlier; };

template <Beats beats>
class ExtremeQueue {
 public:
  explicit ExtremeQueue(std::span<const double> values) : values_(values) {}

  // NaNs never take part, so that they are the answer only where there is nothing else.
  void enter(size_t index) {
    const double value = values_[index];
    if (std::isnan(value)) return;
    while (indices_.size() > head_ && beats(value, values_[indices_.back()])) indices_.pop_back();
    indices_.push_back(static_cast<uint32_t>(index));
  }
  // Lets go of the samples before `begin`.
  void leave_before(size_t begin) {
    while (head_ < indices_.size() && indices_[head_] < begin) ++head_;
    if (head_ == indices_.size()) clear();
  }
  void clear() {
    indices_.clear();
    head_ = 0;
  }
  bool empty() const { return head_ == indices_.size(); }
  size_t front() const { return indices_[head_]; }

 private:
  std::span<const double> values_;
  std::vector<uint32_t> indices_;
  size_t head_ = 0;  // Entries before it have left.
};

// Calls emit(step, index of the extreme) for every window that holds a float. Among NaNs only, the
// index is the last one's.
template <Beats beats, typename Emit>
void for_each_extreme(const RangeWindows& windows, Emit emit) {
  ExtremeQueue<beats> queue(windows.values);
  size_t end = 0;
  for (size_t step = 0; step < windows.step_count(); ++step) {
    const size_t next_begin = windows.begin[step];
    const size_t next_end = windows.end[step];
    if (next_begin >= next_end) continue;
    if (next_begin >= end || next_end < end) {
      queue.clear();
      end = next_begin;
    }
    for (; end < next_end; ++end) queue.enter(end);
    queue.leave_before(next_begin);
    emit(step, queue.empty() ? next_end - 1 : queue.front());
  }
}

template <Beats beats>
Result<void> extreme_value(const RangeWindows& windows, const RangeCall& call, Row& out) {
  for_each_extreme<beats>(
      windows, [&](size_t step, size_t index) { out.values[step] = windows.values[index]; });
  note_ignored_histograms(windows, call, call.arg_span);
  return {};
}

template <Beats beats>
Result<void> extreme_time(const RangeWindows& windows, const RangeCall& call, Row& out) {
  for_each_extreme<beats>(windows, [&](size_t step, size_t index) {
    out.values[step] = static_cast<double>(windows.times_ms[index]) / 1000;
  });
  note_ignored_histograms(windows, call, call.arg_span);
  return {};
}

}  // namespace

Result<void> min_over_time(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return extreme_value<kLess>(windows, call, out);
}
Result<void> max_over_time(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return extreme_value<kGreater>(windows, call, out);
}
Result<void> ts_of_min_over_time(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return extreme_time<kLessOrEqual>(windows, call, out);
}
Result<void> ts_of_max_over_time(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return extreme_time<kGreaterOrEqual>(windows, call, out);
}

}  // namespace promenade::promql::kernels
