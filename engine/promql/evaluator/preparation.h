#pragma once  // engine/promql/preparation.h
// What is known about a query before any sample is read: the value of every duration, the instants
// that `@` pins selectors to, which subexpressions have the same value at every step and which are
// plain numbers, which selectors need no more of a histogram than its count and sum, and which
// aggregations are written more than once.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "base/result.h"
#include "base/time.h"
#include "promql/ast.h"
#include "promql/engine.h"

namespace promenade::promql {

constexpr int64_t within_all_time(int64_t time_ms) {
  return std::clamp(time_ms, kAllTime.start.ms, kAllTime.end.ms);
}

// `offset` and `@` of one selector or subquery, as numbers. Both stay far from the edges of
// int64_t: offsets are at most some 292 years, and pinned_ms is within kAllTime.
struct ResolvedShift {
  int64_t offset_ms = 0;
  std::optional<int64_t> pinned_ms;  // With `@`.

  // The instant that the selector looks at when the query is at `time_ms`; the nearest one of
  // kAllTime, where no samples are, when that is further away. A range or a look-back can then be
  // added or subtracted without overflow.
  int64_t reference_ms(int64_t time_ms) const {
    return within_all_time(within_all_time(pinned_ms.value_or(time_ms)) - offset_ms);
  }
};

class Preparation {
 public:
  // Fails with BadData when a duration expression has no valid value. Keeps pointers into `root`.
  static Result<Preparation> create(const Expr& root, const QueryRange& query);

  // Of a range, a step or an offset somewhere in the query.
  int64_t duration_ms(const DurationExpr& expr) const { return durations_ms_.at(&expr); }
  ResolvedShift shift(const TimeShift& shift) const;
  // Whether the value of `expr` does not depend on the step, so that one evaluation serves all.
  bool is_step_invariant(const Expr& expr) const { return invariant_.count(&expr) != 0; }
  // Whether what the vector selector `expr` selects is for histogram_count(), histogram_sum() or
  // histogram_avg() in the end, and nothing on the way there needs more.
  bool reads_counts_only(const Expr& expr) const { return counts_only_.count(&expr) != 0; }
  // A number that equal aggregations share, as the total in `(total - errors) / total`; nothing for
  // an expression that stands alone.
  std::optional<size_t> repetition(const Expr& expr) const;
  bool has_repetitions() const { return !repetitions_.empty(); }
  // The value of an expression of numbers alone, as 2 ^ 10; nothing for any other.
  std::optional<double> constant(const Expr& expr) const;
  // Whether there are selectors on both sides of an operator.
  bool reads_on_both_sides(const Binary& binary) const {
    return reads_on_both_sides_.count(&binary) != 0;
  }

 private:
  friend class PreparationVisitor;
  QueryRange query_;
  std::unordered_map<const DurationExpr*, int64_t> durations_ms_;
  std::unordered_set<const Expr*> invariant_;
  std::unordered_set<const Expr*> counts_only_;
  std::unordered_map<const Expr*, size_t> repetitions_;
  std::unordered_map<const Expr*, double> constants_;
  std::unordered_set<const Binary*> reads_on_both_sides_;
};

}  // namespace promenade::promql
