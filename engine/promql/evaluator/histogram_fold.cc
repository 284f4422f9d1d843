// Component-wise sums; a group that mixes exponential and custom buckets has no result.
#include "promql/evaluator/histogram_fold.h"

#include "promql/annotation_texts.h"

namespace promenade::promql {

namespace {

// Turns a sum into a mean, for when sums get too large.
template <typename Cell>
void become_mean(Cell& cell) {
  if (!cell.is_mean) cell.total->divide(cell.count);
  cell.is_mean = true;
}

}  // namespace

// `cell` and `other` have histograms. Counts are the caller's business.
Result<bool> HistogramFold::combine(Cell& cell, Cell& other) const {
  if (outcome_ == Outcome::Sum) return cell.total->add(other.total->total());
  if (!cell.is_mean && !other.is_mean) {
    HistogramSum sum = *cell.total;
    const bool is_reconciled = TRY(sum.add(other.total->total()));
    if (!sum.has_overflow()) {
      *cell.total = std::move(sum);
      return is_reconciled;
    }
  }
  become_mean(cell);
  become_mean(other);
  const double count = cell.count + other.count;
  cell.total->multiply(cell.count / count);
  other.total->multiply(other.count / count);
  return cell.total->add(other.total->total());
}

void HistogramFold::add_cell(Cell& cell, Cell other, std::string_view metric_name,
                             Annotations& annotations) {
  cell.is_incompatible = cell.is_incompatible || other.is_incompatible;
  cell.reset_seen = cell.reset_seen || other.reset_seen;
  cell.not_reset_seen = cell.not_reset_seen || other.not_reset_seen;
  if (cell.count == 0) {
    cell.total = std::move(other.total);
    cell.is_mean = other.is_mean;
  } else if (!cell.is_incompatible) {
    const Result<bool> is_reconciled = combine(cell, other);
    if (!is_reconciled) {
      annotations.warn(mixed_bucket_layouts(metric_name), span_);
      cell.is_incompatible = true;
    } else if (*is_reconciled) {
      annotations.info(custom_buckets_reconciled("aggregation"), span_);
    }
  }
  cell.count += other.count;
}

void HistogramFold::add(const Row& row, Annotations& annotations) {
  if (cells_.empty()) cells_.resize(row.values.size());
  for (size_t step = 0; step < cells_.size(); ++step) {
    const HistogramPtr& histogram = row.histograms[step];
    if (!histogram) continue;
    Cell one;
    one.total = std::make_unique<HistogramSum>(*histogram);
    one.count = 1;
    one.reset_seen = histogram->counter_reset_hint == CounterResetHint::Reset;
    one.not_reset_seen = histogram->counter_reset_hint == CounterResetHint::NotReset;
    add_cell(cells_[step], std::move(one), row.labels.metric_name(), annotations);
  }
}

void HistogramFold::merge(HistogramFold& later, Annotations& annotations) {
  if (later.empty()) return;
  if (empty()) {
    cells_ = std::move(later.cells_);
    return;
  }
  for (size_t step = 0; step < cells_.size(); ++step) {
    if (later.cells_[step].count == 0) continue;
    add_cell(cells_[step], std::move(later.cells_[step]), "", annotations);
  }
}

HistogramPtr HistogramFold::finish(size_t step, Annotations& annotations) {
  Cell& cell = cells_[step];
  if (cell.is_incompatible) return nullptr;
  if (cell.reset_seen && cell.not_reset_seen) {
    annotations.warn(counter_reset_collision("aggregation"), span_);
  }
  if (outcome_ == Outcome::Mean) become_mean(cell);
  auto result = std::make_shared<FloatHistogram>(cell.total->total());
  result->compact();
  return result;
}

}  // namespace promenade::promql
