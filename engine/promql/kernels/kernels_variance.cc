// stddev_over_time() and stdvar_over_time(): the population variance. While windows slide, sums of
// the values' distances from a fixed centre, and of their squares, are kept; the centre is the mean
// of a recent window, so that the two sums don't nearly cancel.
#include <algorithm>
#include <cmath>

#include "promql/evaluator/range_notes.h"
#include "promql/kernels/kahan.h"
#include "promql/kernels/kernels.h"
#include "promql/kernels/running_sum.h"
#include "promql/kernels/sliding.h"

namespace promenade::promql::kernels {

namespace {

// Welford's algorithm, compensated: what Prometheus does for every window, and what windows with
// infinities or NaNs need.
double plain_variance(std::span<const double> values) {
  double count = 0;
  KahanSum mean;
  KahanSum squares;
  for (const double value : values) {
    ++count;
    const double delta = value - mean.total();
    mean.add(delta / count);
    squares.add(delta * (value - mean.total()));
  }
  return squares.total() / count;
}

class WindowVariance {
 public:
  explicit WindowVariance(std::span<const double> values) : values_(values) {}

  void restart(size_t begin, size_t end) {
    distances_.clear();
    squares_.clear();
    count_ = 0;
    infinite_count_ = 0;
    centre_ = centre_of(begin, end);
    for (size_t i = begin; i < end; ++i) enter(i);
  }
  void enter(size_t i) {
    if (!std::isfinite(values_[i])) {
      ++infinite_count_;
      return;
    }
    const double distance = values_[i] - centre_;
    ++count_;
    distances_.add(distance);
    squares_.add(distance * distance);
  }
  void leave(size_t i) {
    if (!std::isfinite(values_[i])) {
      --infinite_count_;
      return;
    }
    const double distance = values_[i] - centre_;
    --count_;
    distances_.subtract(distance);
    squares_.subtract(distance * distance);
  }
  // The squares lose five digits at most to the difference, and little to what has left the window.
  bool is_precise() const {
    if (infinite_count_ > 0) return true;
    const double total = sum_of_squares();
    const double noise = squares_.noise() + 2 * distances_.noise() * std::abs(mean_distance());
    return noise <= 1e-11 * total && squares_.total() <= 1e5 * total;
  }

  double value(std::span<const double> window) const {
    if (infinite_count_ == 0) {
      const double total = sum_of_squares();
      if (std::isfinite(total) && total >= 0) return total / static_cast<double>(count_);
    }
    return plain_variance(window);
  }

 private:
  // The very value where all are equal, so that their variance is exactly 0.
  double centre_of(size_t begin, size_t end) const {
    double sum = 0;
    double count = 0;
    for (size_t i = begin; i < end; ++i) {
      if (!std::isfinite(values_[i])) continue;
      sum += values_[i];
      ++count;
    }
    const auto window = values_.subspan(begin, end - begin);
    const bool is_constant = std::all_of(window.begin(), window.end(),
                                         [&](double value) { return value == window.front(); });
    const double mean = is_constant ? window.front() : sum / count;
    return std::isfinite(mean) ? mean : 0;
  }
  double mean_distance() const { return distances_.total() / static_cast<double>(count_); }
  // Of the distances from the window's own mean.
  double sum_of_squares() const { return squares_.total() - distances_.total() * mean_distance(); }

  std::span<const double> values_;
  double centre_ = 0;
  RunningSum distances_;
  RunningSum squares_;
  size_t count_ = 0;
  size_t infinite_count_ = 0;
};

template <typename Transform>
Result<void> variance(const RangeWindows& windows, const RangeCall& call, Row& out,
                      Transform transform) {
  WindowVariance window(windows.values);
  slide(windows, window, [&](size_t step) {
    out.values[step] = transform(window.value(windows.window_values(step)));
  });
  note_ignored_histograms(windows, call, call.arg_span);
  return {};
}

}  // namespace

Result<void> stddev_over_time(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return variance(windows, call, out, [](double variance) { return std::sqrt(variance); });
}
Result<void> stdvar_over_time(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return variance(windows, call, out, [](double variance) { return variance; });
}

}  // namespace promenade::promql::kernels
