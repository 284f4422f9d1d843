// Sums, counts and buckets are added one by one where two histograms have the same spans, which
// those of one series nearly always do; that is also much cheaper than reconciling layouts.
#include "promql/evaluator/histogram_sum.h"

#include <cmath>
#include <utility>

#include "promql/kernels/kahan.h"

namespace promenade::promql {

namespace {

bool has_same_layout(const FloatHistogram& a, const FloatHistogram& b) {
  return a.schema == b.schema && a.zero_threshold == b.zero_threshold &&
         a.custom_values == b.custom_values && a.positive_spans == b.positive_spans &&
         a.negative_spans == b.negative_spans &&
         a.positive_buckets.size() == b.positive_buckets.size() &&
         a.negative_buckets.size() == b.negative_buckets.size();
}

// Calls visit(component of each histogram ...) for all components. All have the layout of `first`.
template <typename Visit, typename First, typename... Others>
void for_each_component(Visit visit, First& first, Others&... others) {
  visit(first.count, others.count...);
  visit(first.sum, others.sum...);
  visit(first.zero_count, others.zero_count...);
  for (size_t i = 0; i < first.positive_buckets.size(); ++i) {
    visit(first.positive_buckets[i], others.positive_buckets[i]...);
  }
  for (size_t i = 0; i < first.negative_buckets.size(); ++i) {
    visit(first.negative_buckets[i], others.negative_buckets[i]...);
  }
}

FloatHistogram zero_in_layout_of(const FloatHistogram& histogram) {
  FloatHistogram zero = histogram;
  for_each_component([](double& component) { component = 0; }, zero);
  return zero;
}

CounterResetHint merged_hint(CounterResetHint a, CounterResetHint b) {
  if (a == b) return a;
  const bool any_gauge = a == CounterResetHint::Gauge || b == CounterResetHint::Gauge;
  return any_gauge ? CounterResetHint::Gauge : CounterResetHint::Unknown;
}

}  // namespace

HistogramSum::HistogramSum(const FloatHistogram& first)
    : sum_(first), lost_(zero_in_layout_of(first)) {}

Result<bool> HistogramSum::add(const FloatHistogram& other) {
  if (!has_same_layout(sum_, other)) {
    // Count and sum have no layout, so they stay compensated.
    KahanSum count(sum_.count, lost_.count);
    KahanSum sum(sum_.sum, lost_.sum);
    FloatHistogram combined = total();
    const auto notes = TRY(combined.add(other));
    count.add(other.count);
    sum.add(other.sum);
    sum_ = std::move(combined);
    lost_ = zero_in_layout_of(sum_);
    sum_.count = count.sum();
    lost_.count = count.compensation();
    sum_.sum = sum.sum();
    lost_.sum = sum.compensation();
    return notes.custom_bounds_reconciled;
  }
  sum_.counter_reset_hint = merged_hint(sum_.counter_reset_hint, other.counter_reset_hint);
  for_each_component(
      [](double& sum, double& lost, double term) {
        KahanSum next(sum, lost);
        next.add(term);
        sum = next.sum();
        lost = next.compensation();
      },
      sum_, lost_, other);
  return false;
}

void HistogramSum::multiply(double factor) {
  sum_.multiply(factor);
  lost_.multiply(factor);
}

void HistogramSum::divide(double divisor) {
  sum_.divide(divisor);
  lost_.divide(divisor);
}

bool HistogramSum::has_overflow() const {
  bool found = false;
  for_each_component([&](double component) { found = found || std::isinf(component); }, sum_);
  return found;
}

FloatHistogram HistogramSum::total() const {
  FloatHistogram result = sum_;
  for_each_component([](double& sum, double lost) { sum += lost; }, result, lost_);
  return result;
}

}  // namespace promenade::promql
