#pragma once  // engine/promql/histogram_fold.h
// Sums of histograms for sum() and avg(), a column of them for one group.
#include <memory>
#include <vector>

#include "model/histogram.h"
#include "promql/annotations.h"
#include "promql/evaluator/histogram_sum.h"
#include "promql/values.h"

namespace promenade::promql {

class HistogramFold {
 public:
  enum class Outcome { Sum, Mean };
  HistogramFold(Outcome outcome, SourceSpan span) : outcome_(outcome), span_(span) {}

  bool empty() const { return cells_.empty(); }
  // Adds the histograms of a row. `names` the metric in remarks.
  void add(const Row& row, Annotations& annotations);
  void merge(HistogramFold& later, Annotations& annotations);

  // Whether any histogram was seen at `step`.
  bool has(size_t step) const { return !empty() && cells_[step].count > 0; }
  // The sum or mean at a step where has(): null when the bucket layouts did not go together.
  HistogramPtr finish(size_t step, Annotations& annotations);

 private:
  struct Cell {
    std::unique_ptr<HistogramSum> total;  // The sum, or with `is_mean` the mean.
    double count = 0;
    bool is_mean = false;
    bool is_incompatible = false;
    bool reset_seen = false;
    bool not_reset_seen = false;
  };
  void add_cell(Cell& cell, Cell other, std::string_view metric_name, Annotations& annotations);
  // Whether custom bounds had to be reconciled.
  Result<bool> combine(Cell& cell, Cell& other) const;

  Outcome outcome_;
  SourceSpan span_;
  std::vector<Cell> cells_;  // One a step, once there is a histogram.
};

}  // namespace promenade::promql
