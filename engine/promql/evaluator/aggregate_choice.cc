// The aggregations that pass some of their input on: topk, bottomk, limitk and limit_ratio. Rows
// are thinned out in place: what is not chosen at a step becomes absent there.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "model/number_format.h"
#include "promql/annotation_texts.h"
#include "promql/evaluator/aggregate.h"
#include "promql/evaluator/grouping.h"

namespace promenade::promql {
namespace {

// The smallest and largest parameter over all steps; NaN when any is.
struct ParameterRange {
  double min;
  double max;
  bool has_nan;
};

ParameterRange range_of(const std::vector<double>& parameter) {
  ParameterRange range{std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest(),
                       false};
  for (const double value : parameter) {
    if (std::isnan(value)) range.has_nan = true;
    range.min = std::min(range.min, value);
    range.max = std::max(range.max, value);
  }
  if (range.has_nan) range.min = range.max = normal_nan();
  return range;
}

std::string decimal(double value) {
  std::string text;
  append_go_float(text, value);
  return text;
}

void clear_step(Row& row, size_t step) {
  row.values[step] = absent();
  if (row.has_histograms()) row.histograms[step] = nullptr;
}

// Which rows belong together, in order of first appearance.
std::vector<std::vector<size_t>> group_rows(const Aggregate& aggregate,
                                            const std::vector<Row>& rows) {
  const Grouping grouping = Grouping::of(aggregate);
  GroupIndex index;
  std::vector<std::vector<size_t>> groups;
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t number = index.number_of(grouping.group_labels(rows[i].labels));
    if (number == groups.size()) groups.emplace_back();
    groups[number].push_back(i);
  }
  return groups;
}

struct Candidate {
  double value;
  size_t row;
};

// NaN is worst either way.
bool is_worse(AggregateOp op, const Candidate& a, const Candidate& b) {
  if (std::isnan(a.value)) return !std::isnan(b.value);
  return op == AggregateOp::Topk ? a.value < b.value : a.value > b.value;
}

// The best so far, the worst of them in front. Which of several equal values is kept depends on how
// the heap moves them about, so it moves them as Prometheus's does (Go's container/heap, with a NaN
// that is worse even than another one).
class BestCandidates {
 public:
  void restart(AggregateOp op, size_t count) {
    op_ = op;
    count_ = count;
    heap_.clear();
  }
  // Returns the row that is not among the best, now that this one is there, too.
  std::optional<size_t> offer(const Candidate& candidate) {
    if (heap_.size() < count_) {
      heap_.push_back(candidate);
      move_up(heap_.size() - 1);
      return std::nullopt;
    }
    if (count_ == 0 || !is_worse(op_, heap_.front(), candidate)) return candidate.row;
    const size_t loser = std::exchange(heap_.front(), candidate).row;
    move_down();
    return loser;
  }
  // Best first. offer() must not follow.
  const std::vector<Candidate>& sorted() {
    std::stable_sort(heap_.begin(), heap_.end(), [this](const Candidate& a, const Candidate& b) {
      return is_worse(op_, b, a);
    });
    return heap_;
  }

 private:
  bool goes_up(const Candidate& candidate, const Candidate& other) const {
    return std::isnan(candidate.value) || is_worse(op_, candidate, other);
  }
  void move_up(size_t at) {
    while (at > 0 && goes_up(heap_[at], heap_[(at - 1) / 2])) {
      std::swap(heap_[at], heap_[(at - 1) / 2]);
      at = (at - 1) / 2;
    }
  }
  void move_down() {
    for (size_t at = 0;;) {
      size_t child = 2 * at + 1;
      if (child >= heap_.size()) return;
      if (child + 1 < heap_.size() && goes_up(heap_[child + 1], heap_[child])) ++child;
      if (!goes_up(heap_[child], heap_[at])) return;
      std::swap(heap_[at], heap_[child]);
      at = child;
    }
  }

  AggregateOp op_{};
  size_t count_ = 0;
  std::vector<Candidate> heap_;
};

class Chooser {
 public:
  Chooser(const Expr& expr, std::vector<Row>& rows, Annotations& annotations)
      : aggregate_(*expr.as<Aggregate>()),
        span_(expr.span),
        rows_(rows),
        annotations_(annotations) {}

  // Thins one group out at one step. Appends the chosen rows to `order`.
  void choose(const std::vector<size_t>& group, size_t step, double parameter,
              std::vector<size_t>& order) {
    switch (aggregate_.op) {
      case AggregateOp::Limitk:
        return choose_first(group, step, as_count(parameter), order);
      case AggregateOp::LimitRatio:
        return choose_share(group, step, parameter, order);
      default:
        return choose_best(group, step, as_count(parameter), order);
    }
  }

 private:
  size_t as_count(double parameter) const {
    if (!(parameter >= 1)) return 0;
    return static_cast<size_t>(std::min(parameter, static_cast<double>(rows_.size())));
  }

  void choose_best(const std::vector<size_t>& group, size_t step, size_t count,
                   std::vector<size_t>& order) {
    best_.restart(aggregate_.op, count);
    for (const size_t row : group) {
      if (!rows_[row].present(step)) continue;
      if (is_absent(rows_[row].values[step])) {
        if (count > 0) annotations_.info(histogram_ignored(to_string(aggregate_.op)), span_);
        clear_step(rows_[row], step);
      } else if (const auto loser = best_.offer({rows_[row].values[step], row})) {
        clear_step(rows_[*loser], step);
      }
    }
    for (const Candidate& candidate : best_.sorted()) order.push_back(candidate.row);
  }

  void choose_first(const std::vector<size_t>& group, size_t step, size_t count,
                    std::vector<size_t>& order) {
    size_t chosen = 0;
    for (const size_t row : group) {
      if (!rows_[row].present(step)) continue;
      if (chosen < count) {
        ++chosen;
        order.push_back(row);
      } else {
        clear_step(rows_[row], step);
      }
    }
  }

  // A series is chosen by its labels alone, so the choices of r and of r - 1 are complements.
  void choose_share(const std::vector<size_t>& group, size_t step, double ratio,
                    std::vector<size_t>& order) {
    ratio = std::clamp(ratio, -1.0, 1.0);
    for (const size_t row : group) {
      if (!rows_[row].present(step)) continue;
      const double place = static_cast<double>(rows_[row].labels.hash()) /
                           static_cast<double>(std::numeric_limits<uint64_t>::max());
      const bool is_chosen = ratio != 0 && (ratio > 0 ? place < ratio : place >= 1.0 + ratio);
      if (is_chosen) {
        order.push_back(row);
      } else {
        clear_step(rows_[row], step);
      }
    }
  }

  const Aggregate& aggregate_;
  SourceSpan span_;
  std::vector<Row>& rows_;
  Annotations& annotations_;
  BestCandidates best_;
};

// Whether anything can be chosen at all; an error when the parameter makes no sense.
Result<bool> check_count(const ParameterRange& range) {
  if (range.max < 1) return false;
  if (range.has_nan) return fail(ErrorCode::Execution, "Parameter value is NaN");
  constexpr double kInt64Limit = 9223372036854775808.0;
  if (range.min <= -kInt64Limit) {
    return fail(ErrorCode::Execution, "Scalar value " + decimal(range.min) + " underflows int64");
  }
  if (range.max >= kInt64Limit) {
    return fail(ErrorCode::Execution, "Scalar value " + decimal(range.max) + " overflows int64");
  }
  return true;
}

Result<bool> check_ratio(const ParameterRange& range, SourceSpan span, Annotations& annotations) {
  if (range.max == 0 && range.min == 0) return false;
  if (range.has_nan) return fail(ErrorCode::Execution, "Ratio value is NaN");
  const auto warn = [&](double ratio, double cap) {
    annotations.warn("ratio value should be between -1 and 1, got " + decimal(ratio) +
                         ", capping to " + decimal(cap),
                     span);
  };
  if (range.max > 1) warn(range.max, 1);
  if (range.min < -1) warn(range.min, -1);
  return true;
}

}  // namespace

Result<std::vector<Row>> aggregate_choosing(const Expr& expr, std::vector<Row> rows,
                                            const std::vector<double>& parameter,
                                            Annotations& annotations) {
  const auto& aggregate = *expr.as<Aggregate>();
  const ParameterRange range = range_of(parameter);
  const bool can_choose = aggregate.op == AggregateOp::LimitRatio
                              ? TRY(check_ratio(range, aggregate.param->span, annotations))
                              : TRY(check_count(range));
  if (!can_choose) return std::vector<Row>{};

  Chooser chooser(expr, rows, annotations);
  std::vector<size_t> order;
  const auto groups = group_rows(aggregate, rows);
  for (const std::vector<size_t>& group : groups) {
    for (size_t step = 0; step < parameter.size(); ++step) {
      chooser.choose(group, step, parameter[step], order);
    }
  }
  if (parameter.size() > 1) {
    remove_empty_rows(rows);
    return rows;
  }
  std::vector<Row> ordered;
  for (const size_t row : order) ordered.push_back(std::move(rows[row]));
  return ordered;
}

}  // namespace promenade::promql
