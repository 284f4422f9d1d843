#pragma once  // engine/promql/sliding.h
// Visits the windows of one series in order and keeps an accumulator in step with them by what
// enters and what leaves, so that all windows together cost O(samples + steps) and not O(samples x
// overlap).
#include <cstddef>

#include "promql/values.h"

namespace promenade::promql {

// `accumulator` has restart(begin, end), enter(i), leave(i) and is_precise(), all in sample
// indices; emit(step) runs for every window that holds a float. The accumulator starts afresh once
// no sample of its last start is left, which costs one more visit of each sample and keeps rounding
// errors and the traces of outliers from outliving two windows; and when it says that it lost
// precision.
template <typename Accumulator, typename Emit>
void slide(const RangeWindows& windows, Accumulator& accumulator, Emit emit) {
  size_t begin = 0;
  size_t end = 0;
  size_t started_end = 0;  // One past the last sample of the last start.
  for (size_t step = 0; step < windows.step_count(); ++step) {
    const size_t next_begin = windows.begin[step];
    const size_t next_end = windows.end[step];
    if (next_begin >= next_end) continue;
    bool restart = next_begin >= started_end || next_begin < begin || next_end < end;
    if (!restart) {
      for (; end < next_end; ++end) accumulator.enter(end);
      for (; begin < next_begin; ++begin) accumulator.leave(begin);
      restart = !accumulator.is_precise();
    }
    if (restart) {
      accumulator.restart(next_begin, next_end);
      started_end = next_end;
    }
    begin = next_begin;
    end = next_end;
    emit(step);
  }
}

}  // namespace promenade::promql
