#pragma once  // engine/grading/answer_limits.h
// What an answer may cost. The engine counts samples while it evaluates; a subquery of a million
// steps has to be refused before it starts, because every series gets a column of that length.
#include <cstdint>

#include "base/result.h"
#include "promql/ast.h"
#include "promql/engine.h"

namespace promenade::grading {

// Samples that an answer may hold in memory at once. The exercises need some ten thousand.
inline constexpr uint64_t kAnswerSamplesMax = 2'000'000;
// Steps of one subquery, over everything that the query looks at.
inline constexpr int64_t kSubqueryStepsMax = 10'000;

// Fails with Limit when a subquery of the answer has more steps than it may have. Other faults of
// the answer are left to the evaluation.
Result<void> check_subquery_steps(const promql::Expr& expr, const promql::QueryRange& range,
                                  Duration subquery_step_default);

}  // namespace promenade::grading
