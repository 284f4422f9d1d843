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

class QueryBudget {
 public:
  explicit QueryBudget(const EngineOptions& options);

  // Fails with Timeout or Canceled when the query has to stop. Cheap enough for once a series.
  Result<void> check_time() const;

  // Counts samples as held; fails with Limit when that is more than the query may hold.
  Result<void> hold(uint64_t samples);
  // As hold(), for samples that are let go again at once.
  Result<void> check_held_with(uint64_t samples);
  uint64_t held() const { return held_.load(std::memory_order_relaxed); }
  // Sets the count back, when intermediate values are gone. Only between parallel sections.
  void set_held(uint64_t samples) { held_.store(samples, std::memory_order_relaxed); }

  void count_read(uint64_t samples) { read_.fetch_add(samples, std::memory_order_relaxed); }
  QueryStatistics statistics() const;

 private:
  // Raises the peak, and fails when `held` is over the limit.
  Result<void> check_held(uint64_t held);

  const EngineOptions& options_;
  int64_t started_ns_ = 0;
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
