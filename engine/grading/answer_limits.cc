// engine/grading/answer_limits.cc
// A subquery inside another one is evaluated over the windows of both, so lengths add up on the way
// down the tree.
#include "grading/answer_limits.h"

#include <string>

#include "promql/evaluator/preparation.h"

namespace promenade::grading {
namespace {

class StepCounter {
 public:
  StepCounter(const promql::Preparation& preparation, Duration step_default)
      : preparation_(preparation), step_default_(step_default) {}

  // `length_ms` is the time over which `expr` is evaluated.
  Result<void> check(const promql::Expr& expr, int64_t length_ms) const {
    if (const auto* subquery = expr.as<promql::Subquery>()) {
      length_ms += preparation_.duration_ms(*subquery->range);
      TRY(check_steps(*subquery, expr.span, length_ms));
    }
    for (const promql::Expr* child : children(expr)) TRY(check(*child, length_ms));
    return {};
  }

 private:
  Result<void> check_steps(const promql::Subquery& subquery, SourceSpan span,
                           int64_t length_ms) const {
    const int64_t step_ms =
        subquery.step ? preparation_.duration_ms(*subquery.step) : step_default_.ms;
    if (step_ms <= 0 || length_ms / step_ms <= kSubqueryStepsMax) return {};
    return fail(ErrorCode::Limit,
                "the subquery would have " + std::to_string(length_ms / step_ms) +
                    " steps, and an answer may have " + std::to_string(kSubqueryStepsMax) +
                    "; choose a longer step or a shorter range",
                span);
  }

  const promql::Preparation& preparation_;
  Duration step_default_;
};

}  // namespace

Result<void> check_subquery_steps(const promql::Expr& expr, const promql::QueryRange& range,
                                  Duration subquery_step_default) {
  const auto preparation = promql::Preparation::create(expr, range);
  if (!preparation) return {};
  const int64_t length_ms = (range.end - range.start).ms;
  return StepCounter(*preparation, subquery_step_default).check(expr, length_ms);
}

}  // namespace promenade::grading
