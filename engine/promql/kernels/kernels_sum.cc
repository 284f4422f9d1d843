// sum_over_time() and avg_over_time(). Windows of finite floats slide; one that holds an infinity
// or a NaN, or whose sum leaves the range of doubles, is added up by itself as Prometheus does.
#include <cmath>
#include <memory>
#include <optional>

#include "model/histogram.h"
#include "promql/evaluator/histogram_sum.h"
#include "promql/evaluator/range_notes.h"
#include "promql/kernels/kahan.h"
#include "promql/kernels/kernels.h"
#include "promql/kernels/running_sum.h"
#include "promql/kernels/sliding.h"

namespace promenade::promql::kernels {

namespace {

class WindowSum {
 public:
  explicit WindowSum(std::span<const double> values) : values_(values) {}

  void restart(size_t begin, size_t end) {
    sum_.clear();
    infinite_count_ = 0;
    for (size_t i = begin; i < end; ++i) enter(i);
  }
  void enter(size_t i) {
    if (std::isfinite(values_[i])) {
      sum_.add(values_[i]);
    } else {
      ++infinite_count_;
    }
  }
  void leave(size_t i) {
    if (std::isfinite(values_[i])) {
      sum_.subtract(values_[i]);
    } else {
      --infinite_count_;
    }
  }
  bool is_precise() const { return infinite_count_ > 0 || sum_.is_precise(); }

  // Nothing when the window has to be added up by itself: also when its values nearly cancel, for
  // the digits that come out of that are Prometheus's only if they are computed like Prometheus's.
  std::optional<double> total() const {
    if (infinite_count_ > 0 || !std::isfinite(sum_.total()) || !sum_.is_precise()) {
      return std::nullopt;
    }
    return sum_.total();
  }

 private:
  std::span<const double> values_;
  RunningSum sum_;
  size_t infinite_count_ = 0;
};

double plain_sum(std::span<const double> values) {
  KahanSum sum;
  for (const double value : values) sum.add(value);
  return std::isinf(sum.sum()) ? sum.sum() : sum.total();
}

// The mean of the first `count - 1` values is moved towards each further one, which can't overflow.
double incremental_mean(KahanSum mean, std::span<const double> values, size_t count) {
  for (; count <= values.size(); ++count) {
    const double n = static_cast<double>(count);
    const double weight = (n - 1) / n;
    mean = KahanSum(mean.sum() * weight, mean.compensation() * weight);
    mean.add(values[count - 1] / n);
  }
  return mean.total();
}

double plain_average(std::span<const double> values) {
  KahanSum sum(values[0]);
  for (size_t i = 1; i < values.size(); ++i) {
    KahanSum next = sum;
    next.add(values[i]);
    if (std::isinf(next.sum())) {
      const double n = static_cast<double>(i);
      return incremental_mean(KahanSum(sum.sum() / n, sum.compensation() / n), values, i + 1);
    }
    sum = next;
  }
  const double n = static_cast<double>(values.size());
  return sum.sum() / n + sum.compensation() / n;
}

// Adds the histograms of a window up, or averages them, and keeps track of what is remarkable about
// it.
class HistogramWindow {
 public:
  HistogramWindow(std::span<const HistogramSample> samples, RangeNotes& notes)
      : samples_(samples), notes_(notes) {}

  std::optional<FloatHistogram> sum() {
    HistogramSum sum(*samples_[0].histogram);
    for (size_t i = 1; i < samples_.size(); ++i) {
      if (!add(sum, *samples_[i].histogram)) return std::nullopt;
    }
    note_reset_hints();
    return sum.total();
  }

  std::optional<FloatHistogram> average() {
    HistogramSum sum(*samples_[0].histogram);
    for (size_t i = 1; i < samples_.size(); ++i) {
      HistogramSum next = sum;
      if (!add(next, *samples_[i].histogram)) return std::nullopt;
      if (next.has_overflow()) return incremental_average(std::move(sum), i);
      sum = std::move(next);
    }
    note_reset_hints();
    sum.divide(static_cast<double>(samples_.size()));
    return sum.total();
  }

 private:
  // Goes on from the sum of the first `count` histograms where that sum became too large.
  std::optional<FloatHistogram> incremental_average(HistogramSum mean, size_t count) {
    mean.divide(static_cast<double>(count));
    for (size_t i = count; i < samples_.size(); ++i) {
      const double n = static_cast<double>(i + 1);
      FloatHistogram part = *samples_[i].histogram;
      part.divide(n);
      mean.multiply((n - 1) / n);
      if (!add(mean, part)) return std::nullopt;
    }
    note_reset_hints();
    return mean.total();
  }

  bool add(HistogramSum& to, const FloatHistogram& other) {
    const auto reconciled = to.add(other);
    if (!reconciled) {
      notes_.mixed_layouts = true;
      return false;
    }
    notes_.reconciled_aggregation |= *reconciled;
    return true;
  }

  void note_reset_hints() {
    bool any_reset = false;
    bool any_not_reset = false;
    for (const HistogramSample& sample : samples_) {
      any_reset |= sample.histogram->counter_reset_hint == CounterResetHint::Reset;
      any_not_reset |= sample.histogram->counter_reset_hint == CounterResetHint::NotReset;
    }
    notes_.conflicting_resets |= any_reset && any_not_reset;
  }

  std::span<const HistogramSample> samples_;
  RangeNotes& notes_;
};

enum class Fold { Sum, Average };

void fold_floats(const RangeWindows& windows, Fold fold, Row& out, RangeNotes& notes) {
  WindowSum sum(windows.values);
  slide(windows, sum, [&](size_t step) {
    if (histogram_count(windows, step) > 0) {
      notes.mixed_types = true;
      return;
    }
    const auto total = sum.total();
    if (fold == Fold::Sum) {
      out.values[step] = total ? *total : plain_sum(windows.window_values(step));
    } else {
      out.values[step] = total ? *total / static_cast<double>(float_count(windows, step))
                               : plain_average(windows.window_values(step));
    }
  });
}

void fold_histograms(const RangeWindows& windows, Fold fold, Row& out, RangeNotes& notes) {
  for (size_t step = 0; step < windows.step_count(); ++step) {
    const auto samples = windows.window_histograms(step);
    if (samples.empty() || float_count(windows, step) > 0) continue;
    HistogramWindow window(samples, notes);
    auto result = fold == Fold::Sum ? window.sum() : window.average();
    if (!result) continue;
    out.set_histogram(step, std::make_shared<const FloatHistogram>(std::move(*result)));
  }
}

Result<void> fold_windows(const RangeWindows& windows, const RangeCall& call, Fold fold, Row& out) {
  RangeNotes notes;
  fold_floats(windows, fold, out, notes);
  if (!windows.histogram_begin.empty()) fold_histograms(windows, fold, out, notes);
  notes.report(call);
  return {};
}

}  // namespace

Result<void> sum_over_time(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return fold_windows(windows, call, Fold::Sum, out);
}
Result<void> avg_over_time(const RangeWindows& windows, const RangeCall& call, Row& out) {
  return fold_windows(windows, call, Fold::Average, out);
}

}  // namespace promenade::promql::kernels
