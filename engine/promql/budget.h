#pragma once  // engine/promql/budget.h
// What a query may use up: samples held at once, time, and the patience of whoever asked. All
// methods are safe to call from several threads at once.
#include <atomic>
#include <cstdint>
#include <optional>

#include "base/result.h"
#include "promql/engine.h"
#include "promql/values.h"

namespace promenade::promql {

// Says that a query would go beyond EngineOptions::samples_max.
Error too_many_samples();

class QueryBudget {
 public:
  explicit QueryBudget(const EngineOptions& options);
  // For a part of the query that is evaluated beside another one: an account of its own, from 0 on,
  // within the limits of the whole. Gives back what it holds at its end.
  struct PartOf {
    QueryBudget& whole;
  };
  explicit QueryBudget(PartOf part);
  ~QueryBudget() { set_held(0); }
  QueryBudget(const QueryBudget&) = delete;
  QueryBudget& operator=(const QueryBudget&) = delete;

  // Takes over what a part holds, as if it had been evaluated only now: joined in the order in
  // which they would be evaluated alone, parts give the same account, and fail with Limit in the
  // same cases.
  Result<void> join(QueryBudget& part);

  // Fails with Timeout or Canceled when the query has to stop. Cheap enough for once a series.
  Result<void> check_time() const;

  // Counts samples as held; fails with Limit when that is more than the query may hold.
  Result<void> hold(uint64_t samples);
  // As hold(), for samples that are let go again at once.
  Result<void> check_held_with(uint64_t samples);
  uint64_t held() const { return held_.load(std::memory_order_relaxed); }
  // Sets the count back, when intermediate values are gone. Only between parallel sections.
  void set_held(uint64_t samples);

  void count_read(uint64_t samples) { read_.fetch_add(samples, std::memory_order_relaxed); }
  // Since the budget was made; 0 without a clock.
  int64_t elapsed_ns() const;
  // Of the samples.
  QueryStatistics statistics() const;

 private:
  void raise_peak(uint64_t held);
  // Of all parts, with `more` samples.
  Result<void> check_limit(uint64_t more) const;

  const EngineOptions& options_;
  int64_t started_ns_ = 0;
  QueryBudget& whole_;                    // *this, unless it is a part.
  std::atomic<uint64_t> held_by_all_{0};  // Of the whole: with what its parts hold just now.
  std::atomic<uint64_t> held_{0};
  std::atomic<uint64_t> peak_{0};
  std::atomic<uint64_t> read_{0};
};

// How many samples a histogram counts for: as many as would take its memory.
uint64_t sample_weight(const FloatHistogram& histogram);
// What a column of that many steps costs, however empty: a step takes half the memory of one of
// Prometheus's samples.
inline uint64_t column_weight(uint64_t step_count) {
  return step_count / 2;
}
// The samples in a row, an absent one counting nothing; at least the weight of its column.
uint64_t sample_count(const Row& row);
uint64_t sample_count(const Value& value);

}  // namespace promenade::promql
