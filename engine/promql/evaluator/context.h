#pragma once  // engine/promql/context.h
// What every part of one query's evaluation shares.
#include "base/executor.h"
#include "model/queryable.h"
#include "promql/budget.h"
#include "promql/engine.h"
#include "promql/evaluator/known_values.h"
#include "promql/evaluator/preparation.h"

namespace promenade::promql {

struct EvaluationContext {
  const SampleSource& store;
  Executor& executor;
  const EngineOptions& options;
  const QueryRange& query;
  const Preparation& preparation;
  QueryBudget& budget;
  const KnownValues* known = nullptr;  // Values that need not be computed again.
  // How many operators are around whose sides are evaluated at once, this being in one of them.
  int shared_depth = 0;

  // The oldest instant that belongs to a window of `length_ms` ending at `end_ms`.
  int64_t window_first_ms(int64_t end_ms, int64_t length_ms) const {
    return end_ms - length_ms + (options.windows_closed_left ? 0 : 1);
  }
};

}  // namespace promenade::promql
