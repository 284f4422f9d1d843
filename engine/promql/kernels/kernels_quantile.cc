// quantile_over_time() and mad_over_time(). The window is kept sorted: what enters and leaves is
// moved into and out of its place, which is cheaper than sorting every window anew.
#include <algorithm>
#include <cmath>
#include <vector>

#include "model/sample.h"
#include "promql/evaluator/range_notes.h"
#include "promql/functions/quantile.h"
#include "promql/kernels/kernels.h"
#include "promql/kernels/sliding.h"

namespace promenade::promql::kernels {

namespace {

class SortedWindow {
 public:
  explicit SortedWindow(std::span<const double> values) : values_(values) {}

  // The query was stopped: the rest of the slide costs nothing.
  void give_up() { values_ = {}; }

  void restart(size_t begin, size_t end) {
    if (has_given_up()) return;
    const auto window = values_.subspan(begin, end - begin);
    sorted_.assign(window.begin(), window.end());
    std::sort(sorted_.begin(), sorted_.end(), nan_first_less);
  }
  void enter(size_t i) {
    if (has_given_up()) return;
    sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), values_[i], nan_first_less),
                   values_[i]);
  }
  void leave(size_t i) {
    if (has_given_up()) return;
    sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), values_[i], nan_first_less));
  }
  bool is_precise() const { return true; }

  std::span<const double> sorted() const { return sorted_; }

 private:
  bool has_given_up() const { return values_.empty(); }

  std::span<const double> values_;
  std::vector<double> sorted_;
};

// The median distance from the median. `scratch` is memory to work in.
double median_deviation(std::span<const double> sorted, std::vector<double>& scratch) {
  if (std::isnan(sorted.front())) return normal_nan();  // NaNs are sorted first.
  const double median = quantile_of_sorted(0.5, sorted);
  scratch.clear();
  for (const double value : sorted) scratch.push_back(std::abs(value - median));
  return quantile(0.5, scratch);
}

}  // namespace

Result<void> quantile_over_time(const RangeWindows& windows, const RangeCall& call, Row& out) {
  // Prometheus places the remarks of this function at its first argument, the quantile.
  const SourceSpan at = call.call->args[0]->span;
  SortedWindow window(windows.values);
  Result<void> going_on;
  slide(windows, window, [&](size_t step) {
    if (going_on) going_on = call.check_time();
    if (!going_on) return window.give_up();
    const double q = call.scalars[0].values[step];
    if (is_invalid_quantile(q)) call.annotations->warn(invalid_quantile(q), at);
    out.values[step] = quantile_of_sorted(q, window.sorted());
  });
  TRY(going_on);
  note_ignored_histograms(windows, call, at);
  return {};
}

Result<void> mad_over_time(const RangeWindows& windows, const RangeCall& call, Row& out) {
  SortedWindow window(windows.values);
  std::vector<double> scratch;
  Result<void> going_on;
  slide(windows, window, [&](size_t step) {
    if (going_on) going_on = call.check_time();
    if (!going_on) return window.give_up();
    out.values[step] = median_deviation(window.sorted(), scratch);
  });
  TRY(going_on);
  note_ignored_histograms(windows, call, call.arg_span);
  return {};
}

}  // namespace promenade::promql::kernels
