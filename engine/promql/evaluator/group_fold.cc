// The folding aggregations. Each adds a row in one loop over its column; "absent" marks both a
// missing sample and a group that has none yet.
#include "promql/evaluator/group_fold.h"

#include <cmath>
#include <vector>

#include "promql/annotation_texts.h"
#include "promql/evaluator/histogram_fold.h"
#include "promql/kernels/kahan.h"

namespace promenade::promql {
namespace {

using Column = std::vector<double>;

// Folds of one kind can be merged only with each other, so the cast below is safe.
template <typename Fold>
Fold& same_kind(GroupFold& fold) {
  return static_cast<Fold&>(fold);
}

// Puts histogram results beside float results. A step that had both has none.
void finish_histograms(HistogramFold& histograms, SourceSpan span, Row& out,
                       Annotations& annotations) {
  if (histograms.empty()) return;
  for (size_t step = 0; step < out.values.size(); ++step) {
    if (!histograms.has(step)) continue;
    if (!is_absent(out.values[step])) {
      annotations.warn("encountered a mix of histograms and floats for aggregation", span);
      out.values[step] = absent();
    } else if (HistogramPtr result = histograms.finish(step, annotations)) {
      out.set_histogram(step, std::move(result));
    }
  }
}

class SumFold final : public GroupFold {
 public:
  SumFold(size_t step_count, SourceSpan span)
      : sums_(step_count, KahanSum(absent())),
        span_(span),
        histograms_(HistogramFold::Outcome::Sum, span) {}

  void add(const Row& row, Annotations& annotations) override {
    add_floats(row.values.data());
    if (row.has_histograms()) histograms_.add(row, annotations);
  }

  void merge(GroupFold& later_fold, Annotations& annotations) override {
    auto& later = same_kind<SumFold>(later_fold);
    for (size_t step = 0; step < sums_.size(); ++step) {
      const KahanSum& other = later.sums_[step];
      if (is_absent(other.sum())) continue;
      KahanSum& sum = sums_[step];
      if (is_absent(sum.sum())) {
        sum = other;
        continue;
      }
      sum.add(other.sum());
      sum = KahanSum(sum.sum(), sum.compensation() + other.compensation());
    }
    histograms_.merge(later.histograms_, annotations);
  }

  void finish(Row& out, Annotations& annotations) override {
    for (size_t step = 0; step < sums_.size(); ++step) {
      if (!is_absent(sums_[step].sum())) out.values[step] = sums_[step].total();
    }
    finish_histograms(histograms_, span_, out, annotations);
  }

 private:
  // The hottest loop of most queries, on its own so that it is compiled well.
  void add_floats(const double* values) {
    for (size_t step = 0; step < sums_.size(); ++step) {
      if (is_absent(values[step])) continue;
      if (is_absent(sums_[step].sum())) {
        sums_[step] = KahanSum(values[step]);
      } else {
        sums_[step].add(values[step]);
      }
    }
  }

  std::vector<KahanSum> sums_;  // Of absent() where there is none yet.
  SourceSpan span_;
  HistogramFold histograms_;
};

// A mean as sum and count, until the sum would overflow: then as a running mean.
struct MeanCell {
  KahanSum total;  // The sum, or the mean.
  double count = 0;
  bool is_mean = false;

  void scale(double factor) {
    total = KahanSum(total.sum() * factor, total.compensation() * factor);
  }

  void become_mean() {
    if (is_mean) return;
    is_mean = true;
    total = KahanSum(total.sum() / count, total.compensation() / count);
  }

  static KahanSum added(KahanSum a, const KahanSum& b) {
    a.add(b.sum());
    return KahanSum(a.sum(), a.compensation() + b.compensation());
  }

  // Both have samples, or this has none yet.
  void add(MeanCell other) {
    if (count == 0) {
      *this = other;
      return;
    }
    const double both = count + other.count;
    if (!is_mean && !other.is_mean) {
      const KahanSum sum = added(total, other.total);
      if (!std::isinf(sum.sum())) {
        total = sum;
        count = both;
        return;
      }
    }
    become_mean();
    other.become_mean();
    scale(count / both);
    other.scale(other.count / both);
    total = added(total, other.total);
    count = both;
  }

  double mean() const {
    return is_mean ? total.total() : total.sum() / count + total.compensation() / count;
  }
};

class AvgFold final : public GroupFold {
 public:
  AvgFold(size_t step_count, SourceSpan span)
      : cells_(step_count), span_(span), histograms_(HistogramFold::Outcome::Mean, span) {}

  void add(const Row& row, Annotations& annotations) override {
    for (size_t step = 0; step < cells_.size(); ++step) {
      if (!is_absent(row.values[step])) cells_[step].add({KahanSum(row.values[step]), 1, false});
    }
    if (row.has_histograms()) histograms_.add(row, annotations);
  }

  void merge(GroupFold& later_fold, Annotations& annotations) override {
    auto& later = same_kind<AvgFold>(later_fold);
    for (size_t step = 0; step < cells_.size(); ++step) {
      if (later.cells_[step].count > 0) cells_[step].add(later.cells_[step]);
    }
    histograms_.merge(later.histograms_, annotations);
  }

  void finish(Row& out, Annotations& annotations) override {
    for (size_t step = 0; step < cells_.size(); ++step) {
      if (cells_[step].count > 0) out.values[step] = cells_[step].mean();
    }
    finish_histograms(histograms_, span_, out, annotations);
  }

 private:
  std::vector<MeanCell> cells_;
  SourceSpan span_;
  HistogramFold histograms_;
};

// count and group: samples of either type.
class CountFold final : public GroupFold {
 public:
  CountFold(AggregateOp op, size_t step_count) : op_(op), count_(step_count, 0) {}

  void add(const Row& row, Annotations&) override {
    for (size_t step = 0; step < count_.size(); ++step) {
      count_[step] += is_absent(row.values[step]) ? 0 : 1;
    }
    for (size_t step = 0; step < row.histograms.size(); ++step) {
      count_[step] += row.histograms[step] ? 1 : 0;
    }
  }

  void merge(GroupFold& later_fold, Annotations&) override {
    const auto& later = same_kind<CountFold>(later_fold);
    for (size_t step = 0; step < count_.size(); ++step) count_[step] += later.count_[step];
  }

  void finish(Row& out, Annotations&) override {
    for (size_t step = 0; step < count_.size(); ++step) {
      if (count_[step] > 0) out.values[step] = op_ == AggregateOp::Group ? 1 : count_[step];
    }
  }

 private:
  AggregateOp op_;
  Column count_;
};

// Remarks that an aggregation of floats ignores the histograms of a row.
void remark_ignored(const Row& row, AggregateOp op, SourceSpan span, Annotations& annotations) {
  for (const HistogramPtr& histogram : row.histograms) {
    if (!histogram) continue;
    annotations.info(histogram_ignored(to_string(op)), span);
    return;
  }
}

// min and max; any number replaces a NaN.
class ExtremeFold final : public GroupFold {
 public:
  ExtremeFold(AggregateOp op, size_t step_count, SourceSpan span)
      : op_(op), extreme_(step_count, absent()), span_(span) {}

  void add(const Row& row, Annotations& annotations) override {
    add_column(row.values);
    remark_ignored(row, op_, span_, annotations);
  }

  void merge(GroupFold& later, Annotations&) override {
    add_column(same_kind<ExtremeFold>(later).extreme_);
  }

  void finish(Row& out, Annotations&) override { out.values = std::move(extreme_); }

 private:
  void add_column(const Column& values) {
    const bool is_max = op_ == AggregateOp::Max;
    for (size_t step = 0; step < extreme_.size(); ++step) {
      const double value = values[step];
      double& extreme = extreme_[step];
      if (is_absent(value)) continue;
      // "Absent" is a NaN too, so it is replaced like one.
      if (std::isnan(extreme) || (is_max ? extreme < value : extreme > value)) extreme = value;
    }
  }

  AggregateOp op_;
  Column extreme_;
  SourceSpan span_;
};

// stddev and stdvar of a population, by Welford's method; two parts are joined by Chan's.
class VarianceFold final : public GroupFold {
 public:
  VarianceFold(AggregateOp op, size_t step_count, SourceSpan span)
      : op_(op), cells_(step_count), span_(span) {}

  void add(const Row& row, Annotations& annotations) override {
    for (size_t step = 0; step < cells_.size(); ++step) {
      if (!is_absent(row.values[step])) add_value(cells_[step], row.values[step]);
    }
    remark_ignored(row, op_, span_, annotations);
  }

  void merge(GroupFold& later_fold, Annotations&) override {
    const auto& later = same_kind<VarianceFold>(later_fold);
    for (size_t step = 0; step < cells_.size(); ++step) {
      Cell& cell = cells_[step];
      const Cell& other = later.cells_[step];
      if (other.count == 0) continue;
      if (cell.count == 0) {
        cell = other;
        continue;
      }
      const double count = cell.count + other.count;
      const double delta = other.mean - cell.mean;
      cell.squares += other.squares + delta * delta * cell.count * other.count / count;
      cell.mean += delta * other.count / count;
      cell.count = count;
    }
  }

  void finish(Row& out, Annotations&) override {
    for (size_t step = 0; step < cells_.size(); ++step) {
      const Cell& cell = cells_[step];
      if (cell.count == 0) continue;
      const double variance = cell.squares / cell.count;
      out.values[step] = op_ == AggregateOp::Stddev ? std::sqrt(variance) : variance;
    }
  }

 private:
  struct Cell {
    double count = 0;
    double mean = 0;
    double squares = 0;  // The sum of squared distances from the mean.
  };

  static void add_value(Cell& cell, double value) {
    if (cell.count == 0) {
      cell = {1, value, std::isfinite(value) ? 0 : normal_nan()};
      return;
    }
    cell.count += 1;
    const double delta = value - cell.mean;
    cell.mean += delta / cell.count;
    cell.squares += delta * (value - cell.mean);
  }

  AggregateOp op_;
  std::vector<Cell> cells_;
  SourceSpan span_;
};

}  // namespace

bool is_foldable(AggregateOp op) {
  switch (op) {
    case AggregateOp::Sum:
    case AggregateOp::Avg:
    case AggregateOp::Count:
    case AggregateOp::Group:
    case AggregateOp::Min:
    case AggregateOp::Max:
    case AggregateOp::Stddev:
    case AggregateOp::Stdvar:
      return true;
    default:
      return false;
  }
}

std::unique_ptr<GroupFold> make_fold(AggregateOp op, size_t step_count, SourceSpan span) {
  switch (op) {
    case AggregateOp::Sum:
      return std::make_unique<SumFold>(step_count, span);
    case AggregateOp::Avg:
      return std::make_unique<AvgFold>(step_count, span);
    case AggregateOp::Min:
    case AggregateOp::Max:
      return std::make_unique<ExtremeFold>(op, step_count, span);
    case AggregateOp::Stddev:
    case AggregateOp::Stdvar:
      return std::make_unique<VarianceFold>(op, step_count, span);
    default:
      return std::make_unique<CountFold>(op, step_count);
  }
}

}  // namespace promenade::promql
