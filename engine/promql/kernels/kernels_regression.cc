// deriv() and predict_linear(): the line of least squares through a window's floats, and
// double_exponential_smoothing(), whose every window is a recursion of its own.
//
// The sums of x, y, xy and x^2 slide along. Times count from an origin in a recent window, and so
// do values, which keeps the differences between these sums from losing digits
// (https://github.com/prometheus/prometheus/issues/2674).
#include <fmt/format.h>

#include <cmath>

#include "model/sample.h"
#include "promql/evaluator/range_notes.h"
#include "promql/kernels/kahan.h"
#include "promql/kernels/kernels.h"
#include "promql/kernels/running_sum.h"
#include "promql/kernels/sliding.h"

namespace promenade::promql::kernels {

namespace {

struct Line {
  double slope;      // Per second.
  double intercept;  // At the instant that was asked for.
};

double seconds_after(int64_t origin_ms, int64_t time_ms) {
  return static_cast<double>(time_ms - origin_ms) / 1000;
}

// For windows that are constant, or hold infinities or NaNs: the sums themselves, as Prometheus
// adds them up.
Line plain_line(std::span<const int64_t> times_ms, std::span<const double> values, int64_t at_ms) {
  KahanSum x_sum;
  KahanSum y_sum;
  KahanSum xy_sum;
  KahanSum xx_sum;
  bool is_constant = true;
  for (size_t i = 0; i < values.size(); ++i) {
    is_constant = is_constant && (i == 0 || values[i] == values[0]);
    const double x = seconds_after(at_ms, times_ms[i]);
    x_sum.add(x);
    y_sum.add(values[i]);
    xy_sum.add(x * values[i]);
    xx_sum.add(x * x);
  }
  if (is_constant) {
    if (std::isinf(values[0])) return {normal_nan(), normal_nan()};
    return {0, values[0]};
  }
  const double n = static_cast<double>(values.size());
  const double covariance = xy_sum.total() - x_sum.total() * y_sum.total() / n;
  const double variance = xx_sum.total() - x_sum.total() * x_sum.total() / n;
  const double slope = covariance / variance;
  return {slope, y_sum.total() / n - slope * x_sum.total() / n};
}

class WindowLine {
 public:
  WindowLine(std::span<const int64_t> times_ms, std::span<const double> values)
      : times_ms_(times_ms), values_(values) {}

  void restart(size_t begin, size_t end) {
    x_sum_.clear();
    y_sum_.clear();
    xy_sum_.clear();
    xx_sum_.clear();
    count_ = infinite_count_ = change_count_ = 0;
    origin_ms_ = times_ms_[begin];
    origin_value_ = std::isfinite(values_[begin]) ? values_[begin] : 0;
    add<+1>(begin);
    for (size_t i = begin + 1; i < end; ++i) enter(i);
  }
  void enter(size_t i) {
    if (values_[i] != values_[i - 1]) ++change_count_;
    add<+1>(i);
  }
  void leave(size_t i) {
    if (values_[i + 1] != values_[i]) --change_count_;
    add<-1>(i);
  }
  bool is_precise() const {
    if (is_plain()) return true;
    return std::abs(xy_sum_.total()) <= 1e5 * std::abs(covariance()) &&
           xy_sum_.noise() <= 1e-11 * std::abs(covariance()) && xx_sum_.total() <= 1e5 * variance();
  }

  Line line(std::span<const int64_t> times_ms, std::span<const double> values,
            int64_t at_ms) const {
    const double slope = covariance() / variance();
    if (is_plain() || !std::isfinite(slope)) return plain_line(times_ms, values, at_ms);
    const double n = static_cast<double>(count_);
    const double x_mean = x_sum_.total() / n;
    const double y_mean = origin_value_ + y_sum_.total() / n;
    return {slope, y_mean + slope * (seconds_after(origin_ms_, at_ms) - x_mean)};
  }

 private:
  template <int sign>
  void add(size_t i) {
    if (!std::isfinite(values_[i])) {
      infinite_count_ += sign;
      return;
    }
    const double x = seconds_after(origin_ms_, times_ms_[i]);
    const double y = values_[i] - origin_value_;
    count_ += sign;
    x_sum_.add(sign * x);
    y_sum_.add(sign * y);
    xy_sum_.add(sign * (x * y));
    xx_sum_.add(sign * (x * x));
  }
  bool is_plain() const { return infinite_count_ > 0 || change_count_ == 0; }
  double covariance() const {
    return xy_sum_.total() - x_sum_.total() * y_sum_.total() / static_cast<double>(count_);
  }
  double variance() const {
    return xx_sum_.total() - x_sum_.total() * x_sum_.total() / static_cast<double>(count_);
  }

  std::span<const int64_t> times_ms_;
  std::span<const double> values_;
  int64_t origin_ms_ = 0;
  double origin_value_ = 0;
  RunningSum x_sum_;
  RunningSum y_sum_;
  RunningSum xy_sum_;
  RunningSum xx_sum_;
  int64_t count_ = 0;
  int64_t infinite_count_ = 0;
  int64_t change_count_ = 0;  // Neighbours with different values.
};

// `result(line, step)` of every window with two floats or more; the line's intercept is at
// `intercept_ms(step)`.
template <typename InterceptTime, typename ResultOf>
void for_each_line(const RangeWindows& windows, const RangeCall& call, Row& out,
                   InterceptTime intercept_ms, ResultOf result) {
  WindowLine window(windows.times_ms, windows.values);
  slide(windows, window, [&](size_t step) {
    if (float_count(windows, step) < 2) return;
    const Line line =
        window.line(windows.window_times(step), windows.window_values(step), intercept_ms(step));
    out.values[step] = result(line, step);
  });
  note_ignored_histograms(windows, call, call.arg_span);
}

double smooth(std::span<const double> values, double smoothing, double trend_factor) {
  double previous = 0;
  double smoothed = values[0];
  double trend = values[1] - values[0];
  for (size_t i = 1; i < values.size(); ++i) {
    if (i > 1) trend = trend_factor * (smoothed - previous) + (1 - trend_factor) * trend;
    previous = smoothed;
    smoothed = smoothing * values[i] + (1 - smoothing) * (smoothed + trend);
  }
  return smoothed;
}

Result<void> check_factor(double factor, std::string_view name, std::string_view symbol) {
  if (factor <= 0 || factor >= 1) {
    return fail(
        ErrorCode::Execution,
        fmt::format("invalid {} factor. Expected: 0 < {} < 1, got: {:f}", name, symbol, factor));
  }
  return {};
}

}  // namespace

Result<void> deriv(const RangeWindows& windows, const RangeCall& call, Row& out) {
  for_each_line(
      windows, call, out, [&](size_t step) { return windows.times_ms[windows.begin[step]]; },
      [](const Line& line, size_t) { return line.slope; });
  return {};
}

Result<void> predict_linear(const RangeWindows& windows, const RangeCall& call, Row& out) {
  // From the instant of evaluation, whatever `offset` or `@` say about the window.
  const auto& seconds = call.scalars[0].values;
  for_each_line(
      windows, call, out, [&](size_t step) { return windows.grid.time_ms(step); },
      [&](const Line& line, size_t step) { return line.slope * seconds[step] + line.intercept; });
  return {};
}

Result<void> double_exponential_smoothing(const RangeWindows& windows, const RangeCall& call,
                                          Row& out) {
  for (size_t step = 0; step < windows.step_count(); ++step) {
    if (float_count(windows, step) + histogram_count(windows, step) == 0) continue;
    const double smoothing = call.scalars[0].values[step];
    const double trend = call.scalars[1].values[step];
    TRY(check_factor(smoothing, "smoothing", "sf"));
    TRY(check_factor(trend, "trend", "tf"));
    TRY(call.check_time());
    const auto values = windows.window_values(step);
    if (values.size() >= 2) out.values[step] = smooth(values, smoothing, trend);
  }
  note_ignored_histograms(windows, call, call.arg_span);
  return {};
}

}  // namespace promenade::promql::kernels
