#pragma once  // engine/grading/counterexample.h
// The smallest data on which two queries differ: delta debugging (Zeller and Hildebrandt, 2002)
// over series, then over samples. What is left is a table that a learner can check by hand.
#include <optional>

#include "base/time.h"
#include "grading/outcome.h"
#include "grading/verdict.h"
#include "model/queryable.h"
#include "promql/ast.h"
#include "promql/engine.h"

namespace promenade::grading {

// Both queries are evaluated at most so often; the search then stops with what it has.
inline constexpr int kCounterexampleEvaluationsMax = 400;
// A larger table is no help.
inline constexpr size_t kCounterexampleSeriesMax = 6;
inline constexpr size_t kCounterexampleSamplesMax = 40;

// Nothing when they do not differ at `at`, or when no small table was found. Both have one type.
std::optional<Counterexample> find_counterexample(const promql::Expr& goal,
                                                  const promql::Expr& answer,
                                                  const SampleSource& source, Timestamp at,
                                                  Duration history, const ComparisonRules& rules,
                                                  const promql::EngineOptions& options);

}  // namespace promenade::grading
