#pragma once  // engine/model/sample.h
// Samples as columns, and the two NaNs that Prometheus tells apart (model/value/value.go).
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bits.h"

namespace promenade {

class FloatHistogram;
// Histograms are shared by reference: a query passes the same one through many operators.
using HistogramPtr = std::shared_ptr<const FloatHistogram>;

inline constexpr uint64_t kStaleNaNBits = 0x7ff0000000000002;   // "The series ended here."
inline constexpr uint64_t kNormalNaNBits = 0x7ff8000000000001;  // An ordinary NaN.

inline double stale_nan() {
  return promenade::bit_cast<double>(kStaleNaNBits);
}
inline double normal_nan() {
  return promenade::bit_cast<double>(kNormalNaNBits);
}
// The only way to ask: NaNs compare unequal to everything.
inline bool is_stale_nan(double value) {
  return promenade::bit_cast<uint64_t>(value) == kStaleNaNBits;
}

struct HistogramSample {
  int64_t time_ms;
  HistogramPtr histogram;  // Never null. A stale marker is a histogram whose sum is the stale NaN.
  int64_t start_ms = 0;    // As SampleColumns::start_times_ms.
};

// The samples of one series in time order, floats and histograms apart. Stale markers are
// among them; whoever gives samples meaning (the evaluator) sorts them out.
struct SampleColumns {
  std::vector<int64_t> times_ms;
  std::vector<double> values;
  // When the counter began to count that each float is the value of, 0 where that is not known.
  // Empty when it is known of none.
  std::vector<int64_t> start_times_ms;
  std::vector<HistogramSample> histograms;

  void clear() {
    times_ms.clear();
    values.clear();
    start_times_ms.clear();
    histograms.clear();
  }
};

}  // namespace promenade
